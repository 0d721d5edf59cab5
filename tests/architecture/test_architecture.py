"""The rules of the house, held by machine; each rule is proven by a sin that it must see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import code_shape as shape
from tests.architecture import packaging as shipped
from tests.architecture import side_effects as doors
from tests.architecture.source_tree import ROOT, Check

LONG = "def act() -> None:\n" + "    act()\n" * 60
TWELVE = "def act() -> None:\n" + "    act()\n" * 12
KIND = {"guides/kinds/quiz/__init__.py": ""}
LOCKED = {"requirements.lock": "rich==1 \\\n    --hash=sha256:0\n", "requirements-test.lock": ""}
MANIFEST = '{"current": "1", "kinds": {"quiz": "quiz.js"}}'
HEAVY = "".join(chr(33 + number * number % 90) + str(number * 7919 % 10007) for number in range(9000))

SINS: list[tuple[Check, dict[str, str]]] = [
    (shape.long_functions, {"guides/acts.py": LONG}),
    (shape.long_functions, {"guides/acts.py": TWELVE}),
    (shape.long_files, {"embed/src/core/session.ts": "\n" * 401}),
    (shape.long_files, {"admin/pages/page.html": "\n" * 401}),
    (shape.names_that_say_nothing, {"guides/utils.py": ""}),
    (shape.names_that_say_nothing, {"guides/acts.py": "class GuideManager: ..."}),
    (shape.names_that_say_nothing, {"admin/acts.py": "class Form:\n    form_data: dict"}),
    (shape.names_that_say_nothing, {"embed/src/core/navigation.ts": "const clickHandler = 1;"}),
    (shape.imports_inside_functions, {"server/embed/boot.py": "def act():\n    import os"}),
    (shape.environment_read_elsewhere, {"guides/external/mail.py": "import os\nhost = os.environ['HOST']"}),
    (shape.environment_read_elsewhere, {"server/app.py": "from os import getenv"}),
    (shape.other_clocks, {"guides/acts.py": "import datetime\nat = datetime.datetime.now()"}),
    (shape.other_clocks, {"server/http/rate_limits.py": "import time\nat = time.time()"}),
    (shape.kinds_named_elsewhere, KIND | {"guides/acts.py": "if kind == 'quiz': ..."}),
    (shape.kinds_named_elsewhere, KIND | {"admin/pages/guides/editor.py": "at = '/admin/quiz/new'"}),
    (shape.kinds_named_elsewhere, KIND | {"embed/src/core/session.ts": "if (kind === 'quiz') start();"}),
    (shape.kinds_named_elsewhere, KIND | {"admin/pages/guides/new.html": '{% if kind == "quiz" %}{% endif %}'}),
    (shape.async_kinds, {"guides/kinds/quiz/__init__.py": "async def check(): ..."}),
    (shape.async_kinds, {"guides/kinds/quiz/__init__.py": "from guides import clock"}),
    (doors.writes_elsewhere, {"admin/pages/guides/editor.py": "async def save(guide):\n    await guide.save()"}),
    (doors.writes_elsewhere, {"server/api/guides.py": "async def act(Guide):\n    await Guide.filter(id=1).update(name='x')"}),
    (doors.rows_found_by_id_alone, {"admin/pages/guides/editor.py": "guide = Guide.get(id=posted)"}),
    (doors.drafts_in_public, {"server/embed/boot.py": "body = guide.draft"}),
    (doors.network_elsewhere, {"guides/jobs/outbox.py": "import httpx2"}),
    (doors.network_elsewhere, {"server/app.py": "from urllib.request import urlopen"}),
    (doors.files_written_elsewhere, {"admin/web/responses.py": "open('x', 'w')"}),
    (doors.files_written_elsewhere, {"guides/acts.py": "path.write_text('x')"}),
    (doors.slow_middleware, {"admin/web/csrf.py": "from starlette.middleware.base import BaseHTTPMiddleware"}),
    (doors.secrets_compared_openly, {"admin/web/access.py": "ok = given == row.token"}),
    (doors.secrets_compared_openly, {"guides/accounts/api_keys.py": "ok = secret_digest != stored"}),
    (doors.raw_html, {"admin/web/responses.py": "Markup(name)"}),
    (doors.raw_html, {"admin/pages/page.html": "{{ name | safe }}"}),
    (doors.raw_html, {"admin/pages/page.html": "<script>act()</script>"}),
    (doors.raw_html, {"guides/kinds/quiz/form.html": '<a onclick="act()">'}),
    (doors.script_sinks, {"guides/kinds/quiz/render.ts": "root.innerHTML = text;"}),
    (doors.script_sinks, {"admin/static/page.js": "new Function(text)()"}),
    (doors.script_sinks, {"embed/src/builder/frame.ts": "frame.postMessage({ ready: true }, '*');"}),
    (doors.built_sinks, {"embed/dist/1/kit.js": "e.insertAdjacentHTML('beforeend',t)"}),
    (doors.skins_that_reach_out, {"guides/kinds/quiz/render.ts": 'import { el } from "kit/dom";'}),
    (doors.skins_that_reach_out, {"guides/kinds/quiz/render.ts": "localStorage.clear();"}),
    (doors.skins_that_reach_out, {"tests/plugins/quiz/render.js": 'const more = await import("./more.js");'}),
    (shipped.migrations_that_take, {"guides/migrations/0002_more.py": "operations = [ops.AlterField('Guide', 'name')]"}),
    (shipped.migrations_that_take, {"guides/migrations/0002_more.py": "sql = 'DROP TABLE guide'"}),
    (shipped.locks_that_name_a_place, {"requirements.lock": "--index-url https://packages.example/simple\n"}),
    (shipped.locks_that_name_a_place, {"requirements.lock": "rich @ file:///wheels/rich.whl\n"}),
    (shipped.locks_that_name_a_place, {"requirements.lock": "rich==1\n"}),
    (shipped.locks_that_name_a_place, {"embed/package-lock.json": '{"resolved": "https://packages.example/rich.tgz"}'}),
    (shipped.needs_that_are_not_locked, LOCKED | {"pyproject.toml": '[project]\ndependencies = ["rich>=1", "poor>=1"]'}),
    (shipped.imports_that_nobody_asked_for, LOCKED | {"pyproject.toml": "[project]\ndependencies = []", "guides/acts.py": "import pytest"}),
    (shipped.heavy_builds, {"embed/dist/manifest.json": MANIFEST, "embed/dist/1/quiz.js": HEAVY}),
    (shipped.heavy_builds, {"embed/dist/manifest.json": MANIFEST, "embed/dist/loader.js": HEAVY}),
    (shipped.parts_that_bring_others, {"embed/dist/manifest.json": MANIFEST, "embed/dist/1/kit.js": 'import{a}from"./quiz.js"'}),
]
CHECKS = list(dict.fromkeys(check for check, _ in SINS))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_keeps_its_rules(check: Check) -> None:
    sins = check(ROOT)
    assert not sins, "\n".join([str(check.__doc__), *sins])


@pytest.mark.parametrize(("check", "sin"), SINS, ids=[f"{check.__name__}-{number}" for number, (check, _) in enumerate(SINS)])
def test_a_rule_sees_the_sin_against_it(check: Check, sin: dict[str, str], tmp_path: Path) -> None:
    assert check(tmp_path) == []
    for name, text in sin.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(tmp_path)


def test_every_rule_is_proven() -> None:
    rules = {each for room in (shape, doors, shipped) for each in vars(room).values() if getattr(each, "__module__", "") == room.__name__}
    assert {rule.__name__ for rule in rules if not rule.__name__.startswith("_")} == {check.__name__ for check in CHECKS}
