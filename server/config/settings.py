"""Everything the environment decides, read once, each with its help line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from server.config import parsers as readers
from server.config.parsers import Unreadable

PREFIX = "HANDRAIL_"
FOR_TESTS = "HANDRAIL_TEST_"
UNUSABLE = 78
MAKE_A_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


class SettingsRefused(Exception):
    """The start is refused; each of `reasons` is one sentence that names the setting."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def _ask(default: Any, help: str, read: Callable[[str], Any] = str, *, secret: bool = False, name: str = "") -> Any:
    """One setting: what it is when nobody says, its help line, how its text is read."""
    return field(default=default, metadata={"help": help, "read": read, "secret": secret, "name": name})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides; frozen, handed down, never read again."""

    database_url: str = _ask(
        "sqlite://var/handrail.db?synchronous=FULL&busy_timeout=5000",
        "Where everything is stored: a SQLite file, or postgres://user:password@host/name.",
        readers.database_url,
        secret=True,
    )
    read_url: str = _ask("", "A replica that reports may read from; empty means the database itself.", readers.replica_url, secret=True)
    secret_key: tuple[str, ...] = _ask(
        (),
        "Signs and encrypts; at least 32 characters. A comma-separated list rotates: the first signs, all verify. "
        "Made under var/ when the service runs on this machine only.",
        readers.secret_keys,
        secret=True,
    )
    public_url: str = _ask(
        "http://127.0.0.1:8000",
        "The address people open. Links, cookies and origin checks use this, never the Host header.",
        readers.public_url,
    )
    allow_insecure_http: bool = _ask(False, "Allow plain http on an address that is not this machine.", readers.switch)
    proxy_hops: int = _ask(0, "How many proxies in front may be believed about the address of a visitor.", readers.hops)
    redis_url: str = _ask("", "Shared rate limits for several processes; never required.", readers.redis_url, secret=True)
    rate_limit: float = _ask(1.0, "A factor on all rate limits.", readers.factor)
    smtp_url: str = _ask("", "Sends mail: smtp://user:password@host:587. Without it mail goes to the log.", readers.smtp_url, secret=True)
    mail_from: str = _ask("", "The sender of mail, such as help@example.com.", readers.mail_address)
    uploads_url: str = _ask("file://var/uploads", "Where pictures are kept: file://… or s3://…", readers.uploads_url)
    egress_allow: tuple[IPv4Network | IPv6Network, ...] = _ask(
        (), "Private networks that webhooks may reach, such as 10.1.2.0/24, separated by commas.", readers.networks
    )
    event_days: int = _ask(400, "How many days raw events are kept.", readers.days)
    metrics_token: str = _ask("", "Opens /metrics to others than this machine.", readers.metrics_token, secret=True)
    safe_mode: bool = _ask(False, "Start without plugins.", readers.switch)
    debug: bool = _ask(False, "Verbose errors; refused unless the service listens on this machine only.", readers.switch)
    port: int = _ask(8000, "The port that make run serves on.", readers.port, name="PORT")
    demo_port: int = _ask(8001, "The port of the demo host app of make run.", readers.port, name="DEMO_PORT")
    secret_is_made: bool = False

    @classmethod
    def load(cls, environ: Mapping[str, str], var: Path = Path("var")) -> Settings:
        """Read every setting; raises SettingsRefused with all reasons at once."""
        reasons = [f"{name} is not a setting of Handrail." for name in _unknown(environ)]
        given: dict[str, Any] = {}
        for one in settings():
            try:
                text = _text_of(one, environ)
                if text is not None:
                    given[one.name] = one.metadata["read"](text)
            except Unreadable as error:
                reasons.append(f"{name_of(one)} {error}")
        if reasons:
            raise SettingsRefused(reasons)
        if "port" in given:
            given.setdefault("public_url", f"http://127.0.0.1:{given['port']}")
        return _checked(cls(**given), var)

    @classmethod
    def of_process(cls, port: int | None = None) -> Settings:
        """The settings of this process's own environment; a port given at the console counts for processes it starts, too."""
        if port is not None:
            os.environ["PORT"] = str(port)
        return cls.load(os.environ)

    @property
    def is_local(self) -> bool:
        """Only people at this machine can reach the public address."""
        return readers.is_loopback(readers.host_of(self.public_url))


def settings() -> Iterator[Field[Any]]:
    """Every setting in the order of its help."""
    return (one for one in fields(Settings) if "help" in one.metadata)


def name_of(one: Field[Any]) -> str:
    """The name in the environment, such as HANDRAIL_PUBLIC_URL."""
    return str(one.metadata["name"] or PREFIX + one.name.upper())


def shown(loaded: Settings) -> Iterator[tuple[str, str, str]]:
    """Name, value and help line of every setting; secrets hidden."""
    for one in settings():
        yield name_of(one), _shown_value(one, getattr(loaded, one.name)), one.metadata["help"]


def refuse_bind(loaded: Settings, host: str) -> None:
    """What is fine on this machine only must not listen to others; raises SettingsRefused."""
    if readers.is_loopback(host):
        return
    reasons = []
    if loaded.debug:
        reasons.append(f"HANDRAIL_DEBUG is on, and {host} can be reached by others; switch it off.")
    if loaded.secret_is_made:
        reasons.append(f"HANDRAIL_SECRET_KEY is required to listen on {host}. Make one with: {MAKE_A_KEY}")
    if reasons:
        raise SettingsRefused(reasons)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {name_of(one) for one in settings()}
    known |= {name_of(one) + "_FILE" for one in settings() if one.metadata["secret"]}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known and not name.startswith(FOR_TESTS))


def _text_of(one: Field[Any], environ: Mapping[str, str]) -> str | None:
    name = name_of(one)
    text, file = environ.get(name) or None, environ.get(name + "_FILE") or None
    if file is None or not one.metadata["secret"]:
        return text
    if text is not None:
        raise Unreadable(f"and {name}_FILE are both given; keep one.")
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeError) as error:
        raise Unreadable(f"cannot be read from the file that {name}_FILE names: {type(error).__name__}.") from error


def _checked(loaded: Settings, var: Path) -> Settings:
    reasons = list(_contradictions(loaded))
    if not loaded.secret_key and not loaded.is_local:
        reasons.append(f"HANDRAIL_SECRET_KEY is required. Make one with: {MAKE_A_KEY}")
    if reasons:
        raise SettingsRefused(reasons)
    if loaded.secret_key:
        return loaded
    return replace(loaded, secret_key=(readers.kept_key(var / "secret_key"),), secret_is_made=True)


def _contradictions(loaded: Settings) -> Iterator[str]:
    if loaded.public_url.startswith("http:") and not loaded.is_local and not loaded.allow_insecure_http:
        yield "HANDRAIL_PUBLIC_URL is plain http; use https, or set HANDRAIL_ALLOW_INSECURE_HTTP=1 on a network you trust."
    if loaded.smtp_url and not loaded.mail_from:
        yield "HANDRAIL_MAIL_FROM is required when HANDRAIL_SMTP_URL is set."
    file = readers.sqlite_file(loaded.database_url)
    if file is not None and readers.is_remote(file):
        yield "HANDRAIL_DATABASE_URL puts SQLite on a network file system, where its locks do not hold; use a local disk."
    uploads = readers.uploads_folder(loaded.uploads_url)
    if uploads is not None and uploads.is_relative_to(Path(__file__).resolve().parents[2] / "admin"):
        yield "HANDRAIL_UPLOADS_URL lies inside the program's own files; use another folder."


def _shown_value(one: Field[Any], value: Any) -> str:
    if not value and value is not False and value != 0:
        return ""
    if one.metadata["secret"]:
        return readers.without_password(value) if isinstance(value, str) and "://" in value else "(hidden)"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
