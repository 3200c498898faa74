"""People, who invited them, and what changed about them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.roles import Role

NAME_LENGTH = 100  # a name and an address of full length still fit into one cookie

on_one_line = RegexValidator(
    r"[\x00-\x1f\x7f\u2028\u2029]", _("Write the name on one line."), inverse_match=True
)


class UserManager(BaseUserManager["User"]):
    """Finds and makes people by e-mail address."""

    def active_admins(self) -> models.QuerySet["User"]:
        """Return those who can administer people now: not those who are only invited."""
        return self.filter(is_active=True, role=Role.ADMIN, invitation=None)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password they can only sign in after resetting it."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Write an address the one way in which it is stored: in lower case."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever its case."""
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address. Deactivated when they leave, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, validators=[on_one_line])
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        default="",
        choices=[("", _("As the browser prefers")), *settings.LANGUAGES],
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Somebody who is not active cannot sign in. Nobody is ever deleted."),
    )
    created_at = models.DateTimeField(_("signed up"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="user_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_on_the_ladder"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(is_active=False),
                name="user_who_is_erased_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        """Show people by name."""
        return self.name if self.erased_at is None else str(_("Former colleague"))

    def clean(self) -> None:
        """Bring the address into the form in which it is stored."""
        self.email = UserManager.normalize_email(self.email)

    def get_short_name(self) -> str:
        """Return what the admin greets them with."""
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters that stand for the name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def role_label(self) -> str:
        """The role as people read it."""
        return str(Role(self.role).label)

    @property
    def can_manage(self) -> bool:
        """Whether products, counts and approvals are theirs to change."""
        return Role(self.role).includes(Role.MANAGER)

    @property
    def can_administer(self) -> bool:
        """Whether people and roles are theirs to change."""
        return Role(self.role).includes(Role.ADMIN)

    # What Django's admin asks, answered from the role alone.

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets them in."""
        return self.is_active and self.can_administer

    is_superuser = is_staff

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Tell whether the admin grants `perm`: all of them, or none."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Tell whether the admin shows an app."""
        return self.is_staff


class Invitation(models.Model):
    """A mailed link with which somebody begins; it goes when they first sign in, in any way."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="invitation")
    digest = models.CharField(max_length=64)  # SHA-256 of what the link holds, in hexadecimal
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        """Say whom it is for."""
        return f"invitation of {self.person_id}"


class What(models.TextChoices):
    """What can change about somebody. The first four are written by the database alone."""

    CREATED = "created", _("Account made")
    ROLE = "role", _("Role changed")
    ACTIVE = "active", _("Activated or deactivated")
    ERASED = "erased", _("Erased")
    INVITED = "invited", _("Invited")
    WITHDRAWN = "withdrawn", _("Invitation withdrawn")
    SIGNED_OUT = "signed_out", _("Signed out everywhere")
    FACTORS_REMOVED = "factors_removed", _("Second factors removed")
    TOKENS_REVOKED = "tokens_revoked", _("Personal tokens revoked")


class PersonChange(models.Model):
    """One change, as the database wrote it on whatever path it came (people.sql); never edited.

    `old` and `new` are roles, or "true" and "false"; never a name, so that history outlives it.
    """

    person = models.ForeignKey(
        User, models.DO_NOTHING, related_name="changes", verbose_name=_("person"), db_index=False
    )
    what = models.CharField(_("change"), max_length=20, choices=What)
    old = models.CharField(_("before"), max_length=10, blank=True)
    new = models.CharField(_("after"), max_length=10, blank=True)
    changed_by = models.ForeignKey(
        User, models.DO_NOTHING, null=True, related_name="+", verbose_name=_("by")
    )
    changed_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history of people")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "-id"], name="change_of_person")]

    def __str__(self) -> str:
        """Say in one sentence what happened."""
        match self.what:
            case What.CREATED:
                return _("Account made: %(role)s") % {"role": Role(self.new).label}
            case What.ROLE:
                roles = {"old": Role(self.old).label, "new": Role(self.new).label}
                return _("Role changed from %(old)s to %(new)s") % roles
            case What.ACTIVE:
                return str(_("Activated") if self.new == "true" else _("Deactivated"))
        return str(What(self.what).label)

    @property
    def who(self) -> str:
        """Who did it, as far as the database was told."""
        if self.changed_by is not None:
            return str(self.changed_by)
        if self.what == What.CREATED:
            return str(_("by signing up, or outside the site"))
        return str(_("outside the site"))
