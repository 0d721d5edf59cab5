"""The preview: a page of our own that only the editor may frame, with nothing of the draft in it."""

from __future__ import annotations

import httpx2

from guides.models import Guide, Project
from guides.projects.projects import allow_image_host


def place(guide: Guide) -> str:
    """The address of the preview."""
    return f"/admin/acme/guides/{guide.id}/preview"


async def test_only_our_own_pages_may_frame_it(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    answer = await as_viewer.get(place(guide))
    assert answer.status_code == 200 and answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "Welcome" not in answer.text and " style=" not in answer.text and "preview.js" in answer.text


async def test_it_shows_images_of_the_hosts_the_project_allows(as_viewer: httpx2.AsyncClient, guide: Guide, project: Project) -> None:
    assert "img.example" not in (await as_viewer.get(place(guide))).headers["Content-Security-Policy"]
    await allow_image_host(project, "img.example")
    assert "https://img.example" in (await as_viewer.get(place(guide))).headers["Content-Security-Policy"]


async def test_it_frames_the_three_places_of_videos_and_no_other(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    allowed = (await as_viewer.get(place(guide))).headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com https://www.loom.com;" in allowed
    around = (await as_viewer.get(place(guide).removesuffix("/preview"))).headers["Content-Security-Policy"]
    assert "frame-src 'self'" in around


async def test_strangers_and_the_signed_out_see_none(as_stranger: httpx2.AsyncClient, web: httpx2.AsyncClient, guide: Guide) -> None:
    assert (await as_stranger.get(place(guide))).status_code == 404
    assert (await web.get(place(guide))).status_code == 303
