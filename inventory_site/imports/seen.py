"""What earlier lines of a file have taken, or added up to, however long the file is.

Kept in a temporary SQLite database, which goes to disk as it grows and vanishes when closed: memory
stays flat, and PostgreSQL need not let the app role make tables.
"""

from __future__ import annotations

import sqlite3


class Seen:
    """Keys of the lines so far."""

    def __init__(self) -> None:
        self._lines = sqlite3.connect("", isolation_level=None)
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute("CREATE TABLE taken (key TEXT PRIMARY KEY, n INT) WITHOUT ROWID")
        self._lines.execute("CREATE TABLE notes (key TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID")
        self._lines.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self._lines.close()

    def get(self, key: str) -> int | None:
        """Return the line that took a key, or what it adds up to."""
        found = self._lines.execute("SELECT n FROM taken WHERE key = ?", [key]).fetchone()
        return found[0] if found else None

    def take(self, key: str, line: int) -> int | None:
        """Take a key for a line; return the earlier line that has it, if one has."""
        took = self._lines.execute("INSERT OR IGNORE INTO taken VALUES (?, ?)", [key, line])
        return None if took.rowcount else self.get(key)

    def add(self, key: str, n: int) -> None:
        """Add to what a key adds up to."""
        self._lines.execute(
            "INSERT INTO taken VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n", [key, n]
        )

    def note(self, key: str) -> str:
        """Return what was kept under a key; empty where nothing was."""
        found = self._lines.execute("SELECT text FROM notes WHERE key = ?", [key]).fetchone()
        return found[0] if found else ""

    def keep(self, key: str, text: str) -> None:
        """Keep a text under a key, in the place of an earlier one."""
        self._lines.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", [key, text])
