"""The outbox of notices, who is told by webhook, and how telling them went."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inventory_site.access.models import Person
from inventory_site.notices import wording
from inventory_site.notices.addresses import check_receiver
from inventory_site.notices.kinds import LABELS, TOLD, NoticeKind

KINDS = [(kind.value, label) for kind, label in LABELS.items()]


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions to the outbox."""

    def of_the_mail(self) -> Self:
        """Keep what the digest tells: everything but tests."""
        return self.exclude(kind=NoticeKind.TEST)

    def to_be_mailed(self) -> Self:
        """Keep what no digest has told yet, oldest first."""
        return self.of_the_mail().filter(mailed_at=None).order_by("created_at", "pk")

    def told_before(self, age: timedelta) -> Self:
        """Keep what is so old, and of which nobody has anything to hear any more."""
        old = self.filter(created_at__lt=Now() - age, deliveries=None)
        return old.exclude(mailed_at=None)


class Notice(models.Model):
    """Something that people or programs should hear of, with the facts as they were then.

    Nearly all come into being by triggers (`notices.sql`), in the atomic block of what they tell:
    none is lost, and none is sent of what was rolled back. `data` names people by their id alone.
    """

    id = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    kind = models.TextField(_("kind"), choices=KINDS)
    data = models.JSONField(db_default={})
    created_at = models.DateTimeField(_("time"), db_default=Now())
    mailed_at = models.DateTimeField(null=True)  # also when there was nobody to mail it to

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["mailed_at", "created_at"], name="notice_to_mail")]
        constraints = [
            models.UniqueConstraint(
                KT("data__reservation"),
                condition=Q(kind=NoticeKind.RESERVATION_EXPIRING.value),
                name="notice_once_a_reservation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language."""
        return wording.sentence(self.kind, self.data)

    @property
    def path(self) -> str:
        """The path of the page to look at."""
        return wording.path_to(self.kind, self.data)


class Webhook(models.Model):
    """A program elsewhere that is told of some kinds of notice, by signed requests."""

    url = models.CharField(_("address"), max_length=500, validators=[check_receiver])
    sealed = models.TextField()  # the secret it shares with us, see `sealing`
    kinds = ArrayField(
        models.TextField(choices=[(kind.value, LABELS[kind]) for kind in TOLD]),
        verbose_name=_("Tell of"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["url", "pk"]

    def __str__(self) -> str:
        return self.url

    def get_absolute_url(self) -> str:
        """Return the address of its own page here."""
        return reverse("webhook", args=[self.pk])

    @property
    def kinds_shown(self) -> list[str]:
        """What it is told of, in the reader's language."""
        return [str(LABELS[kind]) for kind in TOLD if kind in self.kinds]


class Failure(models.TextChoices):
    """Why an attempt came to nothing."""

    ADDRESS = "address", _("its address is private")
    UNKNOWN_HOST = "unknown_host", _("its name is unknown")
    CONNECTION = "connection", _("no connection")
    TIMEOUT = "timeout", _("no answer in time")
    REDIRECT = "redirect", _("it answered with a redirect, which is not followed")
    STATUS = "status", _("it refused")
    SECRET = "secret", _("its secret cannot be read: make a new one")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries."""

    def waiting(self) -> Self:
        """Keep those that are neither delivered nor given up."""
        return self.filter(delivered_at=None, given_up_at=None)

    def due(self) -> Self:
        """Keep those that should be sent now, the longest due first."""
        due = self.waiting().filter(next_attempt_at__lte=Now(), webhook__is_active=True)
        return due.order_by("next_attempt_at", "pk")

    def done_for(self, age: timedelta) -> Self:
        """Keep those that were delivered or given up so long ago."""
        since = Now() - age
        return self.filter(Q(delivered_at__lt=since) | Q(given_up_at__lt=since))


class Delivery(models.Model):
    """One notice on its way to one webhook.

    A trigger makes a row for every active webhook that asks for the kind, in the atomic block of
    the notice. The row is its own log: it tells how often it was tried and how the last one went.
    """

    id = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    created_at = models.DateTimeField(_("time"), db_default=Now())
    attempts = models.PositiveIntegerField(_("attempts"), db_default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    response_code = models.PositiveSmallIntegerField(_("answer"), null=True)
    failure = models.TextField(choices=Failure.choices, blank=True, db_default="")
    detail = models.TextField(blank=True, db_default="")  # as our libraries say it, in English
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    if TYPE_CHECKING:
        webhook_id: int
        notice_id: UUID

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(delivered_at=None, given_up_at=None),
                name="delivery_waiting",
            ),
            models.Index(F("webhook"), F("created_at").desc(), F("id").desc(), name="delivery_log"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} to {self.webhook_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether there is another attempt to come."""
        return self.delivered_at is None and self.given_up_at is None

    @property
    def next_at(self) -> datetime | None:
        """When it is tried next; None where there is no attempt to come."""
        return self.next_attempt_at if self.is_waiting else None
