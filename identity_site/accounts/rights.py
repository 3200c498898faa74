"""What the app role may do in the database."""

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

# All that the app role may do to tables that it may not write at will.
RESTRICTED = {
    "accounts_personchange": "SELECT",  # the database writes it (people.sql)
    "accounts_user": "SELECT, INSERT, UPDATE",  # people are deactivated, never deleted
    "django_admin_log": "SELECT, INSERT",
    "django_migrations": "SELECT",
    "tokens_signingkey": "SELECT, INSERT, UPDATE",  # which key signed what stays known
}
FUNCTIONS = ("record_person_act", "scrub_admin_log")


def grant_app_rights(*, using: str, **_kwargs: Any) -> None:
    """Grant the app role its rights, after the owner's migrations (receiver of `post_migrate`).

    Does nothing where one role does both.
    """
    connection = connections[using]
    role = settings.APP_DATABASE_ROLE
    if connection.settings_dict["USER"] == role:
        return
    name = sql.Identifier(role)
    # At once, so that a site that serves meanwhile never finds its rights gone.
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rights = sql.SQL(RESTRICTED.get(table, "SELECT, INSERT, UPDATE, DELETE"))
            on = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(on, name))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(rights, on, name))
        for function in FUNCTIONS:
            of = sql.Identifier(function)
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(of, name))
