"""Drives the system's Firefox by WebDriver BiDi; HANDRAIL_TEST_FIREFOX names another one."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.browser.page_scripts import script

NAMES = ("firefox-esr", "firefox")
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "F6": "\ue036"}
QUIET: dict[str, Any] = {
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.localDomains": "localhost",
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}
# what a page complains of, whatever its policy allows
HEAR = script("collect-complaints")


def firefox() -> str | None:
    """The path of a Firefox to drive, or None."""
    named = os.environ.get("HANDRAIL_TEST_FIREFOX")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found if found and Path(found).exists() else None


class Firefox:
    """One tab: what it shows, and what hands do in it."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._numbers = itertools.count(1)
        self._ask("session.new", capabilities={})
        self._ask("script.addPreloadScript", functionDeclaration=HEAR)
        # the tab that is there at the start leaves the keyboard to the address bar
        self._tab = self._ask("browsingContext.create", type="tab")["context"]
        self._ask("browsingContext.setViewport", context=self._tab, viewport={"width": 1280, "height": 800})

    def goto(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, script: str) -> Any:
        """What that expression comes to, awaited."""
        said = f"(async () => JSON.stringify(await ({script})) ?? 'null')()"
        answer = self._ask("script.evaluate", expression=said, target={"context": self._tab}, awaitPromise=True)
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def wait_for(self, script: str, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not self.evaluate(f"!!({script})"):
            assert time.monotonic() < end, f"not within {seconds} seconds: {script}"
            time.sleep(0.05)

    def click(self, left: float, top: float) -> None:
        acts = [{"type": "pointerMove", "x": round(left), "y": round(top)}, {"type": "pointerDown", "button": 0}]
        self._act("pointer", [*acts, {"type": "pointerUp", "button": 0}])

    def press(self, key: str) -> None:
        self._act("key", [{"type": act, "value": KEYS[key]} for act in ("keyDown", "keyUp")])

    def _act(self, device: str, acts: list[dict[str, Any]]) -> None:
        self._ask("input.performActions", context=self._tab, actions=[{"type": device, "id": device, "actions": acts}])

    def _ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self._wire.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._wire.recv(timeout=30))).get("id") != number:
            pass
        assert answer["type"] == "success", f"{method}: {answer['message']}"
        return answer["result"]


@contextmanager
def driven(program: str, profile: Path) -> Iterator[Firefox]:
    """That Firefox with an empty profile, without a window, until it is no longer needed."""
    settings = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in QUIET.items())
    (profile / "user.js").write_text("".join(settings), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    running = subprocess.Popen(command, env={**os.environ, "HOME": str(profile)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_address(profile / "WebDriverBiDiServer.json"), max_size=None) as wire:
            yield Firefox(wire)
    finally:
        running.terminate()
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _address(file: Path) -> str:
    """Where it listens; it writes that down once it does."""
    for _moment in range(600):
        if file.exists() and (text := file.read_text(encoding="utf-8")):
            where = json.loads(text)
            return f"ws://{where['ws_host']}:{where['ws_port']}/session"
        time.sleep(0.1)
    raise AssertionError("Firefox does not listen")
