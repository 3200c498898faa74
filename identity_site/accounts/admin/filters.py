"""How the lists of the admin are narrowed down: one menu for each filter."""

from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.models import What
from identity_site.accounts.roles import Role
from identity_site.accounts.second_factor import FACTORS

HAS_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
STATES = {
    "active": (_("Active"), Q(is_active=True, invitation=None)),
    "invited": (_("Invited"), Q(is_active=True, invitation__isnull=False)),
    "inactive": (_("Not active"), Q(is_active=False, erased_at=None)),
    "erased": (_("Erased"), Q(erased_at__isnull=False)),
}


class Menu(admin.SimpleListFilter):
    """A filter that is a menu: `every` is what it says while nothing is chosen."""

    every: ClassVar[Any]
    choices_offered: ClassVar[list[tuple[str, Any]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the choices."""
        return self.choices_offered

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that match; an unknown choice is none."""
        chosen = self.value() or ""
        known = chosen in dict(self.choices_offered)
        return queryset.filter(self.condition(chosen if known else ""))

    def condition(self, chosen: str) -> Any:
        """Say what a choice, or none, asks for; by default a field of the filter's name."""
        return Q(**{str(self.parameter_name): chosen}) if chosen else Q()


class StateFilter(Menu):
    """Whether people can sign in; those who were erased show only when asked for."""

    title, parameter_name, every = _("state"), "state", _("All states")
    choices_offered = [(state, label) for state, (label, _condition) in STATES.items()]

    def condition(self, chosen: str) -> Any:
        """Return that of the state."""
        return STATES[chosen][1] if chosen else Q(erased_at=None)


class RoleFilter(Menu):
    """Which role people have."""

    title, parameter_name, every = _("role"), "role", _("All roles")
    choices_offered = Role.choices


class SecondFactorFilter(Menu):
    """Whether people have set up a second factor."""

    title, parameter_name, every = _("second factor"), "factor", _("Any second factor")
    choices_offered = [("yes", _("With a second factor")), ("no", _("Without a second factor"))]

    def condition(self, chosen: str) -> Any:
        """Ask whether there is any but recovery codes."""
        return {"yes": HAS_FACTOR, "no": ~HAS_FACTOR, "": Q()}[chosen]


class WhatFilter(Menu):
    """What changed."""

    title, parameter_name, every = _("change"), "what", _("All changes")
    choices_offered = What.choices
