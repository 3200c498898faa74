"""Keys that make a write count once, however often a program sends it.

The ledger keeps keys of its own, for ever. For every other write the first answer is kept for
`KEPT` in the same atomic block as the change, so that there is never one without the other, and
sealed, because it may tell a secret. A refusal is not kept, because it changed nothing: the same
key may try again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from inventory_site.api.authentication import person_of
from inventory_site.api.models import KeptAnswer
from inventory_site.api.problems import Conflict
from inventory_site.notices.sealing import Unreadable, seal, unseal
from inventory_site.stock.refusals import KeyReused

KEPT = timedelta(days=1)
KEPT_HEADERS = ("ETag", "Location")


class KeyNeeded(APIException):
    """There is no key: nobody could tell a second sending from a second act."""

    status_code = 400
    default_detail = _("Send an Idempotency-Key header: a UUID that is new for each act.")
    default_code = "idempotency_key_missing"


class AnswerLost(Conflict):
    """The write was done, but what was answered was sealed with another key of the site."""

    default_detail = _("This was done before, but its answer can no longer be read.")
    default_code = "answer_lost"


def key_of(request: Request) -> UUID:
    """Return the key that came with a write; raise `KeyNeeded` where there is none."""
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError:
        raise KeyNeeded from None


def once[**P](act: Callable[P, Response]) -> Callable[P, Response]:
    """Make a viewset's write one atomic block that counts once; a repeat gets the first answer.

    Raises `KeyNeeded`, or `KeyReused` where the key belongs to another write.
    """

    @wraps(act)
    def kept(*args: P.args, **kwargs: P.kwargs) -> Response:
        view: Any = args[0]
        key, person_id = key_of(view.request), person_of(view.request).id
        fingerprint = _fingerprint(view.request)
        with transaction.atomic():
            if not _is_new(person_id, key, fingerprint):
                return _replayed(KeptAnswer.objects.get(person_id=person_id, key=key), fingerprint)
            answer = act(*args, **kwargs)
            told = "" if answer.data is None else JSONRenderer().render(answer.data).decode()
            KeptAnswer.objects.filter(person_id=person_id, key=key).update(
                status=answer.status_code,
                body=told and seal(told),
                headers={name: answer[name] for name in KEPT_HEADERS if name in answer},
            )
        return answer

    kept.is_once = True  # type: ignore[attr-defined]  # read by the OpenAPI document
    return kept


def _is_new(person_id: UUID, key: UUID, fingerprint: bytes) -> bool:
    """Take the key; whoever sends the same at the same time waits here for how it ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_keptanswer (person_id, key, fingerprint, status, body, headers)"
            " VALUES (%s, %s, %s, 0, '', '{}') ON CONFLICT DO NOTHING",
            [person_id, key, fingerprint],
        )
        is_new: bool = cursor.rowcount == 1
        return is_new


def _replayed(answer: KeptAnswer, fingerprint: bytes) -> Response:
    if bytes(answer.fingerprint) != fingerprint:
        raise KeyReused
    try:
        data = json.loads(unseal(answer.body)) if answer.body else None
    except Unreadable:
        raise AnswerLost from None
    headers = answer.headers | {"Idempotency-Replayed": "true"}
    return Response(data, status=answer.status, headers=headers)


def _fingerprint(request: Request) -> bytes:
    """Tell apart what is asked for: method, address and body."""
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(asked + request._request.body).digest()


def forget_old() -> None:
    """Delete answers that were kept long enough."""
    KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
