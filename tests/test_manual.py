"""The manual names everything that others rely on."""

from __future__ import annotations

import re
from functools import cache

from guides.kind import Kind
from server.config.settings import get_variable_name, list_settings
from tests.architecture.source_tree import ROOT

CALLS = re.compile(r"^const \w+: Record<string, Call> = \{\n(.*?)^\};", re.M | re.S)
TYPED = re.compile(r"^  (\w+)\(.*Promise<", re.M)
CALL = re.compile(r"^  (?:async )?(\w+)(?=[(:,])", re.M)


@cache
def manual() -> str:
    """All chapters."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "admin/help").glob("*.md")))


def test_every_setting_is_in_the_manual() -> None:
    names = [get_variable_name(setting) for setting in list_settings()]
    assert [name for name in names if f"`{name}`" not in manual()] == []


def test_every_part_of_a_kind_is_in_the_manual() -> None:
    parts = {name for name in (*vars(Kind), *Kind.__annotations__) if not name.startswith("_")}
    assert {part for part in parts if not re.search(rf"`{part}\b", manual())} == set()


def test_every_call_of_the_embed_is_in_the_manual() -> None:
    built, typed = ((ROOT / "embed/src" / name).read_text(encoding="utf-8") for name in ("core/public-api.ts", "loader/npm.ts"))
    calls = {name for block in CALLS.findall(built) for name in CALL.findall(block)} | set(TYPED.findall(typed))
    assert len(calls) > 30
    assert {call for call in calls if not re.search(rf"`{call}\b", manual())} == set()
