"""Lists the embed chunks a body needs, so that the browser fetches them in parallel with the renderer (embed/build/chunks.json)."""

from __future__ import annotations

import re

CHUNKS = {
    "richtext": r'"(do":"open|type":"(?!doc"|paragraph|text"|person|break))',
    "behaviors": r'"(closable|around|outside|also|ask_before_close|only|time)"',
    "layouts": r'"layout":"[ms]',
}
TARGET_CHUNKS = {"deep-find": r'"by":"(picked|text)"', "picked": r'"by":"picked"'}
"""The kit asks for these only when it resolves a target, which is a round trip later."""


def preload_chunks(body: bytes) -> list[str]:
    """The names of the chunks for a body in canonical JSON; one too many costs a request, one too few a round trip."""
    text = body.decode()
    return [name for name, pattern in {**CHUNKS, **TARGET_CHUNKS}.items() if re.search(pattern, text)]
