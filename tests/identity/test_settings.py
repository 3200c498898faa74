"""A setting that is missing or wrong stops the start, with one sentence and no secret in it."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

SITE = Path(__file__).parents[2] / "identity_site"
Changes = dict[str, str | None]


def read(changes: Changes, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Read the settings anew; a change to None takes a variable away."""
    for name, value in changes.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return runpy.run_path(str(SITE / "settings.py"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PUBLIC_ORIGIN": None}, '"PUBLIC_ORIGIN" not set'),
        ({"PUBLIC_ORIGIN": "stock.example.com"}, "PUBLIC_ORIGIN must look like"),
        ({"PUBLIC_ORIGIN": "https://stock.example.com/x"}, "PUBLIC_ORIGIN must look like"),
        ({"IDENTITY_SECRET_KEY": None}, '"IDENTITY_SECRET_KEY" not set'),
        ({"IDENTITY_SECRET_KEY": "hush"}, "must have at least 50 characters"),
        ({"IDENTITY_SECRET_KEY_FILE": "/nowhere"}, "IDENTITY_SECRET_KEY_FILE must be a readable"),
        ({"IDENTITY_DATABASE_URL": None}, '"IDENTITY_DATABASE_URL" not set'),
        ({"IDENTITY_DATABASE_URL": "mysql://u:hush@h/d"}, "IDENTITY_DATABASE_URL must look like"),
        ({"IDENTITY_DATABASE_URL": "postgresql:///identity"}, "must name a user and a database"),
        ({"IDENTITY_ENCRYPTION_KEYS": None}, '"IDENTITY_ENCRYPTION_KEYS" not set'),
        ({"IDENTITY_ENCRYPTION_KEYS": ""}, "must be a comma-separated list of Fernet keys"),
        ({"IDENTITY_ENCRYPTION_KEYS": "hush"}, "must be a comma-separated list of Fernet keys"),
        (
            {"IDENTITY_ENCRYPTION_KEYS": f"{Fernet.generate_key().decode()},hush"},
            "must be a comma-separated list of Fernet keys",
        ),
        ({"BACKCHANNEL_ADDRESS": None}, '"BACKCHANNEL_ADDRESS" not set'),
        ({"BACKCHANNEL_ADDRESS": "inventory"}, "must be host:port or unix:/path"),
        ({"BACKCHANNEL_ADDRESS": "http://inventory:8000"}, "must be host:port or unix:/path"),
        ({"BACKCHANNEL_ADDRESS": "inventory:8000/x"}, "must be host:port or unix:/path"),
        ({"SESSION_IDLE_HOURS": "0"}, "must be 1 or more"),
        ({"SESSION_TOTAL_DAYS": "-7"}, "must be 1 or more"),
        ({"SESSION_TOTAL_DAYS": "a week"}, "SESSION_TOTAL_DAYS"),
        ({"SIGNUP_ROLE": "admin"}, "SIGNUP_ROLE must be viewer, operator or manager"),
        ({"MAIL_FOLDER": None, "EMAIL_URL": None}, "EMAIL_URL must be set"),
        ({"MAIL_FOLDER": None, "EMAIL_URL": "hush"}, "EMAIL_URL must be set"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_is_named(
    changes: Changes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises((ImproperlyConfigured, ValueError)) as error:
        read(changes, monkeypatch)
    assert sentence in str(error.value)
    assert "hush" not in str(error.value)


def test_the_start_stops_with_that_one_sentence() -> None:
    """Also from the folder of the site, as its manage.py is often run."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=SITE,
        env={**os.environ, "IDENTITY_SECRET_KEY": "hush"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr == (
        "The identity site cannot start: IDENTITY_SECRET_KEY must have at least 50 characters.\n"
    )


def test_values_may_come_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 50 + "\n")
    changes = {"IDENTITY_SECRET_KEY": None, "IDENTITY_SECRET_KEY_FILE": str(secret)}
    assert read(changes, monkeypatch)["SECRET_KEY"] == "s" * 50


@pytest.mark.parametrize(
    "address", ["inventory:8000", "127.0.0.1:8000", "[::1]:8000", "unix:/run/inventory.sock"]
)
def test_the_other_site_is_at_a_port_or_a_socket(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read({"BACKCHANNEL_ADDRESS": address}, monkeypatch)["BACKCHANNEL_ADDRESS"] == address


def test_there_may_be_several_encryption_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [Fernet.generate_key().decode() for _number in range(2)]
    found = read({"IDENTITY_ENCRYPTION_KEYS": ", ".join(keys)}, monkeypatch)
    assert found["ENCRYPTION_KEYS"] == keys


def test_a_process_without_the_owners_address_is_the_app_role(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes: Changes = {
        "IDENTITY_DATABASE_URL": "postgresql://app:p%40ss@%2Ftmp%2FTechStock/identity?sslmode=disable",
        "IDENTITY_OWNER_DATABASE_URL": None,
    }
    database = read(changes, monkeypatch)["DATABASES"]["default"]
    assert (database["USER"], database["PASSWORD"]) == ("app", "p@ss")
    assert (database["HOST"], database["NAME"]) == ("/tmp/TechStock", "identity")  # noqa: S108
    assert database["OPTIONS"]["sslmode"] == "disable"


def test_https_brings_its_own_protections(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read({"PUBLIC_ORIGIN": "https://stock.example.com/"}, monkeypatch)
    assert found["ACCESS_COOKIE"] == "__Host-ts_at"
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["TOKEN_ISSUER"] == "https://stock.example.com/accounts"


def test_plain_http_on_a_real_host_has_plain_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read({"PUBLIC_ORIGIN": "http://stock.internal:8080"}, monkeypatch)
    assert (found["ACCESS_COOKIE"], found["ACCESS_COOKIE_SECURE"]) == ("ts_at", False)
    assert found["SECURE_HSTS_SECONDS"] == 0


def test_mail_goes_by_smtp_unless_a_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "submission://user:p%40ss@mail.example.com"
    found = read({"MAIL_FOLDER": None, "EMAIL_URL": url}, monkeypatch)
    mailer = found["MAILERS"]["default"]
    assert mailer["BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert mailer["OPTIONS"] == {
        "host": "mail.example.com",
        "port": 587,
        "username": "user",
        "password": "p@ss",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 10,
    }
    SmtpBackend(alias="default", **mailer["OPTIONS"])
