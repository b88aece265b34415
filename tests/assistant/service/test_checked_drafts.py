"""Kept checks: by owner, with what is new, bounded, and whole after a kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.drafts.changed import VerdictChange, changes
from assistant.drafts.drafting import draft_of
from assistant.drafts.types import CheckedDraft, CheckedQuotation, CheckedSentence, SentenceVerdict
from assistant.errors import NotFound
from assistant.service.checked_drafts import CheckedDrafts


def check_of(*sentences: tuple[str, SentenceVerdict], name: str = "", quoted: str = "") -> CheckedDraft:
    text, checked = "", []
    for words, verdict in sentences:
        checked.append(
            CheckedSentence(text=words, start=len(text), end=len(text) + len(words), verdict=verdict)
        )
        text += words + " "
    at = text.find(quoted) if quoted else -1
    quotation = CheckedQuotation(text=quoted, start=at, end=at + len(quoted), verdict="verbatim")
    return CheckedDraft(
        draft=draft_of(text, name, "en"),
        sentences=tuple(checked),
        quotations=(quotation,) if quoted else (),
        citations=(),
        documents=3,
        revision="7",
    )


def test_a_check_is_kept_as_it_was_for_its_owner_only(tmp_path: Path) -> None:
    kept, check = CheckedDrafts(tmp_path), check_of(("It rains.", "supported"), name="rain.docx")
    one = kept.put("user rita", check, word_file=b"PK")
    assert kept.get("user rita", one.id) == one
    assert one.checked == check
    file = kept.file("user rita", one.id)
    assert file is not None
    assert file.read_bytes() == b"PK"
    assert [found.name for found in kept.all("user rita")] == ["rain.docx"]
    assert kept.all("user eddi") == kept.all("") == []
    for owner, check_id in (
        ("user eddi", one.id),
        ("", one.id),
        ("user rita", "../../x"),
        ("user rita", "0" * 16),
    ):
        with pytest.raises(NotFound):
            kept.get(owner, check_id)
        with pytest.raises(NotFound):
            kept.delete(owner, check_id)
    kept.delete("user rita", one.id)
    assert kept.all("user rita") == []
    assert not file.exists()


def test_what_is_new_is_told_by_the_text_of_sentences(tmp_path: Path) -> None:
    kept = CheckedDrafts(tmp_path)
    first = kept.put("", check_of(("It rains.", "not_found"), ("It snows.", "differs")))
    again = kept.put("", check_of(("It rains.", "supported"), ("It snows.", "differs")))
    assert again.id == first.id
    assert again.earlier == first.checked_at
    assert again.changed == (VerdictChange(of="sentence", start=0, end=9, before="not_found"),)
    edited = check_of(("New here.", "claim"), ("It  rains.", "supported"), ("It snows.", "supported"))
    after = kept.put("", edited, since=again)
    assert after.id != again.id
    assert [(one.start, one.before) for one in after.changed] == [(0, ""), (21, "differs")]
    assert [one.changed for one in kept.all("")] == [2, 1]


def test_a_sentence_that_stands_twice_is_compared_in_turn() -> None:
    before = check_of(("It rains.", "supported"), ("It rains.", "differs"))
    after = check_of(("It rains.", "supported"), ("It rains.", "supported"))
    assert [one.start for one in changes(before, after)] == [10]
    assert changes(before, before) == ()
    quoted = check_of(("It rains.", "supported"), quoted="rains")
    assert [(one.of, one.before) for one in changes(before, quoted)] == [("quotation", "")]


def test_the_oldest_go_where_there_are_too_many_or_too_large(tmp_path: Path) -> None:
    kept = CheckedDrafts(tmp_path, most_of_one=3)
    ids = [kept.put("", check_of((f"Rain {number}.", "supported"))).id for number in range(5)]
    assert [one.id for one in kept.all("")] == ids[:1:-1]
    small = CheckedDrafts(tmp_path, most_bytes=1)
    last = small.put("other", check_of(("Hail.", "supported")))
    assert small.all("") == []
    assert small.get("other", last.id) == last


def test_what_a_kill_or_a_full_disk_leaves_does_not_count(tmp_path: Path) -> None:
    kept = CheckedDrafts(tmp_path)
    one = kept.put("", check_of(("It rains.", "supported")))
    (folder,) = tmp_path.glob("*/*")
    (folder / "summary.json").rename(folder / "x.draft")
    assert kept.all("") == []
    with pytest.raises(NotFound):
        kept.get("", one.id)
    again = kept.put("", check_of(("It rains.", "supported")))
    (folder / "check.json").write_bytes(b"{")
    with pytest.raises(NotFound):
        kept.get("", again.id)
    (folder / "summary.json").write_bytes(b"{")
    assert kept.all("") == []
    assert kept.put("", check_of(("It rains.", "supported"))).earlier is None


def test_a_draft_of_one_long_word_is_listed_by_its_first_letters(tmp_path: Path) -> None:
    CheckedDrafts(tmp_path).put("", check_of(("x" * 500 + ".", "no_claim")))
    (listed,) = CheckedDrafts(tmp_path).all("")
    assert listed.beginning == "x" * 118 + " …"
