"""Personal tokens: how somebody lets a program act for them without lending it their password."""

import hashlib
import re
import secrets
import uuid
import zlib
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.models import NAME_LENGTH, on_one_line
from identity_site.accounts.roles import Role
from identity_site.tokens import revocation

# What secret scanners look for: a prefix, 256 random bits and their CRC-32, all in hexadecimal.
PREFIX = "techstock_pat_"
FORM = re.compile(rf"{PREFIX}([0-9a-f]{{64}})([0-9a-f]{{8}})")
MAX_LIVING = 20  # for one person
USED_SECONDS = 60  # `last_used_at` is written at most so often


class Scope(models.TextChoices):
    """What a token may do, as the claim says it; each includes those listed above it."""

    READ = "read", _("Read")
    MOVE = "read move", _("Read, and move stock")
    MANAGE = "read move manage", _("Read, move stock, and manage products")

    @classmethod
    def of_role(cls, role: str) -> "list[Scope]":
        """Return those that a role includes, smallest first."""
        needed = {cls.READ: Role.VIEWER, cls.MOVE: Role.OPERATOR, cls.MANAGE: Role.MANAGER}
        return [scope for scope in cls if Role(role).includes(needed[scope])]

    def within(self, role: str) -> "Scope":
        """Return as much of this scope as a role still includes."""
        return min(self, self.of_role(role)[-1], key=list(Scope).index)


class PersonalTokenQuerySet(models.QuerySet["PersonalToken"]):
    """Questions about personal tokens, and their end."""

    def living(self) -> "PersonalTokenQuerySet":
        """Return those that are neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def of_secret(self, secret: str) -> "PersonalTokenQuerySet":
        """Return the one whose secret this is, if any.

        Found by its hash, so how long it takes tells nothing about the secrets that are stored.
        """
        return self.filter(digest=digest_of(secret)) if is_well_formed(secret) else self.none()

    def revoke(self) -> None:
        """End each of them for good, and the access tokens that were had for them."""
        with transaction.atomic():
            for token in self.filter(revoked_at=None).select_for_update(of=["self"]):
                token.revoked_at = timezone.now()
                token.save(update_fields=["revoked_at"])
                revocation.revoke_session(token.sid)


class PersonalToken(models.Model):
    """A secret that its owner gave to a program, stored as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="personal_tokens"
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH, validators=[on_one_line])
    scope = models.CharField(_("It may"), max_length=20, choices=Scope)
    # SHA-256 alone: 256 random bits cannot be guessed, so there is nothing that salt would slow.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonalTokenQuerySet] = PersonalTokenQuerySet.as_manager()  # type: ignore[assignment]  # a manager made of it

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(revoked_at=None),
                name="personal_token_name_is_free",
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="personal_token_scope_is_known"
            ),
        ]

    def __str__(self) -> str:
        """Show the name that its owner gave it."""
        return self.name

    @property
    def sid(self) -> str:
        """What its access tokens carry, and what revoking names."""
        return self.id.hex

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()

    def revoke(self) -> None:
        """End it for good, and the access tokens that were had for it."""
        PersonalToken.objects.filter(pk=self.pk).revoke()

    def note_use(self) -> None:
        """Remember that it was used now, at most once a minute."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at >= timedelta(seconds=USED_SECONDS):
            PersonalToken.objects.filter(pk=self.pk).update(last_used_at=now)


def new_secret() -> str:
    """Return a new secret, to be shown once."""
    random = secrets.token_hex(32)
    return f"{PREFIX}{random}{_checksum(random)}"


def is_well_formed(secret: str) -> bool:
    """Tell whether this can be one of our secrets at all."""
    found = FORM.fullmatch(secret)
    return found is not None and found[2] == _checksum(found[1])


def digest_of(secret: str) -> str:
    """Return that by which a secret is found."""
    return hashlib.sha256(secret.encode()).hexdigest()


def expiry(days: int) -> datetime:
    """Return the moment so many days from now."""
    return timezone.now() + timedelta(days=days)


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
