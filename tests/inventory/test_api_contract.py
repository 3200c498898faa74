"""What the API promises is what was agreed: its OpenAPI document, and no broken promise in it."""

from __future__ import annotations

import pytest

from tests.contract.openapi.breaking import breaks
from tests.contract.openapi.snapshots import document_now, earlier_documents, file_of, text_of

SITE = "inventory"
RENEW = f"python -m embedded throwaway -- python -m tests.contract.openapi {SITE}"


def test_the_document_is_written_without_a_complaint_and_is_the_one_that_is_kept() -> None:
    document, complaints = document_now()
    assert complaints == ""
    assert text_of(document) == file_of(SITE).read_text(), f"If this is meant to be: {RENEW}"


def test_nothing_that_programs_rely_on_is_taken_away() -> None:
    earlier = earlier_documents(SITE)
    if not earlier:
        pytest.skip("git has no earlier document")
    document, _complaints = document_now()
    assert [breaks(old, document) for old in earlier] == [[] for _ in earlier]
