"""Hostile text in every column that a page shows, written past all validation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from guides import clock
from guides.accounts import members, sessions
from guides.accounts.api_keys import KeyPurpose
from guides.models import ApiKey, Environment, Guide, Member, OneTimeLink, Project, Role, Version
from guides.projects.revisions import bump_revision
from guides.publishing import drafts
from guides.publishing.publish import publish
from tests.browser.scenarios import KIND, button, cast, demo, live, production, step
from tests.browser.xss_payloads import ALL, LINKS
from tests.conftest import make_member

WORDS = [payload.text for payload in ALL]
ADDRESSES = [payload.text for payload in LINKS]


def typed_steps() -> list[dict[str, Any]]:
    """One step for each text, which says it in every field an author can type into."""
    return [
        {
            **step(f"s{number}", title=words),
            "text": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]},
            "target": {"by": ("name", "css", "text")[number % 3], "value": words, "label": words},
            "buttons": [{"key": "b", "label": words, "look": "main", "action": {"do": "open", "url": words, "new_tab": False}}],
            "page": words,
            "advance_page": words,
        }
        for number, words in enumerate(WORDS)
    ]


def raw_text(words: str, address: str) -> Any:
    """Rich text that no form makes: foreign types, foreign fields, and the words in every field there is."""
    marks: list[Any] = [
        {"type": "link", "href": address},
        {"type": words, "href": words},
        {"type": "bold", "onclick": "__x(1)"},
        words,
        None,
    ]
    inline = [
        {"type": "text", "text": words, "marks": marks},
        {"type": "html", "value": words, "text": words},
        {"type": "person", "attribute": words, "fallback": words},
        {"type": "person", "attribute": "__proto__", "fallback": words},
        {"type": words, "text": words},
        words,
    ]
    return {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": inline, "class": words, "innerHTML": words},
            {"type": "html", "value": words, "html": words, "content": words},
            {"type": "heading", "level": words, "content": inline},
            {
                "type": "list",
                "ordered": words,
                "start": words,
                "content": [{"type": "item", "content": [{"type": "quote", "content": inline}]}],
            },
            {"type": "callout", "tone": words, "content": [{"type": "paragraph", "content": inline}]},
            {"type": "code", "language": words, "text": words},
            {"type": "image", "src": address, "alt": words, "width": words, "onerror": "__x(1)"},
            {"type": words, "content": inline},
            words,
        ],
    }


def raw_steps() -> list[dict[str, Any]]:
    """The same, of shapes that no form makes."""
    return [
        {
            **step(f"s{number}", ("modal", "slideout")[number % 2]),
            "title": words,
            "text": raw_text(words, ADDRESSES[number % len(ADDRESSES)]),
            "class": words,
            "buttons": [
                {"key": words, "label": words, "look": words, "action": {"do": "open", "url": address, "new_tab": bool(number % 2)}}
                for address in ADDRESSES[number % 5 : number % 5 + 4]
            ],
        }
        for number, words in enumerate(WORDS)
    ]


@dataclass(frozen=True)
class HostileGuides:
    """The guides in which the words stand."""

    typed: Guide
    raw: Guide
    live: Guide
    clean: Guide


async def create_hostile_rows() -> HostileGuides:
    """Write the words wherever the admin shows what somebody wrote."""
    await cast(Role.OWNER)()
    owner = await Member.get(email="owner@example.com")
    project = await demo()
    await _people_and_places(project, owner)
    rules = {"any": [{"attribute": {"of": "person", "name": words, "op": "is", "value": words}} for words in WORDS]}
    typed = await drafts.create(
        project, KIND, "Typed", owner, draft={"steps": typed_steps(), "progress": "count"}, settings={"audience": rules}
    )
    raw = await drafts.create(project, KIND, "Raw", owner, draft={"steps": raw_steps(), "progress": "dots"})
    for words in WORDS[:20]:
        await drafts.create(project, KIND, words, owner)
    clean = await live("Clean", step("s0"), page="", start="manual", frequency="always")()
    return HostileGuides(typed, raw, await _live(project, owner), clean)


async def _live(project: Project, owner: Member) -> Guide:
    """A published tour whose frozen words were changed behind everybody's back."""
    settings = {"start": "manual", "frequency": "always"}
    draft = {"steps": [step("s", buttons=[button("Done", "finish")])], "progress": "dots"}
    guide = await drafts.create(project, KIND, "Live", owner, draft=draft, settings=settings)
    for words in WORDS[:8]:
        draft["progress"] = "count" if draft["progress"] == "dots" else "dots"
        guide = await drafts.save_draft(guide, revision=guide.revision, by=owner, draft=dict(draft))
        await publish(guide, await production(), owner, words)
    await Version.filter(guide=guide).update(body={"steps": raw_steps(), "progress": "count"})
    await bump_revision(await production())
    return guide


async def _people_and_places(project: Project, owner: Member) -> None:
    now = clock.now()
    await Project.filter(id=project.id).update(name=WORDS[4][:100])
    await Member.filter(id=owner.id).update(name=WORDS[5][:100])
    for number, words in enumerate(WORDS):
        member = await make_member(f"m{number}")
        await Member.filter(id=member.id).update(name=words[:100], email=f"{words[:240]}@{number}")
        await members.add_to_project(project, member, Role.VIEWER)
        await sessions.open_session(owner, agent=words[:200], address=words[:40])
        await OneTimeLink.create(
            purpose="invitation",
            digest=f"{number:064}",
            email=words,
            project=project,
            role=Role.EDITOR,
            created_by=owner,
            created_at=now,
            expires_at=now + timedelta(days=number % 3),
        )
    for number, words in enumerate(WORDS[:9]):
        await Environment.create(
            project=project,
            name=words[:60],
            slug=f"e{number}",
            public_key=words[:50],
            created_at=now,
            last_boot_at=now,
            last_boot_url=WORDS[-number],
            last_refused_origin=words,
        )
    for number, words in enumerate(WORDS):
        await ApiKey.create(
            environment=await production(),
            purpose=KeyPurpose.SECRET,
            label=words[:100],
            digest=f"{number:064}",
            last4=words[:4],
            created_by=owner,
            created_at=now,
        )
