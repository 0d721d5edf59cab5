"""Finds the client's address behind a known number of proxies."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope


def client_address(scope: Scope, hops: int) -> str:
    """Returns the socket's peer, or the X-Forwarded-For entry written by our own outermost proxy; an IPv6 /64 counts as one client."""
    peer = str((scope.get("client") or ("unknown", 0))[0])
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",") if hops else []
    entries = [entry.strip() for entry in forwarded if entry.strip()]
    return _network(entries[-min(hops, len(entries))] if entries else peer)


@lru_cache(maxsize=10_000)
def _network(text: str) -> str:
    try:
        address = ip_address(text.partition("%")[0].strip("[]"))
    except ValueError:
        return text[:60]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(getattr(address, "ipv4_mapped", None) or address)
