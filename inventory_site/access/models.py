"""People as the inventory site knows them: by what their token says."""

import uuid
from typing import Any, ClassVar

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from inventory_site.access.roles import LABELS, PERMISSIONS, Permission, Role

# The admin's rights, in Django's words: what a manager may do to which tables. Stock is looked at.
MANAGED_APPS = frozenset({"products"})
VIEWED_APPS = frozenset({"stock"})


class Person(models.Model):
    """Somebody who acts, as last seen in a token; the row is a shadow, the rights are the token's.

    A request's person is built from its claims without a query and saved only when that person
    first writes something (`remember`, or the ledger's own functions), so that the ledger and the
    admin have somebody to point at. There is no password here and never will be.
    """

    id = models.UUIDField(_("id"), primary_key=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=150)

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_authenticated = True
    is_anonymous = False
    is_active = True
    role: Role | None = None
    scope: frozenset[Permission] = frozenset(Permission)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, permission: Permission) -> bool:
        """Tell whether this person's role and the scope of their token include `permission`."""
        return (
            self.role is not None
            and permission in PERMISSIONS[self.role]
            and permission in self.scope
        )

    @property
    def can_move(self) -> bool:
        """Whether stock may be moved."""
        return self.may(Permission.MOVE)

    @property
    def can_manage(self) -> bool:
        """Whether products may be managed and the administration opened."""
        return self.may(Permission.MANAGE)

    @property
    def can_administer(self) -> bool:
        """Whether people may be administered, on the identity site."""
        return self.role is Role.ADMIN and self.can_manage

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(LABELS[self.role]) if self.role else ""

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    def remember(self) -> None:
        """Write or refresh this person's shadow row, in the database's own words."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT remember_person(%s, %s, %s)", [self.id, self.name, self.email])

    # What Django's admin asks of a user.
    @property
    def is_staff(self) -> bool:
        """Whether the administration may be entered."""
        return self.can_manage

    def get_username(self) -> str:
        """Return what the admin greets with."""
        return str(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Tell whether the admin may show or change something: `app.verb_model`."""
        app, _dot, verb = perm.partition(".")
        looked_at = app in VIEWED_APPS and verb.startswith("view_")
        return self.can_manage and (app in MANAGED_APPS or looked_at)

    def has_module_perms(self, app_label: str) -> bool:
        """Tell whether the admin shows an app at all."""
        return self.can_manage and app_label in MANAGED_APPS | VIEWED_APPS


class CutOff(models.Model):
    """Tokens that were withdrawn: those of a session, or those a person was given until then.

    Kept until the last of them has expired; see `cut_offs`.
    """

    name = models.CharField(max_length=260, primary_key=True)  # "sid:…" or "sub:…"
    before = models.FloatField()  # seconds since 1970; of a person, tokens issued later are good
    is_erasure = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class PublishedKeys(models.Model):
    """The one row that holds the public keys as last published; see `keys`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    document = models.JSONField()  # a JSON Web Key Set (RFC 7517)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="access_publishedkeys_one_row")
        ]

    def __str__(self) -> str:
        return "public keys"


SYSTEM = Person(id=uuid.UUID(int=0), name="TechStock", email="")
"""Who acts when no person does: opening stock from the command line, scheduled work."""
