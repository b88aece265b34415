"""What a document is otherwise now than a file says stands with its quote, in both languages, and stays text."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from assistant.api.schemas.passports import VerificationSchema
from assistant.passports.types import MetadataDifference, MetadataField, VerifiedQuote
from assistant.web.kit.localisation import words
from assistant.web.verify.verdict_list import verdicts

HOSTILE = "<img src=x onerror=alert(1)>"


def shown(difference: MetadataDifference, language: str) -> str:
    found = VerifiedQuote(quote="a", where="1", verdict="stands", document_id="d", metadata=(difference,))
    return str(verdicts(VerificationSchema.of([found]), words(language)))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("field", get_args(MetadataField))
def test_what_is_otherwise_now_is_said_of_every_field(field: MetadataField, language: str) -> None:
    page = shown(MetadataDifference(field=field, written=f"before {HOSTILE}", now="after"), language)
    assert "after" in page
    assert "before" in page
    assert "<img" not in page
    if field not in ("title", "outlet"):  # a file's name stands for a title
        assert "before" in shown(MetadataDifference(field=field, written="before", now=""), language)


def test_days_are_written_as_in_the_language() -> None:
    days = MetadataDifference(field="published", written="2025-03", now="2025-03-14")
    german = words("de")
    assert german.date(date(2025, 3, 14)) in shown(days, "de")
    assert "(in der Datei: 2025-03)" in shown(days, "de")
