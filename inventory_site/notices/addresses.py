"""Which network addresses a webhook may lead to: none inside, unless the operator says so.

A name is resolved once, right before sending, and the connection goes to the very address that was
looked at, so that a name that changes its mind meanwhile leads nowhere else.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings

NAT64 = IPv6Network("64:ff9b::/96")


class HostUnknown(Exception):
    """The name leads to no address."""


class AddressRefused(Exception):
    """It is an address of this machine, or of the network that it stands in."""


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
