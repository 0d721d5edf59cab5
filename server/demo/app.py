"""Acme, a small CRM that stands in for a customer's product: pages of its own, on a site of its own."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent

NAV = {"deals": "Deals", "contacts": "Contacts", "reports": "Reports", "settings": "Settings"}

# Page -> its title, and where in the navigation it belongs.
PAGES = {
    "deals": ("Deals", "deals"),
    "contacts": ("Contacts", "contacts"),
    "contact": ("Contact", "contacts"),
    "reports": ("Reports", "reports"),
    "settings": ("Settings", "settings"),
    "missing": ("No such page", ""),
}

# The awkward corners that real products have: page -> its title and its language.
EDGE_CASES = {
    "index": ("Corners", "en"),
    "scroll": ("Scrolling", "en"),
    "dialogs": ("Dialogs", "en"),
    "shadow": ("Components", "en"),
    "frame": ("A frame", "en"),
    "list": ("A long list", "en"),
    "table": ("Equal buttons", "en"),
    "late": ("A late route", "en"),
    "arabic": ("المبيعات", "ar"),
}

# Address -> page; what differs between two addresses of one page, its script decides.
ADDRESSES = {
    "/deals": "deals",
    "/deals/{deal}": "deals",
    "/contacts": "contacts",
    "/contacts/{contact}": "contact",
    "/reports": "reports",
    "/settings": "settings",
    "/settings/team": "settings",
    "/settings/billing": "settings",
    "/plain": "plain",
    "/corners/inner": "inner",
    **{f"/corners/{name}".removesuffix("/index"): f"corners/{name}" for name in EDGE_CASES},
}


def create_demo(embed_origin: str, environment_key: str) -> Starlette:
    """Acme with the snippet of one environment in every page; the pages are filled in once, here."""
    origin = _origin(embed_origin)
    pages = _pages(origin, environment_key)
    answers: dict[str, Response] = {path: HTMLResponse(pages[name]) for path, name in ADDRESSES.items()}
    answers["/"] = RedirectResponse("/deals")
    answers["/crm.json"] = FileResponse(HERE / "crm.json")
    answers["/strict"] = HTMLResponse(pages["strict"], headers={"Content-Security-Policy": strict_policy(origin)})
    routes = [Route(path, answer, methods=["GET"]) for path, answer in answers.items()]

    async def missing(request: Request, error: Exception) -> Response:
        return HTMLResponse(pages["missing"], status_code=404)

    return Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=HERE / "static"))],
        exception_handlers={404: missing},
    )


async def serve_demo(embed_origin: str, environment_key: str, *, host: str = "localhost", port: int = 8001) -> None:
    """Serve Acme until cancelled or interrupted."""
    demo = create_demo(embed_origin, environment_key)
    await uvicorn.Server(uvicorn.Config(demo, host=host, port=port, log_level="warning")).serve()


def strict_policy(origin: str) -> str:
    """The Content-Security-Policy of /strict: the least that the embed needs, with Trusted Types required."""
    return (
        f"default-src 'none'; script-src 'self' {origin}; connect-src {origin}; style-src 'self'; img-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"the embed origin must be an http address, not {address!r}")
    return f"{parts.scheme}://{parts.netloc}"


def _pages(origin: str, key: str) -> dict[str, str]:
    embed = {"origin": escape(origin), "key": escape(key)}
    snippet = _template("snippet").substitute(embed).rstrip()
    shell = _template("pages/_shell")
    pages = {name: _template(f"pages/{name}").substitute(embed, snippet=snippet) for name in ("plain", "strict")}
    pages["inner"] = _template("pages/corners/inner").template
    titles = {name: (title, f"{name}.js", current, "en") for name, (title, current) in PAGES.items()}
    titles |= {f"corners/{name}": (title, "corners.js", "settings", lang) for name, (title, lang) in EDGE_CASES.items()}
    for name, (title, script, current, lang) in titles.items():
        main = _template(f"pages/{name}").template
        direction = "rtl" if lang == "ar" else "ltr"
        pages[name] = shell.substitute(title=title, script=script, snippet=snippet, nav=_nav(current), main=main, lang=lang, dir=direction)
    return pages


def _template(name: str) -> Template:
    return Template((HERE / f"{name}.html").read_text(encoding="utf-8"))


def _nav(current: str) -> str:
    marks = {name: ' aria-current="page"' if name == current else "" for name in NAV}
    return "".join(f'<a href="/{name}"{marks[name]} data-handrail-target="nav-{name}">{label}</a>' for name, label in NAV.items())
