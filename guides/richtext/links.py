"""Addresses in content: read as a browser reads them, refused when there is any doubt, never repaired."""

from __future__ import annotations

import re
from ipaddress import ip_address

from pydantic_core import PydanticCustomError

from guides.messages import gettext_noop

__all__ = ["check_image", "check_link", "image_host", "is_image", "is_link"]

_ABSOLUTE = re.compile(r"(https?)://([^/?#]+)([/?#].*)?", re.IGNORECASE)
_DIRECT = re.compile(r"(mailto|tel):[^/].*", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff\ud800-\udfff]")
_HOST = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?", re.IGNORECASE)
_PORT = re.compile(r"0|[1-9][0-9]{0,4}")
_NUMERIC_END = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)


def check_link(address: str) -> str:
    """The address of a link, unchanged; nothing yet is allowed, everything but https, http, mailto, tel, /path and #part refused."""
    if address and not is_link(address):
        raise PydanticCustomError("address", gettext_noop("is not a link: use https://…, http://…, mailto:…, tel:…, /path or #part"))
    return address


def check_image(address: str) -> str:
    """The address of an image, unchanged; nothing yet is allowed."""
    if address and not is_image(address):
        raise PydanticCustomError("address", gettext_noop("is not the address of an image: use https://…"))
    return address


def is_link(address: str) -> bool:
    """Whether a browser would take it to a page, a mail or a call, and nowhere else."""
    if _FORBIDDEN.search(address):
        return False
    if address.startswith(("/", "#")):
        return not address.startswith("//")
    return _DIRECT.fullmatch(address) is not None or _authority(address) is not None


def is_image(address: str) -> bool:
    """Whether a browser would load it over https, or from this very machine."""
    authority = None if _FORBIDDEN.search(address) else _authority(address)
    return authority is not None and (authority[0] == "https" or _is_loopback(authority[1]))


def image_host(address: str) -> str:
    """The host of an image, with its port where that is not the usual one."""
    scheme, host, port = _authority(address) or ("", "", "")
    return host if port in ("", {"https": "443", "http": "80"}.get(scheme)) else f"{host}:{port}"


def _authority(address: str) -> tuple[str, str, str] | None:
    """Scheme, host and port of an absolute address; None where they are not beyond doubt (no names, no passwords)."""
    match = _ABSOLUTE.fullmatch(address)
    if not match:
        return None
    scheme, authority = match[1].lower(), match[2].lower()
    host, colon, port = authority.rpartition(":") if not authority.endswith("]") and ":" in authority else (authority, "", "")
    if colon and not (_PORT.fullmatch(port) and int(port) < 65_536):
        return None
    return (scheme, host, port) if _is_host(host) else None


def _is_host(host: str) -> bool:
    if host.startswith("[") and host.endswith("]"):
        return _is_number(host[1:-1], 6)
    if _NUMERIC_END.search(host):
        return _is_number(host, 4)
    return len(host) < 254 and _HOST.fullmatch(host) is not None


def _is_number(host: str, version: int) -> bool:
    """A numeric host in the one form that a browser leaves as it is."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.version == version and str(address) == host and "%" not in host


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "[::1]") or (_NUMERIC_END.search(host) is not None and ip_address(host).is_loopback)
