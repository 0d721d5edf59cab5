"""Access to /metrics: from this machine, or with the token."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from server.config.parsers import is_loopback
from server.http.errors import WireError


def require_operator(request: Request, address: str, token: str) -> None:
    """Raises WireError 404 unless the request comes from this machine or has the token; behind a proxy no address is local."""
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(sent.encode(), token.encode()):
        return
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers or not is_loopback(address):
        raise WireError(404, "not_found", "There is nothing at this address.")
