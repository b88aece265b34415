"""One example of each answer of the API, for its description; a test holds them to the shapes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from pydantic import ConfigDict

_QUOTE = "Am schwersten wiegt nach Uschakows Worten die Frage der Gebiete."
_TITLE = "Moskauer Gespräche enden ohne Durchbruch in der Gebietsfrage"
_SOURCE = "/home/anna/articles/moskau.pdf"
_ID = "9f86d081884c7d65"
_JOB = "3d6f0a1b2c4e5f60"

ANSWER: dict[str, Any] = {
    "question": "What did Uschakow say about territory?",
    "answer": f"{_TITLE} (2025-12-03):\n“{_QUOTE}” [1]",
    "refused": False,
    "mode": "quoted",
    "model": None,
    "language": "en",
    "statements": [{"text": _QUOTE, "citations": [1], "supported": "yes", "reason": "", "events": "found"}],
    "citations": [
        {
            "number": 1,
            "quote": _QUOTE,
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "published": "2025-12-03",
            "published_from": "text",
            "page": 2,
            "order_doubtful": False,
            "recognised": False,
            "start": 824,
            "end": 888,
            "url": f"/documents/{_ID}?start=824&end=888&version=4f1d0b1f63d2a7c9&quote={quote_plus(_QUOTE)}",
            "version": "4f1d0b1f63d2a7c9",
            "translation": "",
            "also_in": [],
            "time": "",
            "language": "de",
            "attribution": {"speaker": "Juri Uschakow", "kind": "indirect"},
            "days": [],
        }
    ],
    "nearest": [],
    "possible": [],
    "notice": "",
    "timings_ms": {"retrieve": 21.4, "read": 35.0, "check": 0.2, "total": 56.6},
    "searched": ["What did Uschakow say about territory?"],
    "dropped": 0,
    "usage": {"input_tokens": 0, "output_tokens": 0},
    "undated_left_out": 0,
    "listing": None,
    "corrected": [],
    "suggested": [],
    "disagreements": [],
    "confidence": 0.9312,
    "absence": None,
}

ABSENCE: dict[str, Any] = {
    "refused_for": "unlikely",
    "names": [],
    "value": 0.031,
    "threshold": 0.2,
    "searched": {"documents": 12, "first": "2025-01-14", "last": "2025-12-03", "undated": 1},
    "languages": {"de": 8, "en": 4},
    "chosen": False,
    "published_from": None,
    "published_to": None,
    "include_undated": False,
    "undated_left_out": 0,
    "words": [
        {
            "text": "ceasefire",
            "name": False,
            "spellings": ["ceasefire"],
            "equivalents": {"de": ["waffenruhe", "waffenstillstand"]},
            "unknown_in": [],
            "found": {"documents": 3, "first": "2025-11-20", "last": "2025-12-03", "undated": 0},
        }
    ],
    "nearest": [
        {
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "published": "2025-12-03",
            "quote": _QUOTE,
            "page": 2,
            "start": 824,
            "end": 888,
            "language": "de",
            "url": f"/documents/{_ID}?start=824&end=888&version=4f1d0b1f63d2a7c9&quote={quote_plus(_QUOTE)}",
            "reasons": [
                {"kind": "lacks_words", "words": ["ceasefire"], "value": None, "threshold": None},
                {"kind": "unlikely", "words": [], "value": 0.031, "threshold": 0.2},
            ],
        }
    ],
}

SOURCES: dict[str, Any] = {
    "question": "What did Uschakow say about territory?",
    "language": "en",
    "by": "document",
    "total": 12,
    "saying": 1,
    "searched": 12,
    "judged": 9,
    "rows": [
        {
            "name": _TITLE,
            "outlet": "",
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "published": "2025-12-03",
            "documents": 1,
            "saying": 1,
            "silent": False,
            "citation": ANSWER["citations"][0],
            "nearest": None,
        },
        {
            "name": "Wetter am Mittwoch",
            "outlet": "wetter.example",
            "document_id": "5f2c1a7be0d34c11",
            "title": "Wetter am Mittwoch",
            "source": "https://wetter.example/mittwoch",
            "published": "2025-12-03",
            "documents": 1,
            "saying": 0,
            "silent": True,
            "citation": None,
            "nearest": None,
        },
    ],
    "undated_left_out": 0,
}

HITS: dict[str, Any] = {
    "hits": [
        {
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "text": f"Streit um das Territorium\n\n{_QUOTE}",
            "start": 797,
            "end": 888,
            "page": 2,
            "time": "",
            "language": "de",
            "score": 7.3119,
        }
    ],
    "undated_left_out": 0,
}

WORD_HITS: dict[str, Any] = {
    "total": 1,
    "documents": 1,
    "counted": True,
    "hits": [
        {
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "published": "2025-12-03",
            "published_from": "text",
            "page": 2,
            "start": 870,
            "end": 887,
            "text": _QUOTE[46:63],
            "words": [{"start": 870, "end": 887}],
            "before": f"Streit um das Territorium\n\n{_QUOTE[:46]}",
            "after": _QUOTE[63:],
            "version": "4f1d0b1f63d2a7c9",
            "url": f"/documents/{_ID}?start=870&end=887&version=4f1d0b1f63d2a7c9&quote={quote_plus(_QUOTE[46:63])}",
            "language": "de",
        }
    ],
    "undated_left_out": 0,
}

_SPEAKER: dict[str, Any] = {
    "name": "Juri Uschakow",
    "quotations": 7,
    "spellings": [{"name": "Juri Uschakow", "quotations": 5}, {"name": "Yuri Ushakov", "quotations": 2}],
}

SPEAKERS: dict[str, Any] = {"total": 1, "unnamed": 3, "speakers": [_SPEAKER]}

STATEMENTS: dict[str, Any] = {
    "total": 1,
    "statements": [
        {
            "speaker": "Juri Uschakow",
            "speaker_as_written": "Uschakows",
            "kind": "indirect",
            "quote": _QUOTE,
            "cue": "Worten",
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "published": "2025-12-03",
            "published_from": "text",
            "page": 2,
            "start": 824,
            "end": 888,
            "version": "4f1d0b1f63d2a7c9",
            "url": f"/documents/{_ID}?start=824&end=888&version=4f1d0b1f63d2a7c9&quote={quote_plus(_QUOTE)}",
            "time": "",
            "language": "de",
            "also_in": [],
        }
    ],
    "speakers": [_SPEAKER],
    "others": [],
    "undated_left_out": 0,
    "unread": 0,
    "unknown": 0,
}

SPEAKER_PROFILE: dict[str, Any] = {
    "speaker": _SPEAKER,
    "statements": 7,
    "documents": 4,
    "months": {"2025-11": 2, "2025-12": 5},
    "topics": [{"word": "Gebiete", "statements": 3}],
    "spoken_of": [
        {
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "published": "2025-12-03",
            "quote": "Uschakow habe davon nichts gesagt",
            "start": 1204,
            "end": 1237,
            "speaker": "Dmitri Peskow",
            "places": 1,
            "url": f"/documents/{_ID}?start=1204&end=1237&version=4f1d0b1f63d2a7c9&quote=Uschakow+habe+davon+nichts+gesagt",
        }
    ],
}

DOCUMENT: dict[str, Any] = {
    "id": _ID,
    "title": _TITLE,
    "source": _SOURCE,
    "published": "2025-12-03",
    "published_from": "corrected",
    "authors": ["Anna Beck"],
    "language": "de",
    "other_languages": [],
    "media_type": "application/pdf",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "pages": 3,
    "doubtful_pages": [],
    "recognised_pages": [],
    "unread_pages": [],
    "container": "",
    "story": "",
    "copies": 1,
    "not_copies_of": [],
    "passages": 6,
    "characters": 3210,
    "added": "2025-12-04T08:15:30Z",
    "original_source": _SOURCE,
    "corrections": [
        {"field": "published", "by": "anna", "at": "2025-12-05T09:00:00Z", "stated": "2025-12-01"}
    ],
}

JOB: dict[str, Any] = {
    "id": _JOB,
    "source": _SOURCE,
    "state": "done",
    "stage": "done",
    "progress": 1.0,
    "page": 0,
    "pages": 0,
    "document_id": _ID,
    "error": None,
    "title": _TITLE,
    "replaced": True,
    "replaces": {
        "title": "Moskauer Gespräche dauern an",
        "added": "2025-12-03T17:20:00Z",
        "added_by": "anna",
    },
    "removal_id": "1764922530000-4f1c0b7f0d6e4d0f",
    "members": None,
}

ACCEPTED: dict[str, Any] = {"jobs": [{"id": _JOB, "source": _SOURCE}]}

STATUS: dict[str, Any] = {
    "state": "ready",
    "message": "",
    "version": "1.0.0",
    "documents": 12,
    "passages": 148,
    "earlier_versions": 3,
    "earlier_versions_bytes": 20480,
    "documents_to_read_again": 0,
    "languages": {"de": 8, "en": 4},
    "revision": "0fc217a82ce5",
    "embedding_model": "multilingual-e5-small",
    "language_model": None,
    "language_model_problem": None,
    "hint": "",
    "concerns": [
        {
            "kind": "jobs_waiting",
            "text": "Jobs wait to be added (14), the oldest for 12 min.",
            "since": "2026-02-11T09:30:00Z",
        }
    ],
    "slow_questions": [
        {"at": "2026-02-11T09:41:07Z", "seconds": 6.21, "slowest_stage": "read", "trace_id": ""}
    ],
}

REINDEX: dict[str, Any] = {
    "state": "running",
    "embedding_model": "all-MiniLM-L6-v2",
    "model": "multilingual-e5-small",
    "wanted": "multilingual-e5-small",
    "documents": 412,
    "of_documents": 1028,
    "seconds_left": 95,
    "elsewhere": False,
    "error": "",
}

VERIFICATION: dict[str, Any] = {
    "total": 1,
    "standing": 0,
    "checked": "2026-01-14",
    "quotes": [
        {
            "quote": "Am schwersten wiegt nach Uschakows Worten die Frage der Grenzen.",
            "where": "3",
            "verdict": "never",
            "document_id": _ID,
            "title": _TITLE,
            "start": 824,
            "end": 888,
            "url": f"/documents/{_ID}?start=824&end=888&version=4f1d0b1f63d2a7c9&quote={quote_plus(_QUOTE)}#cited",
            "version": "4f1d0b1f63d2a7c9",
            "replaced": None,
            "contradictions": ["words"],
            "nearest": [
                {
                    "written": "Am schwersten wiegt nach Uschakows Worten die Frage der ",
                    "in_source": "Am schwersten wiegt nach Uschakows Worten die Frage der ",
                },
                {"written": "Grenzen", "in_source": "Gebiete"},
                {"written": ".", "in_source": "."},
            ],
            "changed": False,
            "link_alone": False,
            "same_text": False,
            "metadata": [{"field": "title", "written": "Talks in Geneva", "now": _TITLE}],
        }
    ],
}

STANDING_QUESTION: dict[str, Any] = {
    "id": _JOB,
    "question": "What did Uschakow say about territory?",
    "filters": {"documents": [], "published_from": None, "published_to": None, "include_undated": False},
    "created": "2025-12-01T08:00:00Z",
    "looked": "2025-12-03T09:00:00Z",
    "paused": False,
    "total": 3,
    "new": 1,
    "feed": f"/api/questions/{_JOB}/feed?token=Zr0nXg8yPjRk2m",
    "webhook": "https://example.org/hooks/new",
    "webhook_secret": "q1tV9Yc7hUe0",
    "mail": "",
    "language": "en",
    "troubles": {},
}

STANDING_FINDINGS: dict[str, Any] = {
    "question": STANDING_QUESTION,
    "findings": [
        {
            "number": 17,
            "quote": _QUOTE,
            "document_id": _ID,
            "title": _TITLE,
            "source": _SOURCE,
            "published": "2025-12-03",
            "start": 824,
            "end": 888,
            "version": "4f1d0b1f63d2a7c9",
            "found": "2025-12-03T17:24:00Z",
            "new": True,
            "url": f"/documents/{_ID}?start=824&end=888&version=4f1d0b1f63d2a7c9&quote={quote_plus(_QUOTE)}#cited",
        }
    ],
}


_VERDICTS: dict[str, Any] = {
    "counts": {"supported": 0, "differs": 1},
    "quotation_counts": {},
    "checked_at": "2025-12-05T09:30:00Z",
    "sha256": "5d0c4d6a7f1b9e3c5d0c4d6a7f1b9e3c5d0c4d6a7f1b9e3c5d0c4d6a7f1b9e3c",
    "name": "leader.docx",
    "id": "b1946ac92492d234",
}

CHECKED_DRAFT: dict[str, Any] = {
    **_VERDICTS,
    "text": "Die Frage der Gebiete wiegt am leichtesten.",
    "language": "de",
    "sentences": [
        {
            "text": "Die Frage der Gebiete wiegt am leichtesten.",
            "start": 0,
            "end": 43,
            "verdict": "differs",
            "reason": "Die Quelle hat andere Worte.",
            "citations": [1],
            "differences": [
                {
                    "kind": "wording",
                    "start": 31,
                    "end": 42,
                    "written": "leichtesten",
                    "source_start": 827,
                    "source_end": 836,
                    "in_source": "schwersten",
                }
            ],
            "claimed_by": "",
            "nearest": [],
            "failed": False,
        }
    ],
    "quotations": [],
    "citations": ANSWER["citations"],
    "documents": 214,
    "revision": "1764925200-17",
    "complete": True,
    "earlier": "2025-12-04T16:00:00Z",
    "changed": [{"of": "sentence", "start": 0, "end": 43, "before": "not_found"}],
    "word_file": True,
}

CHECKS: dict[str, Any] = {
    "checks": [{**_VERDICTS, "beginning": "Die Frage der Gebiete wiegt …", "characters": 4317, "changed": 1}]
}


def shown(example: dict[str, Any]) -> ConfigDict:
    """What a model of pydantic's shows as its example in the API's description."""
    return ConfigDict(json_schema_extra={"examples": [example]})
