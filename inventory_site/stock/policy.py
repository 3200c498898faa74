"""What the ledger must know of the settings, kept where its functions can read it."""

from typing import Any

from django.conf import settings
from django.db import connections


def write_policy(*, using: str, **_kwargs: Any) -> None:
    """Tell the database the thresholds, as the owner (receiver of `post_migrate`).

    Does nothing where one role does both, as `access/rights.py`.
    """
    connection = connections[using]
    if connection.settings_dict["USER"] == settings.APP_DATABASE_ROLE:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_policy SET approve_units = %s, approve_value = %s",
            [settings.APPROVAL_UNITS, settings.APPROVAL_VALUE],
        )
