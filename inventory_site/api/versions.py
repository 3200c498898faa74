"""Versions of what can be edited, so that nobody overwrites what they have not seen (RFC 9110).

A version (`ETag`) is of the facts that may be edited. What a document says beside them, such as
units on hand, moves without it; no cache is told to rely on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request


class VersionNeeded(APIException):
    """Nobody said which version is to be changed."""

    status_code = 428
    default_detail = _("Send an If-Match header with the ETag of what you have read.")
    default_code = "if_match_missing"


class Stale(APIException):
    """Somebody changed it since it was read."""

    status_code = 412
    default_detail = _("Somebody changed this meanwhile. Read it again.")
    default_code = "stale"


def version_of(facts: Mapping[str, Any]) -> str:
    """Return the entity tag of these facts."""
    return f'"{hashlib.sha256(JSONRenderer().render(facts)).hexdigest()[:32]}"'


def check_version(request: Request, version: str) -> None:
    """Raise `VersionNeeded` or `Stale` unless `If-Match` names this version; “*” is any."""
    header = request.headers.get("If-Match")
    if not header:
        raise VersionNeeded
    asked = parse_etags(header)
    if asked != ["*"] and version not in asked:
        raise Stale
