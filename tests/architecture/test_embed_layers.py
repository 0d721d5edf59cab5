"""The layers of the embed hold, and each rule finds the violation it is there for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import embed_layers as rules

ROOT = Path(__file__).parents[2]
VIOLATIONS = [
    (rules.upward_imports, {"ui/dom.ts": 'import { show } from "../stage/scheduler";', "stage/scheduler.ts": ""}),
    (rules.upward_imports, {"types/kit.ts": 'import type { Page } from "../core/navigation";', "core/navigation.ts": ""}),
    (rules.upward_imports, {"core/session.ts": 'export type Kit = typeof import("../kit");', "kit/index.ts": ""}),
    (rules.upward_imports, {"target/find.ts": 'export { isLink } from "../richtext/links";', "richtext/links.ts": ""}),
    (rules.unplaced_folders, {"helpers/misc.ts": ""}),
    (rules.import_circles, {"ui/a.ts": 'import "./b";', "ui/b.ts": 'import type { A } from "./a";'}),
    (rules.renderers_that_import_values, {"../../guides/kinds/quiz/render.ts": 'import { el } from "../../../embed/src/ui/dom";'}),
]


@pytest.mark.parametrize("rule", {rule for rule, _ in VIOLATIONS}, ids=lambda rule: rule.__name__)
def test_the_embed_keeps_its_layers(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "files"), VIOLATIONS)
def test_a_violation_is_found(rule: Callable[[Path], list[str]], files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        path = tmp_path / "embed/src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert rule(tmp_path)


def test_the_imports_of_the_embed_are_read() -> None:
    read = rules.imports_of(ROOT / "embed/src")
    assert len(read) > 90
    assert "types/kit.ts" in read["types/contracts.ts"]
    assert "core/session.ts" in read["core/main.ts"]
