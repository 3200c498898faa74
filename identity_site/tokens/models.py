"""The keys that sign tokens, and the outbox of what the inventory site is to be told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

MATTERS_FOR = timedelta(seconds=settings.TOKEN_SECONDS + settings.TOKEN_LEEWAY_SECONDS)


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    """Questions about keys."""

    def living(self, now: datetime) -> "SigningKeyQuerySet":
        """Return those that have not retired, in the order in which they sign."""
        return self.exclude(retires_at__lte=now).order_by("activates_at", "pk")


class SigningKey(models.Model):
    """A private key: published from its making until it retires, signing from its activation on.

    Of all active ones the newest signs. Never deleted: the database refuses it to the app role.
    """

    kid = models.CharField(max_length=43, unique=True)
    sealed = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    activates_at = models.DateTimeField()
    retires_at = models.DateTimeField(null=True)

    objects = SigningKeyQuerySet.as_manager()

    def __str__(self) -> str:
        """Show the name under which it is published."""
        return self.kid


class LogoutNoticeQuerySet(models.QuerySet["LogoutNotice"]):
    """Questions to the outbox."""

    def waiting(self) -> "LogoutNoticeQuerySet":
        """Return those that are neither delivered nor given up."""
        return self.filter(delivered_at=None, expired_at=None)

    def due(self) -> "LogoutNoticeQuerySet":
        """Return those that should be sent now, oldest first."""
        return self.waiting().filter(next_attempt_at__lte=Now()).order_by("pk")

    def in_time(self) -> "LogoutNoticeQuerySet":
        """Return those so young that a token from before them may still be good."""
        return self.filter(created_at__gt=Now() - MATTERS_FOR)

    def late(self) -> "LogoutNoticeQuerySet":
        """Return those that can no longer matter."""
        return self.filter(created_at__lte=Now() - MATTERS_FOR)

    def done_for(self, age: timedelta) -> "LogoutNoticeQuerySet":
        """Return those that were delivered or given up so long ago."""
        since = Now() - age
        return self.filter(Q(delivered_at__lt=since) | Q(expired_at__lt=since))


class LogoutNotice(models.Model):
    """What the inventory site must hear: tokens of a session (`sid`) or a person (`sub`) are void.

    A row also comes into being by a trigger, whenever somebody's role, password or being active
    changes. Every insert wakes the worker, which delivers it and stamps `cut_off_at`.
    """

    sid = models.CharField(max_length=32, blank=True, db_default="")
    sub = models.UUIDField(null=True)
    is_erasure = models.BooleanField(db_default=False)
    created_at = models.DateTimeField(db_default=Now())
    # Tokens issued before this are void. Stamped after the commit, so it is later than every token
    # that was minted from what was true before.
    cut_off_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)

    objects = LogoutNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(sid="") | Q(sub__isnull=False), name="notice_is_about_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(delivered_at=None, expired_at=None),
                name="notice_waiting",
            ),
            models.Index(fields=["sub"], condition=Q(sub__isnull=False), name="notice_of_person"),
            models.Index(fields=["sid"], condition=~Q(sid=""), name="notice_of_session"),
        ]

    def __str__(self) -> str:
        """Say whom it is about."""
        return f"session {self.sid}" if self.sid else f"person {self.sub}"
