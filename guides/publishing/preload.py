"""Lists the embed files a body needs beside its renderer, to be fetched together (embed/src/kit/features.ts decides)."""

from __future__ import annotations

import re

PARTS = {
    "rich": r'"(do":"open|type":"(?!doc"|paragraph|text"|person|break))',
    "extra": r'"(closable|around|outside|also|ask_before_close|only|time)"',
    "shapes": r'"layout":"[ms]',
}
FINDERS = {"finder": r'"by":"(picked|text)"', "picked": r'"by":"picked"'}
"""What looks for elements is asked for by the kit when it looks, which is a round trip later."""


def parts_of(body: bytes) -> list[str]:
    """Their names, for a body written as JSON without spaces; a name too many costs a request, one too few a moment."""
    text = body.decode()
    return [name for name, pattern in {**PARTS, **FINDERS}.items() if re.search(pattern, text)]
