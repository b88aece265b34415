"""Articles whose quotations people have marked: annotated German news, and our own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.text.sentences import Span, sentence_spans
from ingest.types import QuotationKind

ARTICLES = Path(__file__).parent / "quotations_articles"
KINDS: dict[str, QuotationKind] = {
    "Direct": "direct",
    "Indirect": "indirect",
    "FreeIndirect": "indirect",
    "IndirectFreeIndirect": "indirect",
    "Reported": "reported",
    "d": "direct",
    "i": "indirect",
    "r": "reported",
}
_MARK = re.compile(r"<<([dir]) ([^|<>]*)\|")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedQuotation:
    """A quotation as people marked it: its letters by place, and who speaks, as a phrase with its place or as a full name."""

    kind: QuotationKind
    letters: frozenset[int]
    speaker: str
    speaker_places: frozenset[int] = frozenset()
    other: MarkedQuotation | None = None
    """The same words as marked with another speaker."""
    named: bool = False
    """Whether ``speaker`` is a full name that has to be found by whatever stands in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedArticle:
    """An article with its quotations."""

    name: str
    text: str
    language: str
    quotations: tuple[MarkedQuotation, ...]


def news(path: Path) -> list[MarkedArticle]:
    """Annotated German articles."""
    articles = []
    for line in path.read_text("utf-8").splitlines():
        article = json.loads(line)
        text = article["text"]
        sentences = sentence_spans(text, "de")
        marked: dict[tuple[QuotationKind, frozenset[int]], MarkedQuotation] = {}
        for one in article["quotations"]:
            for letters in _by_sentence(_places(text, one["quote"]), sentences, one["type"]):
                quotation = MarkedQuotation(
                    kind=KINDS[one["type"]],
                    letters=letters,
                    speaker=" ".join(text[start:end] for start, end in one["speaker"]),
                    speaker_places=_places(text, one["speaker"]),
                    other=marked.get((KINDS[one["type"]], letters)),
                )
                marked[quotation.kind, letters] = quotation
        articles.append(
            MarkedArticle(name=article["name"], text=text, language="de", quotations=tuple(marked.values()))
        )
    return articles


def _by_sentence(letters: frozenset[int], sentences: Sequence[Span], kind: str) -> list[frozenset[int]]:
    """What has no frame of its own by its sentences, anything else in one."""
    if not kind.endswith("FreeIndirect"):
        return [letters] if letters else []
    pieces = (frozenset(at for at in letters if span.start <= at < span.end) for span in sentences)
    return [piece for piece in pieces if piece]


def _places(text: str, spans: Iterable[Sequence[int]]) -> frozenset[int]:
    return frozenset(at for start, end in spans for at in range(start, end) if text[at].isalnum())


def own_articles(language: str) -> list[tuple[int, MarkedArticle]]:
    """Our own articles of a language with their numbers; articles are parted by a line "=== NUMBER"."""
    path = ARTICLES / f"{language}.txt"
    if not path.exists():
        return []
    pieces = re.split(r"^=== (\d+)\n", path.read_text("utf-8"), flags=re.M)[1:]
    return [
        (int(number), marked_up(f"{language} {number}", body.strip(), language))
        for number, body in zip(pieces[::2], pieces[1::2], strict=True)
    ]


def marked_up(name: str, source: str, language: str) -> MarkedArticle:
    """An article from text in which ``<<d Full Name|…>>`` marks what is said: d, i or r, no name where nobody is named.

    A frame in its middle stands in ``[[…]]``.
    """
    pieces: list[str] = []
    length = at = 0
    left_out: set[int] = set()
    frame = False
    open_now: list[tuple[QuotationKind, str, int]] = []
    spans: list[tuple[QuotationKind, str, int, int]] = []
    while at < len(source):
        mark = _MARK.match(source, at)
        if mark:
            open_now.append((KINDS[mark[1]], mark[2].strip(), length))
            at = mark.end()
        elif source.startswith(">>", at) and open_now:
            kind, speaker, start = open_now.pop()
            spans.append((kind, speaker, start, length))
            at += 2
        elif source[at : at + 2] in ("[[", "]]"):
            frame = source[at] == "["
            at += 2
        else:
            pieces.append(source[at])
            left_out |= {length} if frame else set()
            length, at = length + 1, at + 1
    text = "".join(pieces)
    quotations = tuple(
        MarkedQuotation(
            kind=kind, letters=_places(text, [(start, end)]) - left_out, speaker=speaker, named=True
        )
        for kind, speaker, start, end in spans
    )
    return MarkedArticle(name=name, text=text, language=language, quotations=quotations)
