"""Where the browser of the tests is: HANDRAIL_TEST_CHROMIUM, or the system's own. As a program: fails if there is none."""

import os
import shutil
import sys
from pathlib import Path

# the shell draws the same pages with less than half the work, having no window to draw them in
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def chromium() -> str | None:
    """The path of a Chromium to drive, or None."""
    named = os.environ.get("HANDRAIL_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None) or MAC
    return found if Path(found).exists() else None


if __name__ == "__main__":
    sys.exit(None if chromium() else "No Chromium found; HANDRAIL_TEST_CHROMIUM may name one.")
