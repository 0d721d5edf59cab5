"""The admin as an ASGI app."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, ExceptionHandler

from admin.components.navigation import menu_of, settings_of
from admin.components.roles import role_name
from admin.config import AdminConfig
from admin.pages import errors
from admin.routes import ROUTES, routes
from admin.web.access import FORM_LIMIT
from admin.web.csrf import CsrfMiddleware
from admin.web.security_headers import SecurityHeadersMiddleware
from admin.web.sessions import SessionMiddleware, SignInRequired
from admin.web.templating import templates
from guides.database import Busy
from guides.errors import DomainError


def admin_app(config: AdminConfig) -> ASGIApp:
    """Everything below /admin; its routes carry that prefix, so it is called, not mounted."""
    templates().globals.update(menu_of=menu_of, settings_of=settings_of, role_name=role_name)
    handlers: dict[Any, ExceptionHandler] = {
        HTTPException: errors.http_error,
        SignInRequired: errors.sign_in_required,
        DomainError: errors.domain_error,
        Busy: errors.database_busy,
        Exception: errors.server_error,
    }
    app = Starlette(
        routes=routes(ROUTES),
        exception_handlers=handlers,
        middleware=[Middleware(SessionMiddleware), Middleware(CsrfMiddleware, refuse=errors.csrf_failed)],
        max_body_size=FORM_LIMIT,
    )
    app.router.redirect_slashes = False
    app.state.config = config
    app.state.project_pages = {page.name for page in ROUTES if page.is_in_project}
    return SecurityHeadersMiddleware(app, https=config.public_url.startswith("https://"))
