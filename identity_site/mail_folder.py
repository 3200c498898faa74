"""Mail for a system without a mail server: every message becomes a file that a person can read."""

import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)


class MailFolder(BaseEmailBackend):
    """Writes each message into `folder`, which only its owner may read: messages hold codes.

    File names sort by time. The log gets one line per message, without its text.
    """

    def __init__(self, *, folder: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages and return how many there were."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            path = self._write(message)
            log.info("mail to %s: %s: %s", ", ".join(message.to), message.subject, path)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> Path:
        sent_at = datetime.now(UTC)
        path = self.folder / f"{sent_at:%Y%m%dT%H%M%S.%fZ}-{os.getpid()}.txt"
        lines = [
            f"Date: {sent_at:%Y-%m-%d %H:%M:%S} UTC",
            f"From: {message.from_email}",
            f"To: {', '.join(message.to)}",
            f"Subject: {message.subject}",
            "",
            str(message.body),
            "",
        ]
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
        return path
