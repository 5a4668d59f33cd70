"""Which internet addresses are outside: those that anybody in the world may call."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
RELAYS = IPv4Network("192.88.99.0/24")
UNICAST = IPv6Network("2000::/3")
TUNNELS = [IPv6Network("2002::/16"), IPv6Network("2001::/32")]  # 6to4 and Teredo, which hold an IPv4 address
TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64, likewise


class Refused(Exception):
    """It is not called. The text is meant for people and says what to do."""


def is_outside(address: Address) -> bool:
    """Forms of IPv6 that stand for an IPv4 address are as good as that one; tunnels, which nobody needs, are not."""
    if isinstance(address, IPv6Address):
        if inner := inner_of(address):
            return is_outside(inner)
        if address not in UNICAST or any(address in network for network in TUNNELS):
            return False
    elif address in RELAYS:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def inner_of(address: IPv6Address) -> IPv4Address | None:
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def literal(host: str) -> Address | None:
    """The address that a host is when it is no name. Raises Refused for one in an unusual spelling (`0x7f.1`,
    `2130706433`, `0177.0.0.1`): different programs read these differently."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    last = host.rstrip(".").rpartition(".")[2]
    if ":" in host or last.isdigit() or last.startswith("0x"):
        raise Refused(f"“{host}” is no address that can be relied on: write a name, or four plain numbers.")
    return None
