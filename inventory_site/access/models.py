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

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, permission: Permission) -> bool:
        """Tell whether this person's role includes `permission`."""
        return self.role is not None and permission in PERMISSIONS[self.role]

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
        return self.role is Role.ADMIN

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


SYSTEM = Person(id=uuid.UUID(int=0), name="TechStock", email="")
"""Who acts when no person does: opening stock from the command line, scheduled work."""
