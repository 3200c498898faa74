"""One signed request to one receiver: no redirects, no proxies, five seconds in all."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl
import time
from dataclasses import dataclass
from functools import cache

import httpx

from inventory_site.notices.addresses import (
    AddressRefused,
    HostUnknown,
    addresses_of,
    target_of,
)
from inventory_site.notices.models import Failure

SECONDS = 5.0
CONNECT_SECONDS = 2.0  # to one address; another may answer
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt went: the status that was answered, and why it was not good, if so."""

    status: int | None = None
    failure: Failure | None = None
    detail: str = ""


def signature(secret: str, body: bytes, *, at: int) -> str:
    """Return the value of `TechStock-Signature` for a body sent at `at` (seconds since 1970)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={digest.hexdigest()}"


def send(url: str, body: bytes, *, secret: str, headers: dict[str, str]) -> Outcome:
    """Post `body`, signed now, and say how it went; never raises for what a receiver does."""
    try:
        target = target_of(url)
        addresses = addresses_of(target.host, target.port or PORTS[target.scheme])
    except httpx.InvalidURL as error:
        return Outcome(failure=Failure.CONNECTION, detail=str(error)[:200])
    except HostUnknown as error:
        return Outcome(failure=Failure.UNKNOWN_HOST, detail=str(error))
    except AddressRefused as error:
        return Outcome(failure=Failure.ADDRESS, detail=str(error))
    signed = headers | {
        "Host": target.netloc.decode(),
        "Content-Type": "application/json",
        "User-Agent": "TechStock",
        "TechStock-Signature": signature(secret, body, at=int(time.time())),
    }
    try:
        status = asyncio.run(_post(target, addresses, body, signed))
    except (TimeoutError, httpx.TimeoutException):
        return Outcome(failure=Failure.TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(failure=Failure.CONNECTION, detail=str(error)[:200])
    return judged(status)


def judged(status: int) -> Outcome:
    """Say what a status means: any 2xx is good, nothing else is."""
    if 200 <= status < 300:
        return Outcome(status)
    return Outcome(status, Failure.REDIRECT if 300 <= status < 400 else Failure.STATUS)


async def _post(
    target: httpx.URL, addresses: list[str], body: bytes, headers: dict[str, str]
) -> int:
    """Return the status of the first address that can be reached; its answer is not read.

    The time is limited as a whole, also for a receiver that answers drop by drop.
    """
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(
            verify=_trusted(),
            timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
            trust_env=False,
        ) as client,
    ):
        for number, address in enumerate(addresses, 1):
            try:
                async with client.stream(
                    "POST",
                    target.copy_with(host=address),
                    content=body,
                    headers=headers,
                    extensions={"sni_hostname": target.host},  # whose certificate we want to see
                ) as answer:
                    return answer.status_code
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(addresses):
                    raise
    raise httpx.ConnectError("no address")


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom we trust; read once, because that takes a while."""
    return httpx.create_ssl_context()
