"""Browsers are told apart by one word of a closed list, whatever they say of themselves."""

from __future__ import annotations

import pytest

from guides.models import Environment, TargetDailyCount
from server.http.user_agent import FAMILIES, get_browser_family
from tests.conftest import MakeGuide
from tests.fixtures.scenarios import tour
from tests.server.conftest import Embed, event

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (CHROME, "Chrome"),
        (CHROME + " Edg/142.0.0.0", "Edge"),
        (CHROME + " OPR/120.0", "Opera"),
        (CHROME.replace("Chrome/", "SamsungBrowser/28.0 Chrome/"), "Samsung"),
        (SAFARI, "Safari"),
        (SAFARI.replace("Version/18.5", "CriOS/142.0"), "Chrome"),
        (SAFARI.replace("Version/18.5", "FxiOS/144.0"), "Firefox"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox"),
        ("curl/8.5.0", "Other"),
        ("<script>", "Other"),
        ("x" * 100_000, "Other"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_browser_is_one_of_a_closed_list(agent: str | None, family: str) -> None:
    assert get_browser_family(agent) == family
    assert family in ({name for name, _sign in FAMILIES} | {"Other", ""})


async def test_what_a_browser_found_is_counted_under_its_family(embed: Embed, make_guide: MakeGuide, production: Environment) -> None:
    draft = tour("one")
    draft["steps"][0] |= {"layout": "popover", "target": {"by": "name", "value": "new-deal", "label": ""}}
    guide = str((await make_guide(draft=draft, live_in=production)).id)
    embed.web.headers["user-agent"] = SAFARI
    await embed.events(event("step_shown", guide=guide, version=1, item="one", props={"page": "/deals/17?tab=notes"}))
    assert await TargetDailyCount.all().values_list("item", "page", "browser", "reason", "times") == [("one", "/deals/*", "Safari", "", 1)]
