"""The settings, read once from environment variables, each with its default, help line and parser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from server.config import parsers
from server.config.parsers import InvalidSetting

PREFIX = "HANDRAIL_"
TEST_PREFIX = "HANDRAIL_TEST_"
EXIT_CONFIG = 78
GENERATE_KEY_COMMAND = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


class SettingsRefused(Exception):
    """Invalid settings stop the start; each of `reasons` is one sentence that names the setting."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def _setting(default: Any, help: str, parse: Callable[[str], Any] = str, *, secret: bool = False, name: str = "") -> Any:
    """Declares one setting: default, help line, parser; a secret may also come from the file that NAME_FILE names."""
    return field(default=default, metadata={"help": help, "parse": parse, "secret": secret, "name": name})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a process; frozen."""

    database_url: str = _setting(
        "sqlite://var/handrail.db?synchronous=FULL&busy_timeout=5000",
        "Where everything is stored: a SQLite file, or postgres://user:password@host/name.",
        parsers.database_url,
        secret=True,
    )
    read_url: str = _setting("", "A replica that reports may read from; empty means the database itself.", parsers.replica_url, secret=True)
    secret_key: tuple[str, ...] = _setting(
        (),
        "Signs and encrypts; at least 32 characters. A comma-separated list rotates: the first signs, all verify. "
        "Made under var/ when the service runs on this machine only.",
        parsers.secret_keys,
        secret=True,
    )
    public_url: str = _setting(
        "http://127.0.0.1:8000",
        "The address people open. Links, cookies and origin checks use this, never the Host header.",
        parsers.public_url,
    )
    allow_insecure_http: bool = _setting(False, "Allow plain http on an address that is not this machine.", parsers.boolean)
    proxy_hops: int = _setting(0, "How many proxies in front may be believed about the address of a visitor.", parsers.hops)
    redis_url: str = _setting("", "Shared rate limits for several processes; never required.", parsers.redis_url, secret=True)
    rate_limit: float = _setting(1.0, "A factor on all rate limits.", parsers.positive_number)
    smtp_url: str = _setting(
        "", "Sends mail: smtp://user:password@host:587. Without it mail goes to the log.", parsers.smtp_url, secret=True
    )
    mail_from: str = _setting("", "The sender of mail, such as help@example.com.", parsers.mail_address)
    uploads_url: str = _setting("file://var/uploads", "Where pictures are kept: file://… or s3://…", parsers.uploads_url)
    egress_allow: tuple[IPv4Network | IPv6Network, ...] = _setting(
        (), "Private networks that webhooks may reach, such as 10.1.2.0/24, separated by commas.", parsers.networks
    )
    event_days: int = _setting(400, "How many days raw events are kept.", parsers.days)
    metrics_token: str = _setting("", "Opens /metrics to others than this machine.", parsers.metrics_token, secret=True)
    safe_mode: bool = _setting(False, "Start without plugins.", parsers.boolean)
    debug: bool = _setting(False, "Verbose errors; refused unless the service listens on this machine only.", parsers.boolean)
    port: int = _setting(8000, "The port that make run serves on.", parsers.port, name="PORT")
    demo_port: int = _setting(8001, "The port of the demo host app of make run.", parsers.port, name="DEMO_PORT")
    is_secret_generated: bool = False

    @classmethod
    def load(cls, environ: Mapping[str, str], var: Path = Path("var")) -> Settings:
        """Read every setting; raises SettingsRefused with all reasons at once."""
        reasons = [f"{name} is not a setting of Handrail." for name in _list_unknown(environ)]
        values: dict[str, Any] = {}
        for setting in list_settings():
            try:
                text = _find_text(setting, environ)
                if text is not None:
                    values[setting.name] = setting.metadata["parse"](text)
            except InvalidSetting as error:
                reasons.append(f"{get_variable_name(setting)} {error}")
        if reasons:
            raise SettingsRefused(reasons)
        if "port" in values:
            values.setdefault("public_url", f"http://127.0.0.1:{values['port']}")
        return _validate(cls(**values), var)

    @classmethod
    def from_process(cls, port: int | None = None) -> Settings:
        """Reads the environment variables of this process; a port from the command line is also set for its child processes."""
        if port is not None:
            os.environ["PORT"] = str(port)
        return cls.load(os.environ)

    @property
    def is_local(self) -> bool:
        """True when the public URL is on this machine."""
        return parsers.is_loopback(parsers.get_host(self.public_url))


def list_settings() -> Iterator[Field[Any]]:
    """Lists every setting in the order of its help."""
    return (setting for setting in fields(Settings) if "help" in setting.metadata)


def get_variable_name(setting: Field[Any]) -> str:
    """Returns the environment variable, such as HANDRAIL_PUBLIC_URL."""
    return str(setting.metadata["name"] or PREFIX + setting.name.upper())


def describe(loaded: Settings) -> Iterator[tuple[str, str, str]]:
    """Yields variable, value and help line of every setting; secrets are hidden."""
    for setting in list_settings():
        yield get_variable_name(setting), _format_value(setting, getattr(loaded, setting.name)), setting.metadata["help"]


def check_bind_address(loaded: Settings, host: str) -> None:
    """Raises SettingsRefused when debug mode or a generated key would be reachable by others."""
    if parsers.is_loopback(host):
        return
    reasons = []
    if loaded.debug:
        reasons.append(f"HANDRAIL_DEBUG is on, and {host} can be reached by others; switch it off.")
    if loaded.is_secret_generated:
        reasons.append(f"HANDRAIL_SECRET_KEY is required to listen on {host}. Make one with: {GENERATE_KEY_COMMAND}")
    if reasons:
        raise SettingsRefused(reasons)


def _list_unknown(environ: Mapping[str, str]) -> list[str]:
    names = {get_variable_name(setting) for setting in list_settings()}
    names |= {get_variable_name(setting) + "_FILE" for setting in list_settings() if setting.metadata["secret"]}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in names and not name.startswith(TEST_PREFIX))


def _find_text(setting: Field[Any], environ: Mapping[str, str]) -> str | None:
    name = get_variable_name(setting)
    text, file = environ.get(name) or None, environ.get(name + "_FILE") or None
    if file is None or not setting.metadata["secret"]:
        return text
    if text is not None:
        raise InvalidSetting(f"and {name}_FILE are both given; keep one.")
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeError) as error:
        raise InvalidSetting(f"cannot be read from the file that {name}_FILE names: {type(error).__name__}.") from error


def _validate(loaded: Settings, var: Path) -> Settings:
    reasons = list(_contradictions(loaded))
    if not loaded.secret_key and not loaded.is_local:
        reasons.append(f"HANDRAIL_SECRET_KEY is required. Make one with: {GENERATE_KEY_COMMAND}")
    if reasons:
        raise SettingsRefused(reasons)
    if loaded.secret_key:
        return loaded
    return replace(loaded, secret_key=(parsers.load_or_create_key(var / "secret_key"),), is_secret_generated=True)


def _contradictions(loaded: Settings) -> Iterator[str]:
    if loaded.public_url.startswith("http:") and not loaded.is_local and not loaded.allow_insecure_http:
        yield "HANDRAIL_PUBLIC_URL is plain http; use https, or set HANDRAIL_ALLOW_INSECURE_HTTP=1 on a network you trust."
    if loaded.smtp_url and not loaded.mail_from:
        yield "HANDRAIL_MAIL_FROM is required when HANDRAIL_SMTP_URL is set."
    file = parsers.find_sqlite_file(loaded.database_url)
    if file is not None and parsers.is_remote(file):
        yield "HANDRAIL_DATABASE_URL puts SQLite on a network file system, where its locks do not hold; use a local disk."
    uploads = parsers.find_uploads_folder(loaded.uploads_url)
    if uploads is not None and uploads.is_relative_to(Path(__file__).resolve().parents[2] / "admin"):
        yield "HANDRAIL_UPLOADS_URL lies inside the program's own files; use another folder."


def _format_value(setting: Field[Any], value: Any) -> str:
    if not value and value is not False and value != 0:
        return ""
    if setting.metadata["secret"]:
        return parsers.without_password(value) if isinstance(value, str) and "://" in value else "(hidden)"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
