"""What somebody may do, by the table that their viewset states; refused by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of

if TYPE_CHECKING:  # the framework reads this module while it makes that class
    from rest_framework.views import APIView


class Stated(BasePermission):
    """Lets people do what the viewset's `may` names for the action, and nobody anything else.

    As on the pages, a token that is not for reading is for nothing.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the person's role and the scope of their token are enough."""
        if not request.user.is_authenticated:
            return False
        person, may = person_of(request), stated(view)
        if not person.may(Permission.READ):
            return False
        action: str | None = getattr(view, "action", None)
        if action in (None, "metadata"):  # a method that is not there: a 405, for who may the rest
            there = set(getattr(view, "action_map", may).values() or may)
            return any(person.may(may[each]) for each in there & may.keys())
        return action in may and person.may(may[action])


def stated(view: APIView | type[APIView]) -> Mapping[str, Permission]:
    """Return what a view states, by action."""
    return getattr(view, "may", {})
