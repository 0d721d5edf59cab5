"""A browser without a screen: it keeps cookies, reads the forms of a page and submits them as a form or as htmx would."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2

HEADERS = {"sec-fetch-site": "same-origin", "accept-encoding": "identity", "accept": "text/html"}
CHECKABLE = ("checkbox", "radio")
LIST_ITEM = re.compile(r"^\w+\.\d+\.")
NOT_SENT = ("submit", "button", "reset", "image", "file")


@dataclass
class Button:
    """A submit button of a form: its own name and value, and the address it posts to."""

    name: str
    value: str
    action: str


@dataclass
class Form:
    """A form with the values it would post, in document order."""

    id: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def value(self, path: str) -> str:
        """The value of the first field with that name below its list item (steps.0.title: title); raises StopIteration when none has it."""
        return next(value for name, value in self.fields if _below_item(name) == path)

    def with_values(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """The fields with new values by their names below their list item; a name that fits no field changes nothing."""
        return [(name, values.get(_below_item(name), value)) for name, value in self.fields]


@dataclass
class Answer:
    """A response to the last request of a redirect chain, and the seconds until its last byte."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def forms(self) -> list[Form]:
        """The forms of the page."""
        reader = _Forms(self.url)
        reader.feed(self.body.decode())
        return reader.forms

    def form(self, action: str = "", id: str = "", button: str = "") -> Form:
        """The first form with that id, whose action ends so, and with a field or button whose value begins so; raises LookupError."""
        for form in self.forms:
            values = [value for _name, value in form.fields] + [each.value for each in form.buttons]
            if form.action.endswith(action) and id in ("", form.id) and any(value.startswith(button) for value in values):
                return form
        raise LookupError(f"{self.url} ({self.status}) has no form {action} {id} {button}")


class Browser:
    """One person's browser; its cookies outlive the server it is connected to."""

    def __init__(self) -> None:
        self.port = 0
        self.cookies: dict[str, str] = {}
        self.client: httpx2.Client

    @contextmanager
    def connected(self, port: int) -> Iterator[None]:
        """Keep a connection to the server on that port open."""
        with httpx2.Client(headers=HEADERS, timeout=60) as self.client:
            self.port = port
            yield

    def get(self, url: str) -> Answer:
        """Open an address, following redirects."""
        return self._follow(self._request("GET", url))

    def submit(self, form: Form, values: Mapping[str, str] | None = None, button: Button | None = None) -> Answer:
        """Submit a form as a browser without a script, following redirects."""
        return self._follow(self._request("POST", button.action if button else form.action, _posted(form, values or {}, button)))

    def send(self, form: Form, values: Mapping[str, str] | None = None, button: Button | None = None) -> Answer:
        """Submit a form as htmx does; the answer is what htmx would swap in."""
        source = f"form#{form.id}" if form.id else "form"
        headers = {"hx-request": "true", "hx-request-type": "partial", "hx-source": source, "hx-target": source}
        return self._request("POST", button.action if button else form.action, _posted(form, values or {}, button), headers)

    def _follow(self, answer: Answer) -> Answer:
        while answer.status in (302, 303, 307):
            answer = self._request("GET", urljoin(answer.url, answer.headers["location"]))
        return answer

    def _request(self, method: str, url: str, posted: list[tuple[str, str]] | None = None, more: Mapping[str, str] | None = None) -> Answer:
        url = urlsplit(url)._replace(scheme="http", netloc=f"127.0.0.1:{self.port}").geturl()
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(more or {})}
        if posted is not None:
            headers["content-type"] = "application/x-www-form-urlencoded;charset=UTF-8"
        start = time.perf_counter()
        response = self.client.request(method, url, content=urlencode(posted or []), headers=headers)
        seconds = time.perf_counter() - start
        self._keep(response.headers.get_list("set-cookie"))
        return Answer(url, response.status_code, response.headers, response.content, seconds)

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            name, _equals, value = line.partition(";")[0].partition("=")
            if re.search(r"max-age=0\b", line, re.I):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value.strip('"')


def _below_item(name: str) -> str:
    return LIST_ITEM.sub("", name)


def _posted(form: Form, values: Mapping[str, str], button: Button | None) -> list[tuple[str, str]]:
    return [*form.with_values(values), *([(button.name, button.value)] if button and button.name else [])]


class _Forms(HTMLParser):
    """Reads every form of a page, with the values a browser would post."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._textarea: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, a select or a text area; note an input, an option or a button."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("id", ""), urljoin(self.url, given.get("action", "")))
            self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "select":
            self._select, self._options = given.get("name", ""), []
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._textarea = (given.get("name", ""), [])
        elif tag == "input":
            self._input(self._form, given)
        elif tag == "button" and given.get("type", "submit") == "submit":
            action = urljoin(self.url, given["formaction"]) if "formaction" in given else self._form.action
            self._form.buttons.append(Button(given.get("name", ""), given.get("value", ""), action))

    def handle_endtag(self, tag: str) -> None:
        """Close a form, a select or a text area."""
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select and self._options:
            self._form.fields.append((self._select, next((value for value, chosen in self._options if chosen), self._options[0][0])))
            self._select = ""
        elif tag == "textarea" and self._textarea:
            self._form.fields.append((self._textarea[0], "".join(self._textarea[1]).removeprefix("\n")))
            self._textarea = None

    def handle_data(self, data: str) -> None:
        """Gather the text of a text area."""
        if self._textarea:
            self._textarea[1].append(data)

    def _input(self, form: Form, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text")
        if given.get("name") and kind not in NOT_SENT and (kind not in CHECKABLE or "checked" in given):
            form.fields.append((given["name"], given.get("value", "on" if kind in CHECKABLE else "")))
