"""Templates with holes, for what is rendered by the dozen or all day long.

A template says much the same each time: its words, its icons, its addresses. A stencil is such a
template rendered once, with holes where the values go; filling the holes costs a hundredth of
rendering. The template stays the one place that says what the part looks like, and stays an
ordinary one: `render` gives the same page, and a test compares them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from inventory_site.access.http import Request

_HOLE = re.compile(r"\.-([\w.]+)-\.")  # may stand wherever a SKU may: in text, attributes and URLs
_INDENTATION = re.compile(r"\n\s*")


def stencilled(template: str, values: Mapping[str, object], **asked: object) -> SafeString:
    """Return `template` with `values` in it, as rendering it would: escaped unless marked safe.

    An `{% if %}` may ask whether a value is there (empty and 0 are not), and everything about
    `asked`, of which there should be few. It may not compare or filter a value: that is a hole.
    Whole numbers are shown as the language groups them; a number for programs is passed as text.
    """
    return SafeString(_filled(template, values, tuple(asked.items()), get_language()))


def all_stencilled(
    template: str, many: Iterable[Mapping[str, object]], **asked: object
) -> SafeString:
    """Return what `stencilled` would of each of `many`, as one text."""
    questions, language = tuple(asked.items()), get_language()
    return SafeString("".join([_filled(template, each, questions, language) for each in many]))


def stencilled_page(
    request: Request, template: str, values: Mapping[str, object], **asked: object
) -> HttpResponse:
    """Answer with a whole page that goes by `templates_shared/base.html`, as `render` would.

    The page may use of `request` and `user` what `_frame` lists.
    """
    if len(get_messages(request)):  # rare, and different each time
        return render(request, template, dict(values) | asked)
    frame, framed = _frame(request)
    return HttpResponse(stencilled(template, frame | dict(values), **framed, **asked))


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Return several filled stencils as one text."""
    return SafeString("".join(parts))


def _frame(request: Request) -> tuple[dict[str, object], dict[str, object]]:
    """Return what every page shows of a request and its person, and what it asks about them."""
    user, theme = request.user, request.COOKIES.get("theme")
    shown = {
        "csrf_token": get_token(request),
        "fresh_key": uuid4(),
        "request.get_full_path": request.get_full_path(),
        "user.name": user.name,
        "user.email": user.email,
        "user.initials": user.initials,
        "user.role_label": user.role_label,
    }
    asked = {
        "request.path": request.path,
        "request.COOKIES.theme": theme if theme in {"light", "dark"} else "",
        "user.is_authenticated": True,
        "user.can_move": user.can_move,
        "user.can_manage": user.can_manage,
        "user.can_administer": user.can_administer,
    }
    return shown, asked


def _filled(
    template: str,
    values: Mapping[str, object],
    asked: tuple[tuple[str, object], ...],
    language: str | None,
) -> str:
    there = tuple([value and ... for value in values.values()])
    text, holes = _cut(template, language, tuple(values), there, asked)
    filling = {}
    for name in holes:
        value = values[name]
        if isinstance(value, SafeString):
            filling[name] = str.__str__(value)
        elif isinstance(value, int):
            filling[name] = _grouped(value, language)
        else:
            filling[name] = _escaped(str(value))
    return text % filling


@lru_cache(maxsize=1024)
def _cut(
    template: str,
    _language: str | None,
    names: tuple[str, ...],
    there: tuple[object, ...],
    asked: tuple[tuple[str, object], ...],
) -> tuple[str, tuple[str, ...]]:
    """Render a template in the language of now, with a hole `%(name)s` for each value.

    `there` has an ellipsis for a value that is a hole, and what is empty or 0 as it is.
    """
    context: dict[str, Any] = {}
    for name, value in (*zip(names, there, strict=True), *asked):
        *objects, attribute = name.split(".")
        inner = context
        for each in objects:
            inner = inner.setdefault(each, {})
        inner[attribute] = f".-{name}-." if value is ... else value
    text = _INDENTATION.sub("\n", render_to_string(template, context)).strip()
    return _HOLE.sub(r"%(\1)s", text.replace("%", "%%")), tuple(set(_HOLE.findall(text)))


_escaped = lru_cache(maxsize=4096)(html.escape)  # places, makers and categories come again


@lru_cache(maxsize=4096)
def _grouped(number: int, _language: str | None) -> str:
    return number_format(number)
