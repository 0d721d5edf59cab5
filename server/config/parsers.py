"""Parses the text of settings; raises InvalidSetting with a plain reason."""

from __future__ import annotations

import os
import re
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

KEY_LENGTH = 32
KEY_VARIETY = 10
REMOTE_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "lustre", "afs", "fuse.sshfs"})


class InvalidSetting(Exception):
    """A setting cannot be parsed; the message completes a sentence that begins with the setting's name."""


def boolean(text: str) -> bool:
    """1, true, yes or on; 0, false, no or off."""
    lowered = text.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise InvalidSetting("must be 1 or 0.")


def hops(text: str) -> int:
    """A number of proxies."""
    return _integer(text, 0, 10, "must be the number of proxies in front, 0 to 10.")


def days(text: str) -> int:
    """A number of days."""
    return _integer(text, 1, 36500, "must be a number of days, at least 1.")


def port(text: str) -> int:
    """A TCP port."""
    return _integer(text, 1, 65535, "must be a port, 1 to 65535.")


def positive_number(text: str) -> float:
    """A positive number."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text.strip()) or float(text) <= 0:
        raise InvalidSetting("must be a number greater than 0, such as 1 or 2.5.")
    return float(text)


def secret_keys(text: str) -> tuple[str, ...]:
    """Comma-separated keys, each of KEY_LENGTH and KEY_VARIETY at least."""
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if any(len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY for key in keys):
        raise InvalidSetting(f"is too weak: at least {KEY_LENGTH} random characters are needed.")
    return keys


def metrics_token(text: str) -> str:
    """A token that cannot be guessed."""
    if len(text.strip()) < 16:
        raise InvalidSetting("is too short: at least 16 characters are needed.")
    return text.strip()


def database_url(text: str) -> str:
    """A SQLite file or a PostgreSQL database."""
    url = "postgres" + text[len("postgresql") :] if text.startswith("postgresql://") else text
    return _with_scheme(url, ("sqlite", "postgres"))


def replica_url(text: str) -> str:
    """A PostgreSQL replica."""
    url = "postgres" + text[len("postgresql") :] if text.startswith("postgresql://") else text
    return _with_scheme(url, ("postgres",))


def redis_url(text: str) -> str:
    """A Redis, plain or encrypted."""
    return _with_scheme(text, ("redis", "rediss", "unix"))


def smtp_url(text: str) -> str:
    """A mail server; smtps is encrypted from the first byte."""
    return _with_scheme(text, ("smtp", "smtps"))


def uploads_url(text: str) -> str:
    """A folder or a bucket."""
    return _with_scheme(text, ("file", "s3"))


def mail_address(text: str) -> str:
    """One address, with or without a name before it, on one line."""
    if not re.fullmatch(r"[^\r\n\x00]*[^\s@<>]+@[^\s@<>]+>?", text.strip()):
        raise InvalidSetting("must be a mail address.")
    return text.strip()


def public_url(text: str) -> str:
    """Scheme and host with an optional port, nothing behind."""
    try:
        parts = urlsplit(text.strip())
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"} and (parts.port is None or parts.port > 0)
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable or parts.query or parts.fragment or "@" in parts.netloc:
        raise InvalidSetting("must be an address such as https://help.example.com, without a path.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks in CIDR form."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise InvalidSetting("must be networks such as 10.1.2.0/24, separated by commas.") from error


def get_host(url: str) -> str:
    """The host name of an address, lowered."""
    return (urlsplit(url).hostname or "").lower()


def is_loopback(host: str) -> bool:
    """True when the host can only mean this machine."""
    lowered = host.strip("[]").lower()
    if lowered == "localhost" or lowered.endswith(".localhost"):
        return True
    try:
        return ip_address(lowered).is_loopback
    except ValueError:
        return False


def without_password(url: str) -> str:
    """Replaces the password in a URL."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    credentials, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{credentials.partition(':')[0]}:…@{host}"))


def find_sqlite_file(url: str) -> Path | None:
    """Returns the file of a SQLite URL; None for memory and for other databases."""
    path = url.removeprefix("sqlite://").partition("?")[0] if url.startswith("sqlite://") else ""
    return None if path in {"", ":memory:"} else Path(path).absolute()


def find_uploads_folder(url: str) -> Path | None:
    """Returns the folder of a file:// URL, else None."""
    return Path(url.removeprefix("file://")).resolve() if url.startswith("file://") else None


def is_remote(file: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """True when /proc/mounts puts the file on a network file system."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return False
    parents = [(len(words[1]), words[2]) for words in lines if len(words) > 2 and file.is_relative_to(words[1].replace("\\040", " "))]
    return bool(parents) and max(parents)[1] in REMOTE_FILE_SYSTEMS


def load_or_create_key(file: Path) -> str:
    """Reads the key from a file, generating it on first use; two processes that start at once agree on one key."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(temporary, file)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return file.read_text(encoding="ascii").strip()


def _integer(text: str, minimum: int, maximum: int, message: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text.strip()) or not minimum <= int(text) <= maximum:
        raise InvalidSetting(message)
    return int(text)


def _with_scheme(text: str, schemes: tuple[str, ...]) -> str:
    if not text.strip().startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise InvalidSetting(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return text.strip()
