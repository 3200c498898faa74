"""Delivers notices to webhooks until they are heard: at least once, each receiver on its own lane.

The trigger of `notices.sql` says what is to be delivered. A delivery that a worker took in hand and
did not finish, because it was killed, is sent again under the same id.
"""

from __future__ import annotations

import json
import logging
import random
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, timedelta
from threading import Event
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from inventory_site.notices.kinds import NoticeKind
from inventory_site.notices.models import Delivery, Failure, Notice, Webhook
from inventory_site.notices.sealing import Unreadable, unseal
from inventory_site.notices.sending import Outcome, send

log = logging.getLogger(__name__)

LANES = 16  # receivers that are told at the same time
LOOK_SECONDS = 0.5  # how often new deliveries are looked for while some are in hand
FIRST_WAIT = 20.0  # seconds to the second attempt; doubled each time
ATTEMPTS = 13  # 12 waits: about 23 hours in all


def deliver_due(stopping: Event) -> None:
    """Send what is due, one at a time to each receiver, until nothing is or we are asked to stop.

    A receiver that is slow keeps its own lane busy and no other.
    """
    in_hand: dict[Future[Outcome], Delivery] = {}
    with ThreadPoolExecutor(LANES, thread_name_prefix="webhook") as lanes:
        while True:
            while len(in_hand) < LANES and not stopping.is_set():
                taken = _take([delivery.webhook_id for delivery in in_hand.values()])
                if taken is None:
                    break
                in_hand[lanes.submit(_attempt, taken)] = taken
            if not in_hand:
                return
            done, _rest = wait(in_hand, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                _settle(in_hand.pop(future), _outcome(future))


def _outcome(attempt: Future[Outcome]) -> Outcome:
    """Return how an attempt went; one that surprises us has failed, and stops no other lane."""
    try:
        return attempt.result()
    except Exception as error:
        log.exception("an attempt to reach a webhook came to an unforeseen end")
        return Outcome(failure=Failure.CONNECTION, detail=type(error).__name__)


def _take(busy: list[int]) -> Delivery | None:
    """Take the longest due delivery to a receiver that is not `busy`; None where there is none.

    The attempt that follows is set at once, in case this one comes to nothing, so no lock is held
    while we talk to others. Several workers may run: they skip each other's rows.
    """
    with transaction.atomic():
        due = Delivery.objects.due().exclude(webhook__in=busy).select_related("webhook", "notice")
        delivery = due.select_for_update(of=("self",), skip_locked=True).first()
        if delivery is not None:
            wait_for = timedelta(seconds=seconds_to_next(delivery.attempts))
            delivery.attempts += 1
            Delivery.objects.filter(pk=delivery.pk).update(
                attempts=delivery.attempts, next_attempt_at=Now() + wait_for
            )
    return delivery


def seconds_to_next(attempts: int) -> float:
    """Return how long to wait after one more attempt, when there were so many before it.

    A fifth more or less by chance, so that what failed together is not tried again together.
    """
    doubled: float = FIRST_WAIT * 2 ** min(attempts, ATTEMPTS)
    return doubled * random.uniform(0.8, 1.2)  # noqa: S311 (not a secret)


def _attempt(delivery: Delivery) -> Outcome:
    """Send a delivery once. Runs on a lane of its own and leaves the database alone."""
    try:
        secret = unseal(delivery.webhook.sealed)
    except Unreadable as error:
        return Outcome(failure=Failure.SECRET, detail=str(error))
    headers = {"TechStock-Event": delivery.notice.kind, "TechStock-Delivery": str(delivery.pk)}
    body = json.dumps(content_of(delivery.notice), ensure_ascii=False, separators=(",", ":"))
    return send(delivery.webhook.url, body.encode(), secret=secret, headers=headers)


def content_of(notice: Notice) -> dict[str, Any]:
    """Return what a receiver is told, the same at every attempt."""
    return {
        "id": str(notice.pk),
        "kind": notice.kind,
        "created_at": notice.created_at.astimezone(UTC).isoformat(),
        "data": notice.data,
    }


def _settle(delivery: Delivery, outcome: Outcome) -> None:
    """Write down how an attempt went; after the last one, give up."""
    found: dict[str, Any] = {
        "response_code": outcome.status,
        "failure": outcome.failure or "",
        "detail": outcome.detail,
    }
    if outcome.failure is None:
        found["delivered_at"] = Now()
    elif delivery.attempts >= ATTEMPTS:
        found["given_up_at"] = Now()
    if outcome.failure:
        log.warning(
            "webhook %s did not take %s at attempt %s: %s %s",
            *(delivery.webhook_id, delivery.pk, delivery.attempts),
            *(outcome.failure, outcome.status or outcome.detail),
        )
    # Another worker may have delivered it meanwhile, where this attempt took very long.
    Delivery.objects.waiting().filter(pk=delivery.pk).update(**found)


def send_again(delivery: Delivery) -> None:
    """Have a delivery sent anew under the same id, from the first attempt on."""
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=0, next_attempt_at=Now(), delivered_at=None, given_up_at=None
    )


def send_test(webhook: Webhook) -> Delivery:
    """Have a webhook told that this is a test, whatever kinds it asks for."""
    with transaction.atomic():
        notice = Notice.objects.create(kind=NoticeKind.TEST, mailed_at=Now())
        return Delivery.objects.create(webhook=webhook, notice=notice)


def forget_old() -> None:
    """Delete what was delivered or given up long ago, and notices nobody has to hear of."""
    age = timedelta(days=settings.WEBHOOK_LOG_DAYS)
    Delivery.objects.done_for(age).delete()
    Notice.objects.told_before(age).delete()
