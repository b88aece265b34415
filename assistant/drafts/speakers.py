"""Whether the person to whom a draft gives words is the one to whom their source does."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.drafts.types import SpeakerVerdict
from assistant.statements.name_folding import fold_names, is_common
from ingest.text.folding import fold, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who says something in its source, empty where nobody is named, and whether the draft says the same."""

    said_by: str
    verdict: SpeakerVerdict


def names_agree(speaker: str, said_by: str) -> SpeakerVerdict:
    """Whether two names are one speaker's; not told where one is missing, or only says what somebody is."""
    if not speaker or not said_by:
        return "not_checked"
    if len(fold_names(dict.fromkeys((speaker, said_by), 1), is_common)) == 1:
        return "right"
    mine, yours = ({fold(word) for word in words(name) if len(word) > 2} for name in (speaker, said_by))
    if mine & yours:
        return "right" if mine <= yours or yours <= mine else "not_checked"
    return "wrong" if is_name(speaker) and is_name(said_by) else "not_checked"


def is_name(text: str) -> bool:
    """Whether somebody is named, and not only called what he or she is: "the minister", "er"."""
    written = words(text)
    return (
        bool(written)
        and all(word[:1].isupper() or len(word) <= 3 for word in written)
        and not all(is_common(word) for word in written)
    )
