"""Which network addresses a webhook may lead to: none inside, unless the operator says so.

A name is resolved once, right before sending, and the connection goes to the very address that was
looked at, so that a name that changes its mind meanwhile leads nowhere else.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

NAT64 = IPv6Network("64:ff9b::/96")


class HostUnknown(Exception):
    """The name leads to no address."""


class AddressRefused(Exception):
    """It is an address of this machine, or of the network that it stands in."""


def target_of(url: str) -> httpx.URL:
    """Return where a request to an address goes; raises `httpx.InvalidURL` where it cannot."""
    try:
        target = httpx.URL(url)
        target.host  # noqa: B018 (read out of its international form only when asked for)
    except UnicodeError as error:
        raise httpx.InvalidURL(str(error)) from error
    return target


def check_receiver(url: str) -> None:
    """Raise `ValidationError` for what we would never send to.

    What a name leads to is looked at when sending.
    """
    wrong = ValidationError(
        _("Enter a web address such as https://example.com/hook, without a name or password."),
        "invalid",
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        target_of(url)
    except (ValueError, httpx.InvalidURL):
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        raise wrong
    if not _is_single_word(host):
        URLValidator(schemes=["http", "https"], message=wrong.message)(url)
    try:
        addresses_of(host, port or 0, resolve=False)
    except AddressRefused:
        raise ValidationError(
            _("That is an address inside our own network, where webhooks may not lead."),
            "private",
        ) from None
    except HostUnknown:
        pass  # a name: looked up when sending


def _is_single_word(host: str) -> bool:
    """Tell whether a host is a name without a dot, as networks of one's own have them."""
    return host.replace("-", "").replace("_", "").isalnum()


def addresses_of(host: str, port: int, *, resolve: bool = True) -> list[str]:
    """Return the addresses to try, best first; without `resolve`, only those of a literal.

    Raises `HostUnknown`, and `AddressRefused` when one of them is not on the public internet.
    """
    flags = 0 if resolve else socket.AI_NUMERICHOST
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError) as error:
        raise HostUnknown(host) from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    for address in addresses:
        if not (settings.WEBHOOK_PRIVATE_ADDRESSES or is_public(ip_address(address))):
            raise AddressRefused(address)
    return addresses


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address, and one that is wrapped in it, is on the public internet."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast
