"""What the ledger must know of the settings, kept where its functions can read it."""

from typing import Any

from django.conf import settings
from django.db import connections, transaction


def write_policy(*, using: str, **_kwargs: Any) -> None:
    """Tell the database the thresholds and the zone of days, as the owner (on `post_migrate`).

    With another zone, what was rolled up by day is rolled up anew; until then reports add up lines.
    Does nothing where one role does both, as `access/rights.py`.
    """
    connection = connections[using]
    if connection.settings_dict["USER"] == settings.APP_DATABASE_ROLE:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_policy SET approve_units = %s, approve_value = %s",
            [settings.APPROVAL_UNITS, settings.APPROVAL_VALUE],
        )
        cursor.execute(
            "UPDATE stock_past SET zone = %(zone)s, rolled_to = '-infinity' WHERE zone <> %(zone)s",
            {"zone": settings.TIME_ZONE},
        )
        if cursor.rowcount:
            cursor.execute("DELETE FROM stock_rollup")
