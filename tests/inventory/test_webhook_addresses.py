"""Webhooks lead to the public internet and nowhere else, unless the operator says so."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from inventory_site.notices import sending
from inventory_site.notices.addresses import AddressRefused, HostUnknown, addresses_of, is_public
from inventory_site.notices.models import Failure
from inventory_site.notices.sending import Outcome, send
from tests.inventory.receiver import receiving

INSIDE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),  # noqa: S104
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b::7f00:1"),
]
ODDLY_WRITTEN = ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"]


def post(url: str) -> Outcome:
    return send(url, b"{}", secret="hush", headers={})


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every name lead to the next of these answers; return the hosts that were asked for."""
    asked: list[str] = []
    real: Callable[..., Any] = socket.getaddrinfo
    left = list(answers)

    def resolve(host: str, port: int, **how: Any) -> list[Any]:
        asked.append(host)
        return [entry for address in left.pop(0) for entry in real(address, port, **how)]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_outside_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", *ODDLY_WRITTEN])
def test_however_it_is_written_it_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        addresses_of(host, 80)


def test_nothing_is_sent_inside() -> None:
    with receiving() as receiver:
        assert post(receiver.url).failure == Failure.ADDRESS
        assert receiver.told.empty()


def test_a_name_that_leads_inside_as_well_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    assert post("https://hook.example/") == Outcome(failure=Failure.ADDRESS, detail="10.0.0.1")


def test_a_name_that_leads_nowhere_is_said_so() -> None:
    with pytest.raises(HostUnknown):
        addresses_of("no-such-name.invalid", 80)
    assert post("https://no-such-name.invalid/").failure == Failure.UNKNOWN_HOST
    assert post(f"https://{'a' * 64}.example/").failure == Failure.UNKNOWN_HOST


def test_a_name_is_asked_for_once_and_the_connection_goes_to_what_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        asked = names(monkeypatch, ["127.0.0.1"])
        assert post(f"http://hook.example:{port}/").status == 200
        assert asked == ["hook.example"]
        assert receiver.next().headers["Host"] == f"hook.example:{port}"


def test_where_the_first_address_is_dead_the_next_is_tried(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        names(monkeypatch, ["127.0.0.9", "127.0.0.1"])
        assert post(f"http://hook.example:{port}/").status == 200


def test_a_proxy_of_the_environment_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with receiving() as receiver:
        assert post(receiver.url).status == 200


@contextmanager
def dripping() -> Iterator[str]:
    """A server that answers a letter at a time, and never ends."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def answer() -> None:
            with closing(server.accept()[0]) as client:
                try:
                    client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    while True:
                        client.sendall(b"x")
                        threading.Event().wait(0.05)
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


def test_one_that_answers_drop_by_drop_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(sending, "SECONDS", 0.5)
    with dripping() as url:
        assert post(url).failure == Failure.TIMEOUT


@pytest.mark.parametrize("address", INSIDE)
def test_the_operator_may_let_them_lead_inside(address: str, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    assert addresses_of(address, 80, resolve=False)
