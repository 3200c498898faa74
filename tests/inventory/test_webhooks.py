"""Webhooks: signed, sent until they are heard, each receiver on a lane of its own."""

import hashlib
import hmac
import time

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from inventory_site.notices import register
from inventory_site.notices.delivery import ATTEMPTS, content_of, seconds_to_next
from inventory_site.notices.models import Delivery, Notice, Webhook
from tests.inventory.receiver import deliver, make_due, receiving, webhook_to
from tests.stack_fixture import free_port

pytestmark = pytest.mark.django_db
DATA = {"product": {"id": 1, "sku": "X", "name": "Câmera “4K”"}, "on_hand": 0, "reorder_point": 2}


@pytest.fixture(autouse=True)
def _inside(settings: Settings) -> None:
    """Let webhooks lead to this machine, where the tests' receivers are."""
    settings.WEBHOOK_PRIVATE_ADDRESSES = True


def notice() -> Notice:
    """Put a notice into the outbox, as the triggers do."""
    return Notice.objects.create(kind="out_of_stock", data=DATA)


@pytest.mark.parametrize(
    ("status", "failure"), [(302, "redirect"), (404, "status"), (410, "status"), (503, "status")]
)
def test_what_is_refused_is_kept_for_another_attempt(status: int, failure: str) -> None:
    with receiving(status) as receiver:
        webhook_to(receiver.url)
        notice()
        deliver()
        assert receiver.told.qsize() == 1  # a redirect is not followed either
    sent = Delivery.objects.get()
    assert (sent.response_code, sent.failure, sent.attempts) == (status, failure, 1)
    assert sent.is_waiting
    assert not Delivery.objects.due().exists()


def test_what_reaches_nobody_is_kept_for_another_attempt() -> None:
    webhook_to(f"http://127.0.0.1:{free_port()}/")
    notice()
    deliver()
    sent = Delivery.objects.get()
    assert (sent.response_code, sent.failure) == (None, "connection")
    assert sent.is_waiting


def test_a_secret_that_cannot_be_read_is_said_so() -> None:
    with receiving() as receiver:
        webhook_to(receiver.url)
        Webhook.objects.update(sealed="sealed by somebody else")
        notice()
        deliver()
        assert receiver.told.empty()
    assert Delivery.objects.get().failure == "secret"


def test_after_the_last_attempt_it_is_given_up() -> None:
    with receiving(500) as receiver:
        webhook_to(receiver.url)
        notice()
        Delivery.objects.update(attempts=ATTEMPTS - 1)
        deliver()
        make_due()
        deliver()
        assert receiver.told.qsize() == 1
    assert Delivery.objects.get().given_up_at


def test_attempts_come_less_and_less_often_for_about_a_day() -> None:
    waits = [seconds_to_next(attempts) for attempts in range(ATTEMPTS - 1)]
    assert all(16 * 2**n <= wait <= 24 * 2**n for n, wait in enumerate(waits))
    assert 18 * 3600 < sum(waits) < 28 * 3600
    assert len({seconds_to_next(1) for _ in range(10)}) > 1  # not all at the same moment


def test_it_is_signed_so_that_the_receiver_can_tell() -> None:
    with receiving() as receiver:
        _webhook, secret = webhook_to(receiver.url)
        made = notice()
        deliver()
        told = receiver.next()
    at, signature = told.headers["TechStock-Signature"].removeprefix("t=").split(",v1=")
    mac = hmac.new(secret.encode(), at.encode() + b"." + told.body, hashlib.sha256)
    assert signature == mac.hexdigest()
    assert abs(time.time() - int(at)) < 60
    assert told.path == "/hook?from=techstock"
    assert told.headers["Host"] == receiver.url.split("/")[2]
    assert told.headers["TechStock-Event"] == "out_of_stock"
    assert told.headers["TechStock-Delivery"] == str(Delivery.objects.get().pk)
    assert told.headers["Content-Type"] == "application/json"
    made.refresh_from_db()
    assert told.content == content_of(made)
    assert set(told.content) == {"id", "kind", "created_at", "data"}
    assert told.content["data"] == DATA


def test_refused_once_and_taken_the_second_time_it_counts_once_as_delivered() -> None:
    with receiving(500) as receiver:
        webhook_to(receiver.url)
        notice()
        deliver()
        deliver()  # it is not due yet
        assert receiver.told.qsize() == 1
        make_due()
        deliver()
        make_due()
        deliver()
        first, second = receiver.next(), receiver.next()
        assert receiver.told.empty()
    assert first.headers["TechStock-Delivery"] == second.headers["TechStock-Delivery"]
    assert first.body == second.body
    sent = Delivery.objects.get()
    assert (sent.attempts, sent.response_code, sent.failure) == (2, 200, "")
    assert sent.delivered_at
    assert sent.given_up_at is None


def test_a_new_secret_signs_from_the_next_attempt_on() -> None:
    with receiving(500) as receiver:
        webhook, old = webhook_to(receiver.url)
        notice()
        deliver()
        new = register.renew_secret(webhook)
        make_due()
        deliver()
        told = [receiver.next(), receiver.next()]
    for secret, request in zip((old, new), told, strict=True):
        at, signature = request.headers["TechStock-Signature"].removeprefix("t=").split(",v1=")
        mac = hmac.new(secret.encode(), at.encode() + b"." + request.body, hashlib.sha256)
        assert signature == mac.hexdigest()


def test_the_database_alone_does_not_tell_the_secret() -> None:
    _webhook, secret = webhook_to("https://example.com/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT notices_webhook::text FROM notices_webhook")
        (row,) = cursor.fetchone()
    assert "example.com" in row
    assert secret not in row
