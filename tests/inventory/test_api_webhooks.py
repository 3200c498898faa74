"""Webhooks for programs: what the pages refuse and do."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.api.models import KeptAnswer
from inventory_site.notices.models import Delivery, Webhook
from inventory_site.notices.sealing import unseal
from tests.inventory.programs import Program, problem_of, refused
from tests.inventory.receiver import at_commit, deliver, receiving, shortage, webhook_to

pytestmark = pytest.mark.django_db
URL = "https://hook.example/a?b=c"
NEW = {"url": URL, "kinds": ["low_stock"]}


@pytest.fixture
def manager() -> Program:
    """A program of who may manage webhooks."""
    return Program(Role.MANAGER)


def way_to(webhook: Webhook) -> str:
    return f"/webhooks/{webhook.pk}/"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "ftp://hook.example/"}, "url"),
        ({"url": "https://name:word@hook.example/"}, "url"),
        ({"url": "http://169.254.169.254/latest/meta-data/"}, "url"),
        ({"url": f"https://hook.example/{'x' * 500}"}, "url"),
        ({"url": 7}, "url"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["low_stock", "everything"]}, "kinds"),
        ({"kinds": ["test"]}, "kinds"),
        ({"kinds": "low_stock"}, "kinds"),
        ({"kinds": ["low_stock"] * 6}, "kinds"),
        ({"is_active": "perhaps"}, "is_active"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
def test_what_is_no_receiver_is_refused_when_added_and_when_changed(
    manager: Program, wrong: dict[str, Any], field: str
) -> None:
    problem = problem_of(manager.post("/webhooks/", NEW | wrong), 400)
    assert list(problem["errors"]) == [field]
    assert not Webhook.objects.exists()
    webhook, _secret = webhook_to(URL)
    changed = manager.send("PATCH", way_to(webhook), wrong, if_match="*")
    assert list(problem_of(changed, 400)["errors"]) == [field]
    webhook.refresh_from_db()
    assert webhook.url == URL


@pytest.mark.parametrize("act", ["secret/", "test/", "deliveries/{}/replay/"])
def test_an_act_says_all_by_its_address_and_needs_a_key(manager: Program, act: str) -> None:
    webhook, secret = webhook_to(URL)
    way = way_to(webhook) + act.format(uuid4())
    assert refused(manager.post(way, None, idempotency_key=""), 400) == "idempotency_key_missing"
    assert list(problem_of(manager.post(way, {"secret": "mine"}), 400)["errors"]) == ["secret"]
    webhook.refresh_from_db()
    assert unseal(webhook.sealed) == secret
    assert not Delivery.objects.exists()


def test_a_delivery_is_found_at_its_own_webhook_alone(manager: Program) -> None:
    mine, other = webhook_to(URL)[0], webhook_to("https://other.example/")[0]
    sent = manager.post(f"{way_to(mine)}test/", None).json()["id"]
    for way in (f"deliveries/{sent}/", f"deliveries/{uuid4()}/"):
        assert refused(manager.get(way_to(other) + way), 404) == "not_found"
    assert refused(manager.post(f"{way_to(other)}deliveries/{sent}/replay/", None), 404)
    assert refused(manager.get("/webhooks/999999/deliveries/"), 404) == "not_found"


def test_a_new_webhook_tells_its_secret_once(manager: Program) -> None:
    key = str(uuid4())
    added = manager.post("/webhooks/", NEW, idempotency_key=key)
    assert added.status_code == 201
    webhook, told = Webhook.objects.get(), added.json()
    assert told["secret"] == unseal(webhook.sealed)
    assert (told["url"], told["kinds"], told["is_active"]) == (URL, ["low_stock"], True)
    assert told["created_by_name"] == "Marina Ribeiro"
    read = manager.get(way_to(webhook))
    assert read.json() == {name: it for name, it in told.items() if name != "secret"}
    assert read.headers["ETag"] == added.headers["ETag"]
    assert manager.get("/webhooks/").json()["results"] == [read.json()]
    assert manager.post("/webhooks/", NEW, idempotency_key=key).content == added.content


def test_the_database_alone_does_not_tell_a_secret(manager: Program) -> None:
    secret = manager.post("/webhooks/", NEW).json()["secret"]
    kept = KeptAnswer.objects.get().body
    assert secret not in kept
    assert secret in unseal(kept)


def test_an_answer_that_was_sealed_with_another_key_is_lost_but_nothing_is_done_twice(
    manager: Program,
) -> None:
    key = str(uuid4())
    manager.post("/webhooks/", NEW, idempotency_key=key)
    KeptAnswer.objects.update(body="sealed otherwise")
    again = manager.post("/webhooks/", NEW, idempotency_key=key)
    assert refused(again, 409) == "answer_lost"
    assert Webhook.objects.count() == 1


def test_a_new_secret_replaces_the_old_one_and_is_told_once(manager: Program) -> None:
    webhook, old = webhook_to(URL)
    key = str(uuid4())
    for _ in range(2):
        answer = manager.post(f"{way_to(webhook)}secret/", None, idempotency_key=key)
        assert answer.status_code == 201
        webhook.refresh_from_db()
        assert answer.json()["secret"] == unseal(webhook.sealed) != old


def test_it_is_changed_paused_and_deleted_with_its_log(manager: Program) -> None:
    webhook, secret = webhook_to(URL)
    shortage()
    tag = manager.get(way_to(webhook)).headers["ETag"]
    paused = manager.send("PATCH", way_to(webhook), {"is_active": False}, if_match=tag)
    assert paused.json()["is_active"] is False
    webhook.refresh_from_db()
    assert unseal(webhook.sealed) == secret
    gone = manager.send("DELETE", way_to(webhook), if_match=paused.headers["ETag"])
    assert gone.status_code == 204
    assert not Delivery.objects.exists()


def test_a_test_is_sent_once_and_its_log_says_how_it_went(manager: Program, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    with receiving(500) as receiver:
        webhook, _secret = webhook_to(receiver.url)
        key = str(uuid4())
        sent = [
            manager.post(f"{way_to(webhook)}test/", None, idempotency_key=key).json()
            for _ in range(2)
        ]
        assert sent[0] == sent[1]
        assert (sent[0]["kind"], sent[0]["attempts"]) == ("test", 0)
        deliver()
        assert receiver.next().headers["TechStock-Delivery"] == sent[0]["id"]
        (log,) = manager.get(f"{way_to(webhook)}deliveries/").json()["results"]
        assert (log["attempts"], log["response_code"], log["failure"]) == (1, 500, "status")
        assert log["next_attempt_at"]
        way = f"{way_to(webhook)}deliveries/{log['id']}/"
        assert manager.post(f"{way}replay/", None).json()["attempts"] == 0
        deliver()
        heard = manager.get(way).json()
        assert (heard["failure"], heard["next_attempt_at"]) == ("", None)
        assert heard["delivered_at"]


def test_the_log_is_read_page_by_page_newest_first(manager: Program) -> None:
    webhook, _secret = webhook_to(URL)
    notices = [str(shortage().pk) for _ in range(3)]
    at_commit()
    way = f"{way_to(webhook)}deliveries/"
    page = manager.get(f"{way}?limit=2").json()
    cursor = page["next"].partition("?")[2]
    rest = manager.get(f"{way}?{cursor}").json()
    found = [row["notice"] for row in page["results"] + rest["results"]]
    assert sorted(found) == sorted(notices)
    assert rest["next"] is None
    assert page["results"][0]["data"]["product"]["sku"] == "NB-1"
