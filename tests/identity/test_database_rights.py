"""What the role that serves may not do, whatever code runs in it."""

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection

from identity_site.accounts.models import User

FORBIDDEN = [
    "DELETE FROM accounts_user",
    "TRUNCATE accounts_user CASCADE",
    "DROP TABLE accounts_user CASCADE",
    "ALTER TABLE accounts_user DROP CONSTRAINT user_role_is_on_the_ladder",
    "ALTER TABLE accounts_user OWNER TO CURRENT_USER",
    "GRANT DELETE ON accounts_user TO CURRENT_USER",
    "DELETE FROM tokens_signingkey",
    "ALTER TABLE accounts_user DISABLE TRIGGER void_tokens",
    "DELETE FROM django_migrations",
    "DELETE FROM django_admin_log",
    "UPDATE django_admin_log SET change_message = 'nothing happened'",
    "CREATE TABLE mine (id int)",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses(vera: User, statement: str) -> None:
    assert connection.settings_dict["USER"] == settings.APP_DATABASE_ROLE
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(statement)
        if statement.startswith("GRANT"):  # PostgreSQL only warns
            cursor.execute("DELETE FROM accounts_user")


def test_people_cannot_be_deleted_through_the_model_either(vera: User) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        User.objects.filter(pk=vera.pk).delete()


def test_the_cache_that_all_processes_share_is_there_after_migrating(db: None) -> None:
    assert "shared_cache" in connection.introspection.table_names()
