"""What the app role may do in the database: everything it needs, and nothing to the ledger."""

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

CHANGED = "SELECT, INSERT, UPDATE, DELETE"
RIGHTS = {
    "access_cutoff": CHANGED,
    "access_publishedkeys": "SELECT, INSERT, UPDATE",
    "api_keptanswer": CHANGED,
    "api_rate": CHANGED,
    "products_category": CHANGED,
    "products_location": CHANGED,
    "products_manufacturer": CHANGED,
    "products_product": CHANGED,
    "imports_import": CHANGED,
    "imports_piece": CHANGED,
    "imports_progress": CHANGED,
    "products_reorderpoint": CHANGED,
    "products_supplier": CHANGED,
    # Nearly all notices are written by triggers; the site adds tests and what a calendar brings.
    "notices_notice": "SELECT, INSERT, UPDATE (mailed_at), DELETE",
    "notices_webhook": CHANGED,
    "notices_delivery": CHANGED,
    "django_admin_log": "SELECT, INSERT",
    # A level may be opened, empty; a foreign key keeps every one that has history.
    "stock_level": "SELECT, INSERT (product_id, location_id), DELETE",
    "stock_reason": CHANGED,
}
"""By table; every other one, also one that comes later, may be read and no more."""
FUNCTIONS = (
    "remember_person",
    "erase_person",
    "record_movement",
    "open_batch",
    "extend_batch",
    "record_batch",
    "reverse_movement",
    "reverse_batch",
    "reserve_stock",
    "release_reservation",
    "request_approval",
    "approve_act",
    "refuse_act",
    "fold_tally",
    "take_moment",
    "build_past",
    "open_count",
    "record_counts",
    "hold_count",
    "close_count",
    "open_verification",
    "verify_part",
    "close_verification",
)


def grant_app_rights(*, using: str, **_kwargs: Any) -> None:
    """Grant the app role its rights, after the owner's migrations (receiver of `post_migrate`).

    Does nothing where one role does both, which `/readyz` reports as not ready.
    """
    connection = connections[using]
    role = settings.APP_DATABASE_ROLE
    if connection.settings_dict["USER"] == role:
        return
    to = sql.SQL(" TO ") + sql.Identifier(role)
    database = sql.Identifier(connection.settings_dict["NAME"])
    # At once, so that a site that serves meanwhile never finds its rights gone.
    with transaction.atomic(using=using), connection.cursor() as cursor:
        # A temporary table could carry triggers and casts of the site's into the owner's functions.
        everybody = sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}")
        cursor.execute(everybody.format(database, sql.Identifier(role)))
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, sql.Identifier(role)))
            rights = RIGHTS.get(table, "SELECT")
            cursor.execute(sql.SQL("GRANT ") + sql.SQL(rights) + sql.SQL(" ON ") + name + to)
        for function in FUNCTIONS:
            name = sql.Identifier(function)
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION ") + name + to)
