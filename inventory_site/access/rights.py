"""What the app role may do in the database: everything it needs, and nothing to the ledger."""

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

# Tables that the app role may not write at will, with all that it may do to them.
RESTRICTED = {
    "access_person": "SELECT",
    # A level may be opened, empty; a foreign key keeps every one that has history.
    "stock_level": "SELECT, INSERT (product_id, location_id), DELETE",
    "stock_transaction": "SELECT",
    "stock_verification": "SELECT, INSERT",
    "django_migrations": "SELECT",
    "django_admin_log": "SELECT, INSERT",
}
FUNCTIONS = ("remember_person", "record_movement", "record_movements", "reverse_movement")


def grant_app_rights(*, using: str, **_kwargs: Any) -> None:
    """Grant the app role its rights, after the owner's migrations (receiver of `post_migrate`).

    Does nothing where one role does both, which `/readyz` reports as not ready.
    """
    connection = connections[using]
    role = settings.APP_DATABASE_ROLE
    if connection.settings_dict["USER"] == role:
        return
    to = sql.SQL(" TO ") + sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, sql.Identifier(role)))
            rights = RESTRICTED.get(table, "SELECT, INSERT, UPDATE, DELETE")
            cursor.execute(sql.SQL("GRANT ") + sql.SQL(rights) + sql.SQL(" ON ") + name + to)
        for function in FUNCTIONS:
            name = sql.Identifier(function)
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION ") + name + to)
