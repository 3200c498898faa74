"""`docs/webhooks.md` is true: its example knows our requests, its table has every kind."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from embedded.places import ROOT
from inventory_site.notices.delivery import ATTEMPTS, FIRST_WAIT
from inventory_site.notices.kinds import NoticeKind
from inventory_site.notices.models import Notice
from inventory_site.notices.sending import signature
from tests.inventory.receiver import deliver, receiving, webhook_to

GUIDE = (ROOT / "docs" / "webhooks.md").read_text()
type Check = Callable[[str, str, bytes], bool]


@pytest.fixture(scope="module")
def is_from_techstock() -> Check:
    """The example, as it stands in the guide."""
    (example,) = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    found: dict[str, Any] = {}
    exec(example, found)  # noqa: S102 (our own page)
    check: Check = found["is_from_techstock"]
    return check


@pytest.mark.django_db
def test_the_example_knows_a_request_and_refuses_a_changed_one(
    is_from_techstock: Check, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    with receiving() as receiver:
        _webhook, secret = webhook_to(receiver.url)
        Notice.objects.create(kind="low_stock")
        deliver()
        told = receiver.next()
    header = told.headers["TechStock-Signature"]
    assert is_from_techstock(secret, header, told.body)
    assert not is_from_techstock(secret, header, told.body + b" ")
    assert not is_from_techstock("another", header, told.body)


def test_the_example_refuses_an_old_request(is_from_techstock: Check) -> None:
    assert not is_from_techstock("hush", signature("hush", b"{}", at=1_700_000_000), b"{}")


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_guide_has_every_kind(kind: NoticeKind) -> None:
    assert f"\n| `{kind}` |" in GUIDE


def test_the_guide_tells_how_often_it_is_tried() -> None:
    assert f"{ATTEMPTS} attempts" in GUIDE
    assert f"after {FIRST_WAIT:.0f} seconds" in GUIDE
