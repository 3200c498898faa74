"""Settings of notices: a wrong one stops the start, with one sentence and no secret in it."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend

from inventory_site import settings as site

Changes = dict[str, str | None]


def read(changes: Changes, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Read the settings anew; a change to None takes a variable away."""
    for name, value in changes.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return runpy.run_path(str(Path(site.__file__)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"NOTICE_MAIL_TO": "a@example.com, hush"}, "NOTICE_MAIL_TO must be a list of mail"),
        ({"NOTICE_MAIL_MINUTES": "0"}, "must be 1 or more"),
        ({"NOTICE_MAIL_MINUTES": "often"}, "NOTICE_MAIL_MINUTES"),
        ({"WEBHOOK_LOG_DAYS": "0"}, "must be 1 or more"),
        ({"WEBHOOK_PRIVATE_ADDRESSES": "perhaps"}, "WEBHOOK_PRIVATE_ADDRESSES"),
        ({"NOTICE_LANGUAGE": "fr"}, "NOTICE_LANGUAGE must be one of en, pt-br"),
        (
            {"NOTICE_MAIL_TO": "a@example.com", "MAIL_FOLDER": None, "EMAIL_URL": None},
            "EMAIL_URL must be set",
        ),
    ],
)
def test_a_wrong_setting_is_named(
    changes: Changes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises((ImproperlyConfigured, ValueError)) as error:
        read(changes, monkeypatch)
    assert sentence in str(error.value)
    assert "hush" not in str(error.value)


def test_where_nobody_is_mailed_no_mail_server_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read({"NOTICE_MAIL_TO": "", "MAIL_FOLDER": None, "EMAIL_URL": None}, monkeypatch)
    assert found["NOTICE_MAIL_TO"] == []


def test_mail_goes_by_smtp_unless_a_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    changes: Changes = {"NOTICE_MAIL_TO": "a@example.com, b@example.com", "MAIL_FOLDER": None}
    changes["EMAIL_URL"] = "submission://user:p%40ss@mail.example.com"
    found = read(changes, monkeypatch)
    assert found["NOTICE_MAIL_TO"] == ["a@example.com", "b@example.com"]
    mailer = found["MAILERS"]["default"]
    assert mailer["BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (mailer["OPTIONS"]["host"], mailer["OPTIONS"]["port"]) == ("mail.example.com", 587)
    assert (mailer["OPTIONS"]["username"], mailer["OPTIONS"]["password"]) == ("user", "p@ss")
    EmailBackend(alias="default", **mailer["OPTIONS"])
    found = read({"MAIL_FOLDER": "/tmp/mail"}, monkeypatch)  # noqa: S108
    assert found["MAILERS"]["default"]["OPTIONS"] == {"file_path": "/tmp/mail"}  # noqa: S108
