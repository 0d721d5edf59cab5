"""Who may read /metrics: this machine, and holders of the token."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from server.config.parsers import is_loopback
from server.http.errors import WireError


def require_operator(request: Request, address: str, token: str) -> None:
    """Admits a scraper on this machine or one with the token; behind a proxy nobody counts as local. Raises WireError 404."""
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(sent.encode(), token.encode()):
        return
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers or not is_loopback(address):
        raise WireError(404, "not_found", "There is nothing at this address.")
