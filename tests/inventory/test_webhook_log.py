"""The log of deliveries on a webhook's page, and the buttons beside it."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from inventory_site.notices.models import Delivery, Notice
from tests.inventory.receiver import deliver, receiving, shortage, webhook_to

pytestmark = pytest.mark.django_db


def text_of(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_test_is_sent_to_this_one_and_to_no_other(manager: Client, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    with receiving() as receiver, receiving() as other:
        webhook, _secret = webhook_to(receiver.url, "low_stock")
        webhook_to(other.url)
        manager.post(f"/webhooks/{webhook.pk}/tests/")
        deliver()
        assert receiver.next().content["kind"] == "test"
        assert other.told.empty()
    page = text_of(manager, webhook.get_absolute_url())
    assert "Delivered" in page
    assert "This is a test." in page


def test_the_log_says_how_each_went(manager: Client, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    data = {"product": {"name": "Dock", "sku": "D1"}, "on_hand": 0, "reorder_point": 0}
    with receiving(503) as receiver:
        webhook, _secret = webhook_to(receiver.url)
        Notice.objects.create(kind="out_of_stock", data=data)
        deliver()
    page = text_of(manager, webhook.get_absolute_url())
    assert "Trying again" in page
    assert "it refused" in page
    assert ">503<" in page
    assert "Dock (D1): none left" in page
    Delivery.objects.update(given_up_at=timezone.now())
    assert "Given up" in text_of(manager, webhook.get_absolute_url())


def test_what_was_given_up_can_be_sent_again(manager: Client, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    with receiving() as receiver:
        webhook, _secret = webhook_to(receiver.url)
        shortage()
        Delivery.objects.update(attempts=13, given_up_at=timezone.now())
        sent = Delivery.objects.get()
        answer = manager.post(f"/webhooks/deliveries/{sent.pk}/repetition/")
        assert answer.headers["Location"] == webhook.get_absolute_url()
        deliver()
        assert receiver.next().headers["TechStock-Delivery"] == str(sent.pk)
    sent.refresh_from_db()
    assert sent.attempts == 1
    assert sent.delivered_at
    assert sent.given_up_at is None


def test_a_long_log_has_pages(manager: Client) -> None:
    webhook, _secret = webhook_to("https://hook.example/")
    for _number in range(51):
        Notice.objects.create(kind="verification_failed", data={"differences": 1, "first_bad": "x"})
    page = text_of(manager, webhook.get_absolute_url())
    assert page.count("1 difference: x") == 50
    (cursor,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert text_of(manager, webhook.get_absolute_url() + cursor).count("1 difference: x") == 1
