"""The cache that every process shares: rate limits and used codes live in it."""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class SharedCache(DatabaseCache):
    """Django's cache in the database, but it never gives up an entry before its time.

    Django's drops any third of them when there are too many: a flood of sign-ins for made-up
    addresses would lift the limits on real ones.
    """

    _table: str  # Django's own, unknown to its stubs

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        operations = connections[db].ops
        table, expires = operations.quote_name(self._table), operations.quote_name("expires")
        sql = f"DELETE FROM {table} WHERE {expires} < %s"  # noqa: S608 - our own names
        cursor.execute(sql, [operations.adapt_datetimefield_value(now)])
