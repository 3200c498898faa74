"""Delivers logout notices to the inventory site, as signed tokens.

The tokens are those of OpenID Connect Back-Channel Logout 1.0, with the cut-off beside it.
"""

import logging
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from identity_site.tokens.access_token import sign
from identity_site.tokens.models import LogoutNotice

log = logging.getLogger(__name__)

PATH = "/internal/backchannel-logout/"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
ERASURE_EVENT = "urn:techstock:event:erasure"
BATCH = 50
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds between attempts; doubled each time
KEPT_FOR = timedelta(days=1)


def connect() -> httpx.Client:
    """Return a client of the inventory site that speaks as our proxy would."""
    address = settings.BACKCHANNEL_ADDRESS
    path = address.removeprefix("unix:")
    public = urlsplit(settings.PUBLIC_ORIGIN)
    return httpx.Client(
        base_url="http://inventory" if path != address else f"http://{address}",
        transport=httpx.HTTPTransport(uds=path if path != address else None),
        headers={"Host": public.netloc, "X-Forwarded-Proto": public.scheme},
        timeout=httpx.Timeout(5, connect=2),
    )


def deliver_due(client: httpx.Client) -> bool:
    """Send one batch of what is due; tell whether there may be more to send at once.

    A failure is no error here: the notice stays in the outbox and its next attempt is set already.
    """
    give_up_late()
    notices = _claim()
    for notice in notices:
        try:
            answer = client.post(PATH, data={"logout_token": logout_token(notice)})
        except httpx.HTTPError as error:
            log.warning("the inventory site was not told of %s: %r", notice, error)
            return False  # nor would the others get through; each has its next attempt
        if answer.is_success:
            LogoutNotice.objects.filter(pk=notice.pk).update(delivered_at=Now())
        else:
            log.error("the inventory site refused %s: %s", notice, answer.status_code)
            if answer.is_server_error:
                return False
    return len(notices) == BATCH


def _claim() -> list[LogoutNotice]:
    """Take what is due, and set the attempt that follows if this one should come to nothing.

    No lock is held while we talk to the other site. Several workers may run: they skip each
    other's rows, and a notice that is delivered twice does no harm.
    """
    with transaction.atomic():
        notices = list(LogoutNotice.objects.due().select_for_update(skip_locked=True)[:BATCH])
        now = datetime.now(UTC)  # by the clock that also dates tokens
        for notice in notices:
            notice.cut_off_at = notice.cut_off_at or now
            notice.next_attempt_at = Now() + timedelta(seconds=seconds_to_next(notice.attempts))
            notice.attempts += 1
        LogoutNotice.objects.bulk_update(notices, ["cut_off_at", "next_attempt_at", "attempts"])
    return notices


def seconds_to_next(attempts: int) -> float:
    """Return how long to wait after one more attempt, when there were so many before it."""
    wait: float = FIRST_WAIT * 2 ** min(attempts, 10)
    return min(wait, LONGEST_WAIT)


def logout_token(notice: LogoutNotice) -> str:
    """Return the signed token that says what a notice says; good for two minutes."""
    if notice.cut_off_at is None:
        raise ValueError("The cut-off is stamped before a notice is sent.")
    now = time.time()
    events: dict[str, Any] = {LOGOUT_EVENT: {"before": notice.cut_off_at.timestamp()}}
    if notice.is_erasure:
        events[ERASURE_EVENT] = {}
    claims = {
        "iss": settings.TOKEN_ISSUER,
        "aud": settings.TOKEN_AUDIENCE,
        "iat": int(now),
        "exp": int(now) + 120,
        "jti": uuid.uuid4().hex,
        "events": events,
    }
    if notice.sid:
        claims["sid"] = notice.sid
    if notice.sub:
        claims["sub"] = str(notice.sub)
    return sign(claims, typ="logout+jwt")


def give_up_late() -> None:
    """Give up what can no longer matter, because every token from before has expired.

    An erasure is never given up: it matters until it is heard.
    """
    late = LogoutNotice.objects.waiting().late().filter(is_erasure=False)
    if given_up := late.update(expired_at=Now()):
        log.error("%s logout notices came too late: their tokens have expired", given_up)


def forget_done() -> None:
    """Delete what was delivered or given up over a day ago."""
    LogoutNotice.objects.done_for(KEPT_FOR).delete()
