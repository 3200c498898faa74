"""A file that somebody brought, from the upload to what became of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory_site.access.models import Person
from inventory_site.products.models import Location


class State(models.TextChoices):
    """How far an import has come; in those of `WAITING` it is the worker's turn."""

    NEW = "new", _("columns to be chosen")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("not imported yet")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")


WAITING = (State.CHECKING, State.IMPORTING)


class Import(models.Model):
    """A file of one kind: looked at first, then imported or left.

    `columns` has the number (from 0) of the column of everything that is read. `findings` is what
    became of its rows, or would; `report` says it row by row, as CSV, gzipped. `failure` is why it
    could not be checked or imported, in a sentence. The file itself is in `pieces`, for a while.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    filename = models.CharField(_("file"), max_length=255)
    size = models.BigIntegerField(_("size"))
    kind = models.CharField(_("kind"), max_length=16)
    encoding = models.CharField(_("encoding"), max_length=16)
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True)
    columns = models.JSONField(default=dict)
    default_location = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, verbose_name=_("location")
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.NEW)
    rows = models.CharField(max_length=8, default="all")
    language = models.CharField(max_length=16, default="en")
    failure = models.TextField(blank=True)
    findings = models.JSONField(null=True, editable=False)
    report = models.BinaryField()
    batch_id = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    asked_at = models.DateTimeField(null=True, editable=False)
    imported_at = models.DateTimeField(_("imported at"), null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        indexes = [
            models.Index("asked_at", name="import_waiting", condition=models.Q(state__in=WAITING))
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has something to do for it."""
        return self.state in WAITING

    @property
    def is_imported(self) -> bool:
        """Whether it is done."""
        return self.state == State.IMPORTED

    @property
    def is_checked(self) -> bool:
        """Whether there are findings to show."""
        return self.findings is not None and not self.is_waiting


class Piece(models.Model):
    """A part of the file, so that no process ever has to hold the whole."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("of", "number", name="piece_number_unique")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"


class Progress(models.Model):
    """How far the worker is, written beside its atomic block so that a page can see it.

    `done` of `total` are bytes or rows; `attempts` counts how often this step was begun.
    """

    of = models.OneToOneField(
        Import, models.CASCADE, primary_key=True, related_name="progress", verbose_name=_("import")
    )
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """The share that is done, from 0 to 100."""
        return min(100, 100 * self.done // self.total) if self.total else 0
