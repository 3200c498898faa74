"""Codes that people type and scan: SKUs and location codes, one shape for both."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 64
SHAPE = r"[A-Za-z0-9._-]{1,64}"
RESERVED = {"new", "summary", ".", ".."}
"""`/products/new/` and `/api/v1/products/summary/` are no products; dots alone are not a path."""


def validate_code(value: str) -> None:
    """Raise `ValidationError` unless `value` can be a code (and so part of a URL)."""
    if not re.fullmatch(SHAPE, value):
        raise ValidationError(
            _("Use letters, digits, “.”, “-” and “_” only, at most %(max)d characters."),
            code="code",
            params={"max": MAX_LENGTH},
        )
    if value.lower() in RESERVED:
        raise ValidationError(
            _("“%(value)s” is reserved. Choose another code."),
            code="reserved",
            params={"value": value},
        )


class CodeConverter:
    """URL path converter for codes: anything else is simply not found."""

    regex = SHAPE

    def to_python(self, value: str) -> str:
        """Return the code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it stands."""
        return value
