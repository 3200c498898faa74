"""Each receiver has a lane of its own: paused, slow or late, it is in nobody else's way."""

from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from inventory_site.notices import delivery, sending
from inventory_site.notices.models import Delivery, Webhook
from inventory_site.notices.sending import Outcome
from tests.inventory.receiver import WAIT, deliver, receiving, shortage, webhook_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(settings: Settings) -> None:
    """Let webhooks lead to this machine, where the tests' receivers are."""
    settings.WEBHOOK_PRIVATE_ADDRESSES = True


def test_what_was_paused_goes_on_where_it_was() -> None:
    with receiving() as receiver:
        webhook_to(receiver.url)
        shortage()
        Webhook.objects.update(is_active=False)
        deliver()
        assert receiver.told.empty()
        Webhook.objects.update(is_active=True)
        deliver()
        assert receiver.told.qsize() == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_is_slow_holds_up_nobody_else() -> None:
    with receiving(is_open=False) as slow, receiving() as quick:
        for receiver in (slow, quick):
            webhook_to(receiver.url)
        for _number in range(3):
            shortage()
        stopping = Event()

        def work() -> None:
            delivery.deliver_due(stopping)
            connection.close()

        worker = Thread(target=work)
        worker.start()
        slow.next()
        for _number in range(3):  # all of them, while the slow one has not answered the first
            quick.next()
        assert slow.told.empty()
        stopping.set()
        slow.is_open.set()
        worker.join(WAIT)
    assert Delivery.objects.exclude(delivered_at=None).count() == 4


@pytest.mark.parametrize("url", ["https://xn--a/", "http://hook.example/\x7f", "http://[::1"])
def test_an_address_that_is_none_fails_like_any_and_the_others_are_told(url: str) -> None:
    with receiving() as receiver:
        for address in (url, receiver.url):
            webhook_to(address)
        shortage()
        deliver()
        assert receiver.told.qsize() == 1
    wrong = Delivery.objects.get(webhook__url=url)
    assert (wrong.failure, wrong.attempts, wrong.is_waiting) == ("connection", 1, True)
    assert Delivery.objects.exclude(delivered_at=None).count() == 1


def test_a_lane_that_fails_in_a_way_nobody_thought_of_takes_no_other_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def surprise(url: str, *args: Any, **kwargs: Any) -> Outcome:
        if "surprise" in url:
            raise ZeroDivisionError
        return sending.send(url, *args, **kwargs)

    monkeypatch.setattr(delivery, "send", surprise)
    with receiving() as receiver:
        for address in ("http://surprise/", receiver.url):
            webhook_to(address)
        shortage()
        deliver()
    found = dict(Delivery.objects.values_list("webhook__url", "detail"))
    assert found == {"http://surprise/": "ZeroDivisionError", receiver.url: ""}
    assert Delivery.objects.exclude(delivered_at=None).count() == 1


def test_one_that_answers_too_late_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory_site.notices.sending.SECONDS", 0.3)
    with receiving(is_open=False) as receiver:
        webhook_to(receiver.url)
        shortage()
        deliver()
    assert Delivery.objects.get().failure == "timeout"
