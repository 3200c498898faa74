"""A site's OpenAPI document: as it is, as it is kept beside this, and as git had it before."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from django.utils import translation

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent

Document = dict[str, Any]


def file_of(site: str) -> Path:
    """Return where the document of `identity` or `inventory` is kept."""
    return HERE / f"{site}.json"


def text_of(document: Document) -> str:
    """Return a document as it is kept: one difference in it is a few lines in a commit."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def document_now() -> tuple[Document, str]:
    """Return the document of the site that Django runs, and what its writer complained of."""
    from drf_spectacular.drainage import GENERATOR_STATS  # noqa: PLC0415 (Django first)
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415

    GENERATOR_STATS.reset()
    with translation.override("en"), GENERATOR_STATS.silence():
        found = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    complaints = {**GENERATOR_STATS._warn_cache, **GENERATOR_STATS._error_cache}
    return json.loads(json.dumps(found, default=str)), "\n".join(map(str, complaints))


def earlier_documents(site: str) -> list[Document]:
    """Return the last two that git has; none where this is no clone."""
    path = file_of(site).relative_to(ROOT)
    try:
        log = _git("log", "-2", "--format=%H", "--", str(path))
        return [json.loads(_git("show", f"{commit}:{path}")) for commit in log.split()]
    except (OSError, subprocess.CalledProcessError):
        return []


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout
