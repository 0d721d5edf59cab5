"""Rules about side effects: writes, network, files, HTML, comparison of secrets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_tree import blank_comments, dotted, files, imports, matches, python

WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
NETWORK = re.compile(
    r"^(httpx2?|aiohttp|requests|urllib\.request|urllib3|http\.client|socket|smtplib|aiosmtplib|ftplib|telnetlib|boto3|aioboto3|aiohttp)(\.|$)"
)
NETWORK_MODULES = {
    "guides/external/http.py": "the only HTTP client",
    "guides/external/mail.py": "mail",
    "server/cli/serve.py": "listens, and asks nobody",
}
FILE_MODULES = {
    "guides/database/connection.py": "makes the folder of the database",
    "guides/database/migrate.py": "holds the lock of a migration",
    "guides/external/uploads.py": "uploaded files",
    "server/config/parsers.py": "keeps the key made for local use",
    "server/cli/typescript.py": "writes the generated types",
    "server/cli/backup.py": "backup and restore",
    "server/cli/content.py": "content as code",
}
OTHER_WRITES = {"server/http/rate_limits.py": "buckets in Redis"}
SCRIPT_SINKS = (
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|srcdoc)\b|\bdocument\.write"
    r"|\beval\(|\bnew Function\b|\bDOMParser\b|javascript:"
)
SCRIPTS_SHOWN_AS_TEXT = {"server/demo/snippet.html": "what a host page pastes, with a script in it"}
COMPARISONS_REVIEWED = {
    "admin/pages/account/profile.py": "marks the session on screen among those of its own member",
    "guides/publishing/publish.py": "the same words are the same version",
    "guides/publishing/compiled.py": "a body is fetched by the digest of its text",
}
SCRIPTS_REVIEWED = {
    "embed/src/editor/": "the rich-text field lives in the admin and reads HTML that is pasted; the domain checks its tree",
    "admin/static/js/session-expired.js": "an answer of our own server, as htmx reads it",
    "admin/static/js/shell.js": "an answer of our own server, of which only a text is shown",
}
MARKUP_REVIEWED = {
    "admin/components/charts.py": "drawings; every value passes through format() or escape()",
    "admin/pages/manual.py": "our own manual, rendered with HTML switched off",
}


def writes_elsewhere(root: Path) -> list[str]:
    """Only guides/ writes rows; pages and endpoints call its functions."""
    violations = []
    for name, tree in python(root, "admin", "server"):
        domain = _domain_modules(tree)
        for call in _awaited_calls(tree):
            if call.attr in WRITES and dotted(call.value) not in domain and name not in OTHER_WRITES:
                violations.append(f"{name}:{call.lineno}: {dotted(call)} writes outside the domain")
    return violations


def rows_selected_by_id_alone(root: Path) -> list[str]:
    """A page or the API never finds a row by its id alone: the query names the project or environment, too."""
    methods = {"get", "get_or_none", "filter"}
    return [
        f"{name}:{node.lineno}: {dotted(node.func)} selects by id alone"
        for name, tree in python(root, "admin/pages", "server/api")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods
        if [word.arg for word in node.keywords] in (["id"], ["pk"], ["id__in"])
    ]


def drafts_in_public(root: Path) -> list[str]:
    """What serves the public side has no code path to a draft."""
    return [
        f"{name}:{node.lineno}: reads a draft"
        for name, tree in python(root, "server/embed/boot.py", "server/embed/events.py", "server/embed/help.py", "guides/delivery/boot.py")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"draft", "preview_body"})
        or (isinstance(node, ast.Constant) and node.value == "draft")
    ]


def network_elsewhere(root: Path) -> list[str]:
    """Only the modules in NETWORK_MODULES use the network."""
    return [
        f"{name}:{line}: imports {module}"
        for name, tree in python(root)
        if name not in NETWORK_MODULES
        for line, module in imports(tree)
        if NETWORK.match(module)
    ]


def files_written_elsewhere(root: Path) -> list[str]:
    """Only the modules in FILE_MODULES write files."""
    acts = {"write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rmtree", "touch", "rename", "copyfile", "copytree"}
    return [
        f"{name}:{node.lineno}: {dotted(node.func)} changes files"
        for name, tree in python(root)
        if name not in FILE_MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (_opens_for_writing(node) or (isinstance(node.func, ast.Attribute) and node.func.attr in acts))
    ]


def middleware_that_is_not_asgi(root: Path) -> list[str]:
    """Middleware is plain ASGI."""
    return [
        violation
        for name, text in files(root, (".py",), "admin", "server")
        for violation in matches(name, text, "BaseHTTPMiddleware", "is not plain ASGI")
    ]


def secrets_compared_with_equals(root: Path) -> list[str]:
    """Secrets are compared by hmac.compare_digest or looked up by digest, never with ==."""
    secret = re.compile(r"secret|token|digest|signature|password", re.I)
    return [
        f"{name}:{node.lineno}: compares a secret with =="
        for name, tree in python(root)
        if name not in COMPARISONS_REVIEWED
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(isinstance(sign, ast.Eq | ast.NotEq) for sign in node.ops)
        if not any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
        if any(secret.search(dotted(side).rpartition(".")[2]) for side in (node.left, *node.comparators))
    ]


def raw_html(root: Path) -> list[str]:
    """HTML comes from escaping templates; exceptions stand in MARKUP_REVIEWED."""
    violations = []
    for name, tree in python(root):
        if name not in MARKUP_REVIEWED:
            violations += [
                f"{name}:{node.lineno}: Markup( is not escaped"
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and dotted(node.func).endswith("Markup")
            ]
    for name, text in files(root, (".html",), "admin", "guides", "server"):
        violations += matches(name, text, r"\|\s*safe\b|autoescape\s+false", "is not escaped")
        if name not in SCRIPTS_SHOWN_AS_TEXT:
            violations += matches(name, text, r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", "contains a script")
        violations += matches(name, text, r"\s(?:on[a-z]{3,}|hx-on[:\w-]*)\s*=\s*[\"']", "contains a script")
    return violations


def script_sinks(root: Path) -> list[str]:
    """No text becomes HTML or code in the browser; no message is posted to any origin."""
    violations = []
    for name, text in files(root, (".ts", ".js", ".mjs"), "embed/src", "guides/kinds", "admin/static", "server/demo"):
        plain = blank_comments(text)
        if not name.startswith(tuple(SCRIPTS_REVIEWED)):
            violations += matches(name, plain, SCRIPT_SINKS, "turns text into HTML or code")
        violations += matches(name, plain, r"postMessage\([^;]*?,\s*[\"'`]\*[\"'`]", "posts to any origin")
    return violations


def built_sinks(root: Path) -> list[str]:
    """Nothing built for host pages can turn text into HTML or code."""
    violations = []
    for path in [*sorted(root.glob("embed/dist/**/*.*js")), *root.glob("admin/static/built/preview.js")]:
        violations += matches(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"), SCRIPT_SINKS, "is in a built file")
    return violations


def renderers_with_side_effects(root: Path) -> list[str]:
    """A renderer imports types and its own style; it uses no network, storage or window."""
    globals_used = (
        r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|localStorage|sessionStorage|indexedDB|globalThis)\b"
        r"|\bwindow\.|document\.cookie|\beval\("
    )
    violations = []
    for name, text in files(root, (".ts", ".js"), "guides/kinds", "tests/plugins"):
        plain = blank_comments(text)
        for hit in re.finditer(r"^\s*(import|export)\b([^;]*?)\bfrom\s*[\"']([^\"']+)[\"']", plain, re.M):
            if not hit[2].strip().startswith("type") and hit[3] != "./render.css":
                violations.append(f"{name}: imports more than types from {hit[3]}")
        violations += matches(name, plain, r"\bimport\s*\(|^\s*import\s*[\"']", "imports by itself")
        violations += matches(name, plain, globals_used, "uses the network, storage or window")
    return violations


def _domain_modules(tree: ast.Module) -> set[str]:
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
