"""How many people a rule matches, and which attributes it can ask about."""

from __future__ import annotations

import pytest

from guides.models import Environment
from guides.people import audience_size
from guides.people.audience_size import count_matching, list_attribute_names, list_attribute_values
from guides.people.identify import Identity, identify
from tests.fixtures.scenarios import plan


async def test_an_audience_is_counted_among_the_people_who_are_here(
    production: Environment, staging: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_size, "PAGE_SIZE", 2)
    for number, name in enumerate(["trial", "trial", "pro", "pro", "pro"]):
        await identify(production.id, Identity(str(number), attributes={"plan": name}, company="7", company_attributes={"plan": "big"}))
    await identify(staging.id, Identity("9", attributes={"plan": "trial"}))
    assert await count_matching(production, plan("trial")) == (2, 5)
    assert await count_matching(production, plan("big", of="company")) == (5, 5)
    assert await count_matching(production, {"all": [plan("pro"), {"page": "/deals"}]}) == (3, 5)
    assert await count_matching(production, None) == (5, 5)
    monkeypatch.setattr(audience_size, "MAX_PEOPLE_COUNTED", 4)
    assert (await count_matching(production, plan("trial")))[1] == 4


async def test_attributes_are_offered_by_what_people_have(production: Environment, staging: Environment) -> None:
    await identify(
        production.id, Identity("1", attributes={"plan": "trial", "tags": ["a", "b"]}, company="7", company_attributes={"size": 5})
    )
    await identify(production.id, Identity("2", attributes={"plan": "pro"}))
    await identify(staging.id, Identity("3", attributes={"secret": "staging"}))
    assert await list_attribute_names(production) == ["plan", "tags"]
    assert await list_attribute_names(production, "company") == ["size"]
    assert set(await list_attribute_values(production, "plan")) == {"trial", "pro"}
    assert await list_attribute_values(production, "tags") == ["a", "b"]
    assert await list_attribute_values(production, "size", "company") == ["5"]
    assert await list_attribute_values(production, "secret") == []


async def test_names_that_somebody_made_up_do_not_crowd_out_the_real_ones(production: Environment) -> None:
    for number in range(3):
        await identify(production.id, Identity(f"real {number}", attributes={"plan": "pro", "role": "admin"}))
        await identify(production.id, Identity(f"made up {number}", attributes={f"a{number} {each}": 1 for each in range(150)}))
    names = await list_attribute_names(production)
    assert len(names) == 200 and {"plan", "role"} <= set(names)
