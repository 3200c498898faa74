"""What the API remembers."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class KeptAnswer(models.Model):
    """The first answer to a write, for whoever sends the same again; see `keys`.

    `fingerprint` tells what was asked for apart. `body` is the JSON that was sent, sealed. Answers
    of the ledger are not here: it keeps its keys itself, for ever.
    """

    person_id = models.UUIDField()
    key = models.UUIDField()
    fingerprint = models.BinaryField()
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "key"], name="kept_answer_unique")
        ]
        indexes = [models.Index("created_at", name="kept_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
