"""Rules about the source code; each is tested on the code, and on a violation that it must find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import code_shape, kind_boundaries, names, packaging, side_effects
from tests.architecture.source_tree import ROOT, Check

LONG = "def act() -> None:\n" + "    act()\n" * 60
TWELVE = "def act() -> None:\n" + "    act()\n" * 12
KIND = {"guides/kinds/quiz/__init__.py": ""}
BODY = {"guides/kinds/quiz/__init__.py": "class QuizBody(Body):\n    questions: list[str] = []"}
LOCKED = {"requirements.lock": "rich==1 \\\n    --hash=sha256:0\n", "requirements-test.lock": ""}
MANIFEST = '{"current": "1", "kinds": {"quiz": "quiz.js"}}'
HEAVY = "".join(chr(33 + number * number % 90) + str(number * 7919 % 10007) for number in range(9000))

VIOLATIONS: list[tuple[Check, dict[str, str]]] = [
    (code_shape.long_functions, {"guides/acts.py": LONG}),
    (code_shape.long_functions, {"guides/acts.py": TWELVE}),
    (code_shape.long_files, {"embed/src/core/session.ts": "\n" * 401}),
    (code_shape.long_files, {"admin/pages/page.html": "\n" * 401}),
    (code_shape.long_template_lines, {"admin/pages/page.html": "<p " + "data-long " * 14 + ">"}),
    (code_shape.vague_names, {"guides/utils.py": ""}),
    (code_shape.vague_names, {"guides/acts.py": "class GuideManager: ..."}),
    (code_shape.vague_names, {"admin/acts.py": "class Form:\n    form_data: dict"}),
    (code_shape.vague_names, {"embed/src/core/navigation.ts": "const clickHandler = 1;"}),
    (code_shape.vague_locals, {"guides/acts.py": "def act(row):\n    found = row.name"}),
    (code_shape.vague_locals, {"admin/acts.py": "def act(given): ..."}),
    (code_shape.vague_locals, {"server/acts.py": "key = lambda one: one.name"}),
    (code_shape.vague_locals, {"guides/acts.py": "def act(rows):\n    return [one.name for one in rows]"}),
    (code_shape.vague_locals, {"guides/acts.py": "def act():\n    def place(): ..."}),
    (code_shape.imports_inside_functions, {"server/embed/boot.py": "def act():\n    import os"}),
    (code_shape.environment_read_elsewhere, {"guides/external/mail.py": "import os\nhost = os.environ['HOST']"}),
    (code_shape.environment_read_elsewhere, {"server/app.py": "from os import getenv"}),
    (code_shape.clocks_elsewhere, {"guides/acts.py": "import datetime\nat = datetime.datetime.now()"}),
    (code_shape.clocks_elsewhere, {"server/http/rate_limits.py": "import time\nat = time.time()"}),
    (code_shape.kinds_named_elsewhere, KIND | {"guides/acts.py": "if kind == 'quiz': ..."}),
    (code_shape.kinds_named_elsewhere, KIND | {"admin/pages/guides/editor.py": "at = '/admin/quiz/new'"}),
    (code_shape.kinds_named_elsewhere, KIND | {"embed/src/core/session.ts": "if (kind === 'quiz') start();"}),
    (code_shape.kinds_named_elsewhere, KIND | {"admin/pages/guides/new.html": '{% if kind == "quiz" %}{% endif %}'}),
    (code_shape.kinds_with_io, {"guides/kinds/quiz/__init__.py": "async def check(): ..."}),
    (kind_boundaries.imports_of_kinds, {"guides/kinds/quiz/__init__.py": "from guides import clock"}),
    (kind_boundaries.imports_of_kinds, {"guides/kinds/quiz/__init__.py": "import os"}),
    (side_effects.writes_elsewhere, {"admin/pages/guides/editor.py": "async def save(guide):\n    await guide.save()"}),
    (side_effects.writes_elsewhere, {"server/api/guides.py": "async def act(Guide):\n    await Guide.filter(id=1).update(name='x')"}),
    (side_effects.rows_selected_by_id_alone, {"admin/pages/guides/editor.py": "guide = Guide.get(id=posted)"}),
    (side_effects.drafts_in_public, {"server/embed/boot.py": "body = guide.draft"}),
    (side_effects.network_elsewhere, {"guides/jobs/outbox.py": "import httpx2"}),
    (side_effects.network_elsewhere, {"server/app.py": "from urllib.request import urlopen"}),
    (side_effects.files_written_elsewhere, {"admin/web/responses.py": "open('x', 'w')"}),
    (side_effects.files_written_elsewhere, {"guides/acts.py": "path.write_text('x')"}),
    (side_effects.middleware_that_is_not_asgi, {"admin/web/csrf.py": "from starlette.middleware.base import BaseHTTPMiddleware"}),
    (side_effects.secrets_compared_with_equals, {"admin/web/access.py": "ok = given == row.token"}),
    (side_effects.secrets_compared_with_equals, {"guides/accounts/api_keys.py": "ok = secret_digest != stored"}),
    (side_effects.raw_html, {"admin/web/responses.py": "Markup(name)"}),
    (side_effects.raw_html, {"admin/pages/page.html": "{{ name | safe }}"}),
    (side_effects.raw_html, {"admin/pages/page.html": "<script>act()</script>"}),
    (side_effects.raw_html, {"guides/kinds/quiz/form.html": '<a onclick="act()">'}),
    (side_effects.script_sinks, {"guides/kinds/quiz/render.ts": "root.innerHTML = text;"}),
    (side_effects.script_sinks, {"admin/static/page.js": "new Function(text)()"}),
    (side_effects.script_sinks, {"embed/src/builder/frame.ts": "frame.postMessage({ ready: true }, '*');"}),
    (side_effects.built_sinks, {"embed/dist/1/kit.js": "e.insertAdjacentHTML('beforeend',t)"}),
    (side_effects.renderers_with_side_effects, {"guides/kinds/quiz/render.ts": 'import { el } from "kit/dom";'}),
    (side_effects.renderers_with_side_effects, {"guides/kinds/quiz/render.ts": "localStorage.clear();"}),
    (side_effects.renderers_with_side_effects, {"tests/plugins/quiz/render.js": 'const more = await import("./more.js");'}),
    (packaging.destructive_migrations, {"guides/migrations/0002_more.py": "operations = [ops.AlterField('Guide', 'name')]"}),
    (packaging.destructive_migrations, {"guides/migrations/0002_more.py": "sql = 'DROP TABLE guide'"}),
    (packaging.locks_with_locations, {"requirements.lock": "--index-url https://packages.example/simple\n"}),
    (packaging.locks_with_locations, {"requirements.lock": "rich @ file:///wheels/rich.whl\n"}),
    (packaging.locks_with_locations, {"requirements.lock": "rich==1\n"}),
    (packaging.locks_with_locations, {"embed/package-lock.json": '{"resolved": "https://packages.example/rich.tgz"}'}),
    (packaging.unlocked_dependencies, LOCKED | {"pyproject.toml": '[project]\ndependencies = ["rich>=1", "poor>=1"]'}),
    (packaging.undeclared_imports, LOCKED | {"pyproject.toml": "[project]\ndependencies = []", "guides/acts.py": "import pytest"}),
    (packaging.oversized_builds, {"embed/dist/manifest.json": MANIFEST, "embed/dist/1/quiz.js": HEAVY}),
    (packaging.oversized_builds, {"embed/dist/manifest.json": MANIFEST, "embed/dist/loader.js": HEAVY}),
    (packaging.missing_paths_in_docs, {"README.md": "See `guides/shelf.py`."}),
    (packaging.missing_paths_in_docs, {"CONTRIBUTING.md": "Pages are in `admin/rooms/`."}),
    (names.unlisted_words_in_file_names, {"guides/shelf.py": ""}),
    (names.unlisted_words_in_file_names, {"admin/doubts/list.py": ""}),
    (names.unlisted_words_in_file_names, {"embed/src/core/whole-page.ts": ""}),
    (names.unlisted_words_in_file_names, {"tests/browser/embed/test_embed_guest.py": ""}),
    (kind_boundaries.imports_of_kinds, {"guides/kinds/quiz/__init__.py": "from guides.people import identify"}),
    (kind_boundaries.imports_of_kinds, {"guides/kinds/quiz/__init__.py": "from guides.fields import Target\nimport orjson"}),
    (kind_boundaries.imports_of_kinds, {"guides/kinds/quiz/__init__.py": "from guides.kinds.poll import PollBody"}),
    (kind_boundaries.body_fields_elsewhere, BODY | {"guides/events/record.py": "keys = [one.key for one in body.questions]"}),
    (kind_boundaries.body_fields_elsewhere, BODY | {"admin/pages/guides/list.py": "many = len(guide.draft['questions'])"}),
    (kind_boundaries.body_fields_elsewhere, BODY | {"server/embed/boot.py": "many = version.body.get('questions')"}),
    (kind_boundaries.body_fields_elsewhere, BODY | {"embed/src/stage/showing.ts": "const all = showing.body.questions ?? [];"}),
    (
        kind_boundaries.body_fields_elsewhere,
        BODY | {"embed/src/stage/showing.ts": "const all = (showing.body as { questions?: [] }).questions;"},
    ),
    (kind_boundaries.body_fields_elsewhere, BODY | {"embed/src/kit/kit.ts": "const { questions = [] } = guide.body;"}),
    (packaging.chunks_that_import_chunks, {"embed/dist/manifest.json": MANIFEST, "embed/dist/1/kit.js": 'import{a}from"./quiz.js"'}),
]
CHECKS = list(dict.fromkeys(check for check, _ in VIOLATIONS))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_code_keeps_the_rule(check: Check) -> None:
    violations = check(ROOT)
    assert not violations, "\n".join([str(check.__doc__), *violations])


@pytest.mark.parametrize(
    ("check", "violation"), VIOLATIONS, ids=[f"{check.__name__}-{number}" for number, (check, _) in enumerate(VIOLATIONS)]
)
def test_a_rule_finds_a_violation(check: Check, violation: dict[str, str], tmp_path: Path) -> None:
    assert check(tmp_path) == []
    for name, text in violation.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(tmp_path)


def test_every_rule_has_a_violation() -> None:
    rules = {
        each
        for module in (code_shape, kind_boundaries, names, packaging, side_effects)
        for each in vars(module).values()
        if getattr(each, "__module__", "") == module.__name__
    }
    assert {rule.__name__ for rule in rules if not rule.__name__.startswith("_")} == {check.__name__ for check in CHECKS}
