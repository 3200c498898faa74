"""Words as people spell them: compared without case, accents, spaces, “_” and “-”."""

import re
import unicodedata


def folded(text: str) -> str:
    """Return what two spellings of one word have in common."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\s_-]|[\u0300-\u036f]", "", plain)
