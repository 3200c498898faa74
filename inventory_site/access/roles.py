"""Roles and what each may do: the one table that turns a claim into rights."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What a page or a program may ask for."""

    READ = "read"
    MOVE = "move"
    MANAGE = "manage"


class Role(StrEnum):
    """The ladder of roles; each includes those above it in this list."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    MANAGER = "manager"
    ADMIN = "admin"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.READ}),
    Role.OPERATOR: frozenset({Permission.READ, Permission.MOVE}),
    Role.MANAGER: frozenset(Permission),
    Role.ADMIN: frozenset(Permission),
}

LABELS = {
    Role.VIEWER: _("Viewer"),
    Role.OPERATOR: _("Operator"),
    Role.MANAGER: _("Manager"),
    Role.ADMIN: _("Administrator"),
}
