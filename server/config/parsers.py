"""How the text of each setting is read; what cannot be read says why in plain words."""

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


class Unreadable(Exception):
    """The rest of a sentence that begins with the setting's name."""


def switch(text: str) -> bool:
    """On or off, by the usual words."""
    folded = text.strip().lower()
    if folded in {"1", "true", "yes", "on"}:
        return True
    if folded in {"0", "false", "no", "off"}:
        return False
    raise Unreadable("must be 1 or 0.")


def hops(text: str) -> int:
    """A number of proxies; a star would believe everybody."""
    return _whole(text, 0, 10, "must be the number of proxies in front, 0 to 10.")


def days(text: str) -> int:
    """A number of days."""
    return _whole(text, 1, 36500, "must be a number of days, at least 1.")


def port(text: str) -> int:
    """A port that can be listened on."""
    return _whole(text, 1, 65535, "must be a port, 1 to 65535.")


def factor(text: str) -> float:
    """A positive number."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text.strip()) or float(text) <= 0:
        raise Unreadable("must be a number greater than 0, such as 1 or 2.5.")
    return float(text)


def secret_keys(text: str) -> tuple[str, ...]:
    """Keys in order, each long and varied enough to be one."""
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if any(len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY for key in keys):
        raise Unreadable(f"is too weak: at least {KEY_LENGTH} random characters are needed.")
    return keys


def metrics_token(text: str) -> str:
    """A token that cannot be guessed."""
    if len(text.strip()) < 16:
        raise Unreadable("is too short: at least 16 characters are needed.")
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
        raise Unreadable("must be a mail address.")
    return text.strip()


def public_url(text: str) -> str:
    """Scheme and host with an optional port, nothing behind."""
    try:
        parts = urlsplit(text.strip())
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"} and (parts.port is None or parts.port > 0)
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable or parts.query or parts.fragment or "@" in parts.netloc:
        raise Unreadable("must be an address such as https://help.example.com, without a path.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks in CIDR form."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Unreadable("must be networks such as 10.1.2.0/24, separated by commas.") from error


def host_of(url: str) -> str:
    """The host name of an address, folded."""
    return (urlsplit(url).hostname or "").lower()


def is_loopback(host: str) -> bool:
    """Only this machine can be meant by that host."""
    folded = host.strip("[]").lower()
    if folded == "localhost" or folded.endswith(".localhost"):
        return True
    try:
        return ip_address(folded).is_loopback
    except ValueError:
        return False


def without_password(url: str) -> str:
    """The address with its password hidden."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    who, _, where = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{who.partition(':')[0]}:…@{where}"))


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for memory and for other databases."""
    path = url.removeprefix("sqlite://").partition("?")[0] if url.startswith("sqlite://") else ""
    return None if path in {"", ":memory:"} else Path(path).absolute()


def uploads_folder(url: str) -> Path | None:
    """The folder of uploads; None when they are kept elsewhere."""
    return Path(url.removeprefix("file://")).resolve() if url.startswith("file://") else None


def is_remote(file: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """The file lies on a network file system (as far as the system says)."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return False
    around = [(len(words[1]), words[2]) for words in lines if len(words) > 2 and file.is_relative_to(words[1].replace("\\040", " "))]
    return bool(around) and max(around)[1] in REMOTE_FILE_SYSTEMS


def kept_key(file: Path) -> str:
    """The key in that file, made on first use; two processes that start at once agree on one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="ascii").strip()


def _whole(text: str, least: int, most: int, otherwise: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text.strip()) or not least <= int(text) <= most:
        raise Unreadable(otherwise)
    return int(text)


def _with_scheme(text: str, schemes: tuple[str, ...]) -> str:
    if not text.strip().startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise Unreadable(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return text.strip()
