"""`make dev`: runs the product and the demo, restarts them when Python changes, rebuilds the embed when its source changes."""

from __future__ import annotations

import subprocess
import sys

from watchfiles import Change, run_process

RESTARTS = (".py", ".sql", ".po", ".md", "manifest.json")
REBUILDS = (".ts", ".css", ".mjs", ".svg")


def _restarts(change: Change, path: str) -> bool:
    return path.endswith(RESTARTS) or "/static/" in path


def _rebuilds(change: Change, path: str) -> bool:
    return path.endswith(REBUILDS)


def main() -> None:
    """Watches until Ctrl-C; the product itself reloads templates."""
    if sys.argv[1:] == ["embed"]:
        run_process("embed/src", "guides/kinds", target=".ci/npm run --silent build", target_type="command", watch_filter=_rebuilds)
        return
    embed = subprocess.Popen([sys.executable, __file__, "embed"])
    try:
        product = f"{sys.executable} -m server run"
        run_process("guides", "admin", "server", "embed/dist", target=product, target_type="command", watch_filter=_restarts)
    finally:
        embed.terminate()


if __name__ == "__main__":
    main()
