"""The mail digest: nothing is lost, nobody is flooded."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from inventory_site.notices import digest
from inventory_site.notices.models import Notice
from tests.stack_fixture import free_port

pytestmark = pytest.mark.django_db
PRODUCT = {"id": 1, "sku": "NB-1", "name": "Câmera <4K>"}
STOCK = {"product": PRODUCT, "location": None, "on_hand": 2, "reorder_point": 6}
PLACE = {"id": 1, "code": "A1"}
HELD = {
    "reservation": 1,
    "product": PRODUCT,
    "location": PLACE,
    "units": 1,
    "until": "2026-03-01",
    "recipient": "Helpdesk",
}


@pytest.fixture(autouse=True)
def _addresses(settings: Settings) -> None:
    """Have two people mailed."""
    settings.NOTICE_MAIL_TO = ["a@example.com", "b@example.com"]


def notices(kind: str, data: Mapping[str, object] | None = None, *, count: int = 1) -> None:
    for _number in range(count):
        Notice.objects.create(kind=kind, data=data or {})


def unmailed() -> int:
    return Notice.objects.to_be_mailed().count()


def a_while_later(settings: Settings, minutes: int = 16) -> None:
    """Let the last mail be some minutes old."""
    Notice.objects.exclude(mailed_at=None).update(mailed_at=Now() - timedelta(minutes=minutes))


def test_what_the_mail_server_refuses_stays_for_the_next_time(settings: Settings) -> None:
    notices("low_stock", STOCK)
    working = settings.MAILERS
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": free_port(), "timeout": 5},
        }
    }
    with pytest.raises(OSError, match="refused"):
        digest.send_due()
    assert unmailed() == 1
    settings.MAILERS = working
    digest.send_due()
    assert len(mail.outbox) == 1
    assert unmailed() == 0


def test_without_news_there_is_no_mail() -> None:
    digest.send_due()
    assert mail.outbox == []


def test_a_second_mail_waits_its_time_and_tells_all_that_came_meanwhile(settings: Settings) -> None:
    notices("low_stock", STOCK)
    digest.send_due()
    notices("low_stock", STOCK, count=2)
    digest.send_due()
    a_while_later(settings, minutes=14)
    digest.send_due()
    assert len(mail.outbox) == 1
    a_while_later(settings)
    digest.send_due()
    assert [message.subject for message in mail.outbox] == [
        "TechStock: 1 notice",
        "TechStock: 2 notices",
    ]
    a_while_later(settings)
    digest.send_due()
    assert len(mail.outbox) == 2


def test_where_nobody_is_to_be_mailed_old_things_are_not_mailed_later(settings: Settings) -> None:
    people, settings.NOTICE_MAIL_TO = settings.NOTICE_MAIL_TO, []
    notices("low_stock", STOCK)
    digest.send_due()
    settings.NOTICE_MAIL_TO = people
    a_while_later(settings)
    digest.send_due()
    assert mail.outbox == []


def test_a_test_of_a_webhook_is_not_mailed() -> None:
    notices("test")
    digest.send_due()
    assert mail.outbox == []


def test_it_groups_what_is_new_with_the_most_pressing_first(settings: Settings) -> None:
    notices("low_stock", STOCK)
    notices("low_stock", STOCK | {"location": PLACE})
    notices("verification_failed", {"differences": 1, "first_bad": "transaction 7: its content"})
    notices("out_of_stock", STOCK | {"on_hand": 0})
    notices("approval_waiting", {"approval": 9, "units": 200, "reason": "Water damage"})
    notices("reservation_expiring", HELD | {"units": 3})
    digest.send_due()
    (message,) = mail.outbox
    assert message.to == ["a@example.com", "b@example.com"]
    origin = settings.PUBLIC_ORIGIN
    page = f"\n  {origin}/products/NB-1/\n"
    assert message.body == (
        f"Out of stock (1)\n\n- Câmera <4K> (NB-1): none left{page}\n"
        f"Low stock (2)\n\n- Câmera <4K> (NB-1): 2 left, minimum 6{page}"
        f"- Câmera <4K> (NB-1): 2 left at A1, minimum there 6{page}\n"
        f"Approval waiting (1)\n\n- 200 units: Water damage\n  {origin}/approvals/9/\n\n"
        "Reservation about to expire (1)\n\n"
        f"- Câmera <4K> (NB-1): 3 held at A1 for Helpdesk, last day 03/01/2026\n"
        f"  {origin}/reservations/1/\n\n"
        "Verification failed (1)\n\n- 1 difference: transaction 7: its content\n"
        f"  {origin}/proofs/\n\n--\nTechStock · {origin}\n"
    )


def test_a_flood_becomes_one_mail_of_bearable_length() -> None:
    notices("low_stock", STOCK, count=60)
    digest.send_due()
    (message,) = mail.outbox
    assert message.body.count("2 left") == 50
    assert "- and 10 more\n" in message.body
    assert unmailed() == 0


def test_it_speaks_the_language_of_the_setting(settings: Settings) -> None:
    settings.NOTICE_LANGUAGE = "pt-br"
    notices("reservation_expiring", HELD)
    digest.send_due()
    assert "01/03/2026" in mail.outbox[0].body
