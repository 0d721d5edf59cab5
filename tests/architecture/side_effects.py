"""Who may write, speak to the outside, put HTML together or compare secrets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_tree import dotted, files, found, imports, python, without_comments

WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
NETWORK = re.compile(
    r"^(httpx2?|aiohttp|requests|urllib\.request|urllib3|http\.client|socket|smtplib|aiosmtplib|ftplib|telnetlib|boto3|aioboto3|aiohttp)(\.|$)"
)
NETWORK_DOORS = {
    "guides/external/http.py": "the only HTTP client",
    "guides/external/mail.py": "mail",
    "server/cli/serve.py": "listens, and asks nobody",
}
FILE_DOORS = {
    "guides/database/__init__.py": "makes the folder of the database, holds the lock of a migration",
    "guides/external/uploads.py": "uploaded files",
    "server/config/parsers.py": "keeps the key made for local use",
    "server/cli/typescript.py": "writes the generated types",
    "server/cli/backup.py": "backup and restore",
    "server/cli/content.py": "content as code",
}
SCRIPT_SINKS = (
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|srcdoc)\b|\bdocument\.write"
    r"|\beval\(|\bnew Function\b|\bDOMParser\b|javascript:"
)
SHOWN_AS_TEXT = {"server/demo/snippet.html": "what a host page pastes, with a script in it"}
COMPARED_OPENLY = {
    "admin/pages/account/profile.py": "marks the session on screen among those of its own member",
    "guides/publishing/publish.py": "the same words are the same version",
    "guides/publishing/compiled.py": "a body is fetched by the digest of its text",
}
SCRIPTS_REVIEWED = {
    "embed/src/editor/": "the rich-text field lives in the admin and reads HTML that is pasted; the domain checks its tree",
    "admin/static/again.js": "an answer of our own server, as htmx reads it",
    "admin/static/shell.js": "an answer of our own server, of which only a text is shown",
}
MARKUP_REVIEWED = {
    "admin/components/charts.py": "drawings; every value passes through format() or escape()",
    "admin/pages/manual.py": "our own manual, rendered with HTML switched off",
}


def writes_elsewhere(root: Path) -> list[str]:
    """Only guides/ changes rows; pages and endpoints call its verbs."""
    sins = []
    for name, tree in python(root, "admin", "server"):
        verbs = _modules_of_the_domain(tree)
        for call in _awaited_calls(tree):
            if call.attr in WRITES and dotted(call.value) not in verbs:
                sins.append(f"{name}:{call.lineno}: {dotted(call)} writes outside the domain")
    return sins


def rows_found_by_id_alone(root: Path) -> list[str]:
    """A page or the API never finds a row by its id alone: the project or environment goes into the question."""
    asks = {"get", "get_or_none", "filter"}
    return [
        f"{name}:{node.lineno}: {dotted(node.func)} asks by id alone"
        for name, tree in python(root, "admin/pages", "server/api")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in asks
        if [word.arg for word in node.keywords] in (["id"], ["pk"], ["id__in"])
    ]


def drafts_in_public(root: Path) -> list[str]:
    """What serves the public side has no code path to a draft."""
    return [
        f"{name}:{node.lineno}: reaches for a draft"
        for name, tree in python(root, "server/embed/boot.py", "server/embed/events.py", "server/embed/help.py", "guides/delivery/boot.py")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"draft", "preview_body"})
        or (isinstance(node, ast.Constant) and node.value == "draft")
    ]


def network_elsewhere(root: Path) -> list[str]:
    """Network and mail have one door each."""
    return [
        f"{name}:{line}: imports {module}"
        for name, tree in python(root)
        if name not in NETWORK_DOORS
        for line, module in imports(tree)
        if NETWORK.match(module)
    ]


def files_written_elsewhere(root: Path) -> list[str]:
    """Files are written in the few modules that are there for it."""
    acts = {"write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rmtree", "touch", "rename", "copyfile", "copytree"}
    return [
        f"{name}:{node.lineno}: {dotted(node.func)} changes files"
        for name, tree in python(root)
        if name not in FILE_DOORS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (_opens_for_writing(node) or (isinstance(node.func, ast.Attribute) and node.func.attr in acts))
    ]


def slow_middleware(root: Path) -> list[str]:
    """Middleware is plain ASGI."""
    return [sin for name, text in files(root, (".py",), "admin", "server") for sin in found(name, text, "BaseHTTPMiddleware", "is slow")]


def secrets_compared_openly(root: Path) -> list[str]:
    """Secrets are compared by hmac.compare_digest or looked up by digest, never with ==."""
    secret = re.compile(r"secret|token|digest|signature|password", re.I)
    return [
        f"{name}:{node.lineno}: compares a secret with =="
        for name, tree in python(root)
        if name not in COMPARED_OPENLY
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(isinstance(sign, ast.Eq | ast.NotEq) for sign in node.ops)
        if not any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
        if any(secret.search(dotted(side).rpartition(".")[2]) for side in (node.left, *node.comparators))
    ]


def raw_html(root: Path) -> list[str]:
    """HTML is made by templates and escaped; what is not stands in the reviewed list."""
    sins = []
    for name, tree in python(root):
        if name not in MARKUP_REVIEWED:
            sins += [
                f"{name}:{node.lineno}: Markup( trusts a text"
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and dotted(node.func).endswith("Markup")
            ]
    for name, text in files(root, (".html",), "admin", "guides", "server"):
        sins += found(name, text, r"\|\s*safe\b|autoescape\s+false", "trusts a text")
        if name not in SHOWN_AS_TEXT:
            sins += found(name, text, r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", "holds a script")
        sins += found(name, text, r"\s(?:on[a-z]{3,}|hx-on[:\w-]*)\s*=\s*[\"']", "holds a script")
    return sins


def script_sinks(root: Path) -> list[str]:
    """No text becomes HTML or code in the browser; no message goes to just anybody."""
    sins = []
    for name, text in files(root, (".ts", ".js", ".mjs"), "embed/src", "guides/kinds", "admin/static", "server/demo"):
        plain = without_comments(text)
        if not name.startswith(tuple(SCRIPTS_REVIEWED)):
            sins += found(name, plain, SCRIPT_SINKS, "turns text into HTML or code")
        sins += found(name, plain, r"postMessage\([^;]*?,\s*[\"'`]\*[\"'`]", "sends to anybody")
    return sins


def built_sinks(root: Path) -> list[str]:
    """Nothing built for host pages can turn text into HTML or code."""
    sins = []
    for path in [*sorted(root.glob("embed/dist/**/*.*js")), *root.glob("admin/static/preview.js")]:
        sins += found(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"), SCRIPT_SINKS, "is in a built file")
    return sins


def skins_that_reach_out(root: Path) -> list[str]:
    """A renderer imports types and its own style; it asks nothing of the network, the storage or the window."""
    reach = (
        r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|localStorage|sessionStorage|indexedDB|globalThis)\b"
        r"|\bwindow\.|document\.cookie|\beval\("
    )
    sins = []
    for name, text in files(root, (".ts", ".js"), "guides/kinds", "tests/plugins"):
        plain = without_comments(text)
        for hit in re.finditer(r"^\s*(import|export)\b([^;]*?)\bfrom\s*[\"']([^\"']+)[\"']", plain, re.M):
            if not hit[2].strip().startswith("type") and hit[3] != "./render.css":
                sins.append(f"{name}: imports more than types from {hit[3]}")
        sins += found(name, plain, r"\bimport\s*\(|^\s*import\s*[\"']", "imports by itself")
        sins += found(name, plain, reach, "reaches out")
    return sins


def _modules_of_the_domain(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "guides" and node.module != "guides.models"
        for alias in node.names
    }


def _awaited_calls(tree: ast.Module) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            yield node.value.func


def _opens_for_writing(call: ast.Call) -> bool:
    if dotted(call.func).rpartition(".")[2] != "open":
        return False
    modes = [each.value for each in [*call.args, *(word.value for word in call.keywords)] if isinstance(each, ast.Constant)]
    return any(isinstance(mode, str) and re.fullmatch(r"[rwaxbt+]*[wax+][rwaxbt+]*", mode) for mode in modes)
