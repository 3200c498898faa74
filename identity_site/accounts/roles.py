"""The ladder of roles."""

from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody may do; each role includes those listed above it."""

    VIEWER = "viewer", _("Viewer")
    OPERATOR = "operator", _("Operator")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Administrator")

    def includes(self, other: "Role") -> bool:
        """Tell whether this role may do everything that `other` may do."""
        ladder = list(Role)
        return ladder.index(self) >= ladder.index(other)
