"""What the environment may say, and what stops the start."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from server.config.parsers import is_remote, load_or_create_key
from server.config.settings import Settings, SettingsRefused, check_bind_address, describe, get_variable_name, list_settings

KEY = "Zk3vQ9xW1mB7rT5yL2nC8dF4gH6jP0sA"


def load(tmp_path: Path, **environ: str) -> Settings:
    return Settings.load(environ, tmp_path)


def test_nothing_needs_to_be_set_on_this_machine(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.database_url == "sqlite://var/handrail.db?synchronous=FULL&busy_timeout=5000"
    assert loaded.public_url == "http://127.0.0.1:8000"
    assert (loaded.event_days, loaded.rate_limit, loaded.proxy_hops, loaded.port, loaded.demo_port) == (400, 1, 0, 8000, 8001)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key and len(first.secret_key[0]) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert load_or_create_key(tmp_path / "secret_key") == first.secret_key[0]


def test_an_unknown_setting_stops_the_start_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="HANDRAIL_DATABSE_URL is not a setting"):
        load(tmp_path, HANDRAIL_DATABSE_URL="x")


def test_what_the_tests_set_is_none_of_our_business(tmp_path: Path) -> None:
    load(tmp_path, HANDRAIL_TEST_DATABASE="postgres")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HANDRAIL_SECRET_KEY", "changeme"),
        ("HANDRAIL_SECRET_KEY", "short"),
        ("HANDRAIL_SECRET_KEY", "a" * 64),
        ("HANDRAIL_SECRET_KEY", f"{KEY},weak"),
        ("HANDRAIL_PUBLIC_URL", "http://help.example.com"),
        ("HANDRAIL_PUBLIC_URL", "help.example.com"),
        ("HANDRAIL_PUBLIC_URL", "https://help.example.com/under"),
        ("HANDRAIL_PUBLIC_URL", "https://user:word@help.example.com"),
        ("HANDRAIL_PUBLIC_URL", "https://[bad"),
        ("HANDRAIL_PROXY_HOPS", "*"),
        ("HANDRAIL_PROXY_HOPS", "-1"),
        ("HANDRAIL_RATE_LIMIT", "0"),
        ("HANDRAIL_RATE_LIMIT", "nan"),
        ("HANDRAIL_EVENT_DAYS", "0"),
        ("HANDRAIL_DATABASE_URL", "mysql://x"),
        ("HANDRAIL_REDIS_URL", "http://x"),
        ("HANDRAIL_SMTP_URL", "smtp://mail.example.com"),
        ("HANDRAIL_MAIL_FROM", "nobody"),
        ("HANDRAIL_EGRESS_ALLOW", "10.0.0.0/99"),
        ("HANDRAIL_METRICS_TOKEN", "short"),
        ("HANDRAIL_DEBUG", "maybe"),
        ("PORT", "80000"),
    ],
)
def test_a_bad_value_stops_the_start_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(tmp_path, **{"HANDRAIL_SECRET_KEY": KEY, name: value})
    assert name in refused.value.reasons[0] or "MAIL_FROM" in refused.value.reasons[0]
    assert not any(value in reason for reason in refused.value.reasons if name == "HANDRAIL_SECRET_KEY")


def test_every_reason_is_given_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(tmp_path, HANDRAIL_DEBUG="perhaps", HANDRAIL_EVENT_DAYS="many", HANDRAIL_NONSENSE="1")
    assert len(refused.value.reasons) == 3


def test_a_public_address_needs_a_secret_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="HANDRAIL_SECRET_KEY is required"):
        load(tmp_path, HANDRAIL_PUBLIC_URL="https://help.example.com")
    assert load(tmp_path, HANDRAIL_PUBLIC_URL="https://help.example.com", HANDRAIL_SECRET_KEY=KEY).secret_key == (KEY,)


def test_plain_http_elsewhere_needs_the_switch(tmp_path: Path) -> None:
    loaded = load(tmp_path, HANDRAIL_PUBLIC_URL="http://help.lan", HANDRAIL_SECRET_KEY=KEY, HANDRAIL_ALLOW_INSECURE_HTTP="1")
    assert loaded.allow_insecure_http


def test_what_is_meant_for_this_machine_does_not_listen_to_others(tmp_path: Path) -> None:
    made, debug = load(tmp_path), load(tmp_path, HANDRAIL_SECRET_KEY=KEY, HANDRAIL_DEBUG="1")
    check_bind_address(made, "127.0.0.1")
    check_bind_address(debug, "::1")
    with pytest.raises(SettingsRefused, match="SECRET_KEY"):
        check_bind_address(made, "0.0.0.0")
    with pytest.raises(SettingsRefused, match="DEBUG"):
        check_bind_address(debug, "0.0.0.0")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    assert load(tmp_path, HANDRAIL_SECRET_KEY_FILE=str(tmp_path / "key")).secret_key == (KEY,)
    with pytest.raises(SettingsRefused, match="both given"):
        load(tmp_path, HANDRAIL_SECRET_KEY_FILE=str(tmp_path / "key"), HANDRAIL_SECRET_KEY=KEY)
    with pytest.raises(SettingsRefused, match="HANDRAIL_SECRET_KEY cannot be read"):
        load(tmp_path, HANDRAIL_SECRET_KEY_FILE=str(tmp_path / "nothing"))
    with pytest.raises(SettingsRefused, match="HANDRAIL_PUBLIC_URL_FILE is not a setting"):
        load(tmp_path, HANDRAIL_PUBLIC_URL_FILE=str(tmp_path / "key"))


def test_keys_rotate_by_a_list(tmp_path: Path) -> None:
    assert load(tmp_path, HANDRAIL_SECRET_KEY=f"{KEY}, {KEY[::-1]}").secret_key == (KEY, KEY[::-1])


def test_settings_are_shown_with_help_and_without_secrets(tmp_path: Path) -> None:
    loaded = load(tmp_path, HANDRAIL_SECRET_KEY=KEY, HANDRAIL_DATABASE_URL="postgres://handrail:hunter2@db/handrail")
    rows = {name: (value, help) for name, value, help in describe(loaded)}
    assert rows["HANDRAIL_SECRET_KEY"][0] == "(hidden)"
    assert "hunter2" not in str(rows) and KEY not in str(rows)
    assert rows["HANDRAIL_DEBUG"][0] == "off" and rows["HANDRAIL_PROXY_HOPS"][0] == "0"
    assert all(help.endswith(".") or help.endswith("…") for _, help in rows.values())
    assert len(rows) == len([get_variable_name(one) for one in list_settings()]) == 18


def test_a_network_disk_is_no_place_for_sqlite(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/vda / ext4 rw 0 0\nnas:/v /mnt/nas nfs4 rw 0 0\n")
    assert is_remote(Path("/mnt/nas/handrail.db"), mounts)
    assert not is_remote(Path("/srv/handrail.db"), mounts)
    assert not is_remote(Path("/srv/handrail.db"), tmp_path / "absent")
