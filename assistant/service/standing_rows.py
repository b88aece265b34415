"""Standing questions and their findings as the file of standing questions has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from assistant.standing.types import NewFinding, StandingQuestion, Telling
from assistant.types import Filters

FINDING = "SELECT number, question, document, version, start, \"end\", quote, title, found, language FROM findings WHERE quote != '' AND"


def packed(question: StandingQuestion) -> dict[str, Any]:
    """As JSON has it."""
    data = asdict(question)
    filters = question.filters
    data["filters"] = {
        "documents": list(filters.documents),
        "published_from": filters.published_from.isoformat() if filters.published_from else None,
        "published_to": filters.published_to.isoformat() if filters.published_to else None,
        "include_undated": filters.include_undated,
    }
    data["created"] = question.created.timestamp()
    data["looked"] = question.looked.timestamp() if question.looked else None
    return data


def unpacked(data: Mapping[str, Any]) -> StandingQuestion:
    """Raises `KeyError`, `TypeError` or `ValueError` where that is none."""
    filters = data["filters"]
    return StandingQuestion(
        **{
            **data,
            "filters": Filters(
                documents=tuple(filters["documents"]),
                published_from=_day(filters["published_from"]),
                published_to=_day(filters["published_to"]),
                include_undated=filters["include_undated"],
            ),
            "created": datetime.fromtimestamp(data["created"], UTC),
            "looked": datetime.fromtimestamp(data["looked"], UTC) if data["looked"] else None,
            "telling": Telling(**data["telling"]),
        }
    )


def question_of(data: str) -> StandingQuestion:
    """Raises `ValueError` where that is none."""
    try:
        return unpacked(json.loads(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"a question is damaged: {error}") from error


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def finding_of_row(row: tuple[Any, ...]) -> NewFinding:
    return NewFinding(
        number=row[0],
        question_id=row[1],
        document_id=row[2],
        version=row[3],
        start=row[4],
        end=row[5],
        quote=row[6],
        title=row[7],
        found=datetime.fromtimestamp(row[8], UTC),
        language=row[9],
    )
