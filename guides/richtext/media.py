"""Images and videos of other hosts: which providers are allowed, and which host a browser asks for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from guides.richtext.links import image_host, is_image

# A frame's address is built from the provider and an id of the provider's own form; no other address is accepted.
VIDEO_PROVIDERS: Mapping[str, tuple[str, str]] = {
    "youtube": (r"[\w-]{11}", "https://www.youtube-nocookie.com/embed/{}"),
    "vimeo": (r"\d{6,12}", "https://player.vimeo.com/video/{}?dnt=1"),
    "loom": (r"[\da-f]{32}", "https://www.loom.com/embed/{}"),
}
VIDEO_HOSTS = {provider: address.split("/")[2] for provider, (_pattern, address) in VIDEO_PROVIDERS.items()}


def is_video(provider: str, id: str) -> bool:
    """Whether the id has the form of that provider's ids."""
    return provider in VIDEO_PROVIDERS and re.fullmatch(VIDEO_PROVIDERS[provider][0], id, re.ASCII) is not None


def video_url(provider: str, id: str) -> str:
    """The address of the frame that plays a video."""
    return VIDEO_PROVIDERS[provider][1].format(id)


def media_host(node: Mapping[str, Any]) -> str:
    """The host from which a browser loads a stored node; empty where it loads nothing."""
    type, src, provider = node.get("type"), node.get("src"), node.get("provider")
    if type == "image" and isinstance(src, str):
        return image_host(src) if is_image(src) else ""
    return VIDEO_HOSTS.get(provider, "") if type == "video" and isinstance(provider, str) else ""
