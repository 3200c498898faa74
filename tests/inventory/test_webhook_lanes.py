"""Each receiver has a lane of its own: paused, slow or late, it is in nobody else's way."""

from threading import Event, Thread

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from inventory_site.notices import delivery
from inventory_site.notices.models import Delivery, Webhook
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


def test_one_that_answers_too_late_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory_site.notices.sending.SECONDS", 0.3)
    with receiving(is_open=False) as receiver:
        webhook_to(receiver.url)
        shortage()
        deliver()
    assert Delivery.objects.get().failure == "timeout"
