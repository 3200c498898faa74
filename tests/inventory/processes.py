"""Real processes that act on the test database at the same moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

from django.db import connection


def at_once(module: str, orders: list[dict[str, Any]], *, seconds: int = 60) -> list[Any]:
    """Run `module` once for each order, let all start together, and return what each printed.

    A process takes its order as a JSON argument, says "ready", starts at the first line on its
    standard input, and prints JSON at its end.
    """
    database = urlsplit(os.environ["INVENTORY_DATABASE_URL"])
    url = database._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    site = {"DJANGO_SETTINGS_MODULE": "inventory_site.settings", "INVENTORY_DATABASE_URL": url}
    environment = {**os.environ, **site, "INVENTORY_OWNER_DATABASE_URL": ""}
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", module, json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for order in orders
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [json.loads(worker.communicate(timeout=seconds)[0]) for worker in workers]
