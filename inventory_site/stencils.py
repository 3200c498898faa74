"""Templates with holes, for the parts of pages that come by the dozen or answer every press.

A template that is rendered fifty times for one page says much the same fifty times: its words, its
icons, its addresses. A stencil is such a template rendered once, with holes where the values go;
after that the holes are filled, which costs a hundredth. The template stays the one place that says
what the part looks like, and stays an ordinary one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_HOLE = re.compile(r"\.-(\w+)-\.")  # may stand wherever a SKU may: in text, attributes and URLs
_INDENTATION = re.compile(r"\n\s*")

type Shape = tuple[tuple[str, object], ...]
"""What of the context a template may ask about; `...` stands for a value that is a hole."""


def stencilled(template: str, values: Mapping[str, object], **asked: object) -> SafeString:
    """Return `template` with `values` in it, as rendering it would: escaped unless marked safe.

    An `{% if %}` may ask whether a value is there (empty and 0 are not), and everything about
    `asked`, of which there should be few. It may not compare or filter a value: that is a hole.
    Whole numbers are shown as the language groups them; a number for programs is passed as text.
    """
    shape = tuple((name, ... if value else value) for name, value in values.items())
    text, holes = _cut(template, get_language(), shape + tuple(asked.items()))
    return mark_safe(text % {name: _shown(values[name]) for name in holes})  # noqa: S308 (escaped)


@lru_cache(maxsize=1024)
def _cut(template: str, _language: str | None, shape: Shape) -> tuple[str, frozenset[str]]:
    """Render a template in the language of now, with a hole `%(name)s` for each value."""
    context = {name: f".-{name}-." if value is ... else value for name, value in shape}
    text = _INDENTATION.sub("\n", render_to_string(template, context)).strip()
    return _HOLE.sub(r"%(\1)s", text.replace("%", "%%")), frozenset(_HOLE.findall(text))


def _shown(value: object) -> str:
    if isinstance(value, SafeString):
        return value
    if isinstance(value, int):
        return _grouped(value, get_language())
    return html.escape(str(value))


@lru_cache(maxsize=4096)
def _grouped(number: int, _language: str | None) -> str:
    return number_format(number)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Return several filled stencils as one text."""
    return mark_safe("".join(parts))  # noqa: S308 (safe, each of them)
