"""Mail without a mail server: files in a folder."""

import logging
import stat
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, mailers
from django.test import override_settings


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    return tmp_path / "not" / "there yet"


def send(folder: Path, *messages: EmailMessage) -> None:
    backend = "identity_site.mail_folder.MailFolder"
    with override_settings(
        MAILERS={"default": {"BACKEND": backend, "OPTIONS": {"folder": str(folder)}}}
    ):
        mailers.default.send_messages(list(messages))


def message(subject: str = "Your code", body: str = "Olá!\n\nBCDF-GHJK") -> EmailMessage:
    return EmailMessage(subject, body, "TechStock <a@example.com>", ["vera@example.com"])


def test_nobody_else_may_read_the_files(folder: Path) -> None:
    send(folder, message())
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_log_names_the_mail_without_its_text(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        send(folder, message())
    (record,) = caplog.records
    line = record.getMessage()
    (file,) = folder.iterdir()
    assert line == f"mail to vera@example.com: Your code: {file}"


def test_a_person_can_read_the_file(folder: Path) -> None:
    send(folder, message())
    (file,) = folder.iterdir()
    _date, *lines = file.read_text().splitlines()
    assert lines == [
        "From: TechStock <a@example.com>",
        "To: vera@example.com",
        "Subject: Your code",
        "",
        "Olá!",
        "",
        "BCDF-GHJK",
    ]


def test_the_files_sort_by_time(folder: Path) -> None:
    subjects = [f"Number {number}" for number in range(20)]
    send(folder, *(message(subject) for subject in subjects))
    found = [file.read_text().splitlines()[3] for file in sorted(folder.iterdir())]
    assert found == [f"Subject: {subject}" for subject in subjects]
