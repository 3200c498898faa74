"""The pages about webhooks, for managers."""

import re

import pytest
from django.test import Client

from inventory_site.notices.models import Delivery, Notice, Webhook
from inventory_site.notices.sealing import unseal
from tests.inventory.receiver import webhook_to

pytestmark = pytest.mark.django_db
URL = "https://hook.example/a?b=c"
SECRET = re.compile(r"whsec_[\w-]{43}")


def text_of(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "This field is required."),
        ("ftp://hook.example/", "Enter a web address"),
        ("file:///etc/passwd", "Enter a web address"),
        ("hook.example", "Enter a web address"),
        ("https://name:word@hook.example/", "without a name or password"),
        ("https://hook.example:port/", "Enter a web address"),
        ("https://[::1", "Enter a web address"),
        ("https://hook example/", "Enter a web address"),
        ("https://xn--a/", "Enter a web address"),
        ("https://hook.example/\x7f", "Enter a web address"),
        ("http://127.0.0.1/", "inside our own network"),
        ("http://[::1]:8000/", "inside our own network"),
        ("http://169.254.169.254/latest/meta-data/", "inside our own network"),
        ("http://10.0.0.1:5432/", "inside our own network"),
    ],
)
def test_an_address_that_is_no_receiver_is_refused(
    manager: Client, url: str, sentence: str
) -> None:
    answer = manager.post("/webhooks/new/", {"url": url, "kinds": ["low_stock"]})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("kinds", [[], ["low_stock", "everything"], ["test"]])
def test_it_must_be_told_of_something_there_is(manager: Client, kinds: list[str]) -> None:
    assert manager.post("/webhooks/new/", {"url": URL, "kinds": kinds}).status_code == 422
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("url", [URL, "http://receiver:8000/", "https://1.1.1.1/"])
def test_a_new_webhook_shows_its_secret_once(manager: Client, url: str) -> None:
    form = {"url": url, "kinds": ["out_of_stock", "low_stock"], "is_active": "on"}
    page = manager.post("/webhooks/new/", form).content.decode()
    webhook = Webhook.objects.get()
    (secret,) = SECRET.findall(page)
    assert unseal(webhook.sealed) == secret
    assert (webhook.url, webhook.kinds) == (url, ["low_stock", "out_of_stock"][::-1])
    assert webhook.created_by.name == "Marina Ribeiro"
    for address in ("/webhooks/", webhook.get_absolute_url(), f"/webhooks/{webhook.pk}/edit/"):
        shown = text_of(manager, address)
        assert not SECRET.search(shown)
        assert "hook.example" in shown or url != URL


def test_a_new_secret_is_asked_about_and_shown_once(manager: Client) -> None:
    webhook, old = webhook_to(URL)
    page = f"/webhooks/{webhook.pk}/secret/"
    assert not SECRET.search(text_of(manager, page))
    (new,) = SECRET.findall(manager.post(page).content.decode())
    webhook.refresh_from_db()
    assert new == unseal(webhook.sealed) != old


def test_it_can_be_changed_and_paused(manager: Client) -> None:
    webhook, secret = webhook_to(URL)
    form = {"url": "https://other.example/", "kinds": ["verification_failed"]}
    manager.post(f"/webhooks/{webhook.pk}/edit/", form)
    webhook.refresh_from_db()
    assert (webhook.url, webhook.kinds) == ("https://other.example/", ["verification_failed"])
    assert not webhook.is_active
    assert unseal(webhook.sealed) == secret
    assert "Paused" in text_of(manager, "/webhooks/")


def test_deleting_is_asked_about_and_takes_the_log_along(manager: Client) -> None:
    webhook, _secret = webhook_to(URL)
    Notice.objects.create(kind="low_stock")
    assert URL in text_of(manager, f"/webhooks/{webhook.pk}/removal/")
    assert manager.post(f"/webhooks/{webhook.pk}/removal/").headers["Location"] == "/webhooks/"
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()
