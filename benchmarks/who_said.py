"""Asked for somebody's words: are they theirs, and is another's word ever shown as theirs?

    python -m benchmarks.who_said [--article FILE ...] [--show]

Questions that are answered and others that are not, for who is asked about says nothing on it, over articles of our own in German and English in
which several people speak about the same thing (``who_said``, every statement marked with who makes it), the articles that come with the
product, and whatever ``--article`` adds. Articles, questions and their answers were written before anything was run. Forty and fifteen were
looked at; twenty and eight over four other articles were kept back. With the reader and without it.

Refused: of the answered ones / of the others. First: the first quote has the words asked for; quoted: one of them has. Another's: answers with a quote that tells another's words, by the marks,
and none of whom was asked for. Named wrong: quotes of marked words to which the assistant gives another speaker than the marks; unnamed: none.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from assistant.speech import attribution_of
from assistant.types import Answer, Citation
from benchmarks.marked_quotations import MarkedArticle, MarkedQuotation, marked_up
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import prepare
from ingest.privacy import quiet
from ingest.store.index import Index
from ingest.text.folding import fold
from ingest.types import Document, document_id

SAMPLES = Path(__file__).parents[1] / "assistant" / "samples"
FOLDER = Path(__file__).parent / "who_said"
HALVES = ("looked_at", "kept_back")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerQuestion:
    """A question for the words of ``speaker``, and pieces of the texts of which one is in what answers it."""

    question: str
    speaker: str
    gold: tuple[str, ...]


def articles(half: str) -> list[tuple[MarkedArticle, str, date]]:
    """Our own articles, marked, with their titles and days."""
    pieces = re.split(
        r"^=== (\S+) (\w\w) (\d{4}-\d\d-\d\d) (.+)\n",
        (FOLDER / f"{half}_articles.txt").read_text("utf-8"),
        flags=re.M,
    )[1:]
    found = zip(*[iter(pieces)] * 5, strict=True)
    return [
        (marked_up(name, body.strip(), language), title, date.fromisoformat(day))
        for name, language, day, title, body in found
    ]


def questions(half: str) -> list[SpeakerQuestion]:
    lines = (FOLDER / f"{half}_questions.jsonl").read_text("utf-8").splitlines()
    return [SpeakerQuestion(**row | {"gold": tuple(row["gold"])}) for row in map(json.loads, lines)]


def document(source: str, title: str, text: str, language: str, published: date | None) -> Document:
    return Document(
        id=document_id(source), source=source, title=title, text=text, published=published, authors=(), language=language,
        media_type="text/plain", sha256=document_id(title) * 2,
    )  # fmt: skip


def documents(more: Sequence[Path]) -> list[Document]:
    """Our own articles, those that come with the product, and ``more``."""
    own = [
        document(one.name, title, one.text, one.language, day)
        for half in HALVES
        for one, title, day in articles(half)
    ]
    contents = [(path, load(path.read_bytes(), path.name)) for path in (*sorted(SAMPLES.glob("*.md")), *more)]
    others = [
        document(
            path.name, content.title or path.stem, content.text, content.language or "de", content.published
        )
        for path, content in contents
    ]
    return [*own, *others]


def said_in(citation: Citation, marked: dict[str, MarkedArticle]) -> list[MarkedQuotation]:
    """The marked quotations of which a quote tells at least half, or which are half of it."""
    article = marked.get(citation.document.id)
    quoted = frozenset(range(citation.start, citation.end))
    letters = sum(sign.isalnum() for sign in citation.quote)
    return [
        one
        for one in (article.quotations if article else ())
        if 2 * len(one.letters & quoted) >= min(len(one.letters), letters)
    ]


def is_same(one: str, other: str) -> bool:
    """Whether two names have their last words in common: "Uschakow" and "Juri Uschakow"."""
    return bool(one and other) and fold(one.split()[-1]) == fold(other.split()[-1])


@dataclass(slots=True)
class SpeakerTally:
    """What was counted over all questions."""

    first: int = 0
    quoted: int = 0
    refused: int = 0
    rightly: int = 0
    others: int = 0
    wrong: int = 0
    unnamed: int = 0
    named: int = 0


def count(
    tally: SpeakerTally, asked: SpeakerQuestion, answer: Answer, marked: dict[str, MarkedArticle]
) -> list[str]:
    """Adds an answer to the tally; returns what was wrong with it."""
    if not asked.gold:
        tally.rightly += answer.refused
        return [] if answer.refused else ["answered though nothing was said"]
    has = [any(piece in citation.quote for piece in asked.gold) for citation in answer.citations]
    tally.first += has[:1] == [True]
    tally.quoted += any(has)
    tally.refused += answer.refused
    wrong = (
        []
        if has[:1] == [True]
        else ["not first" if any(has) else "refused" if answer.refused else "not quoted"]
    )
    others = False
    for citation in answer.citations:
        said, given = said_in(citation, marked), attribution_of(citation)
        told = [one for one in said if one.kind != "reported"]
        others |= bool(said) and not any(is_same(one.speaker, asked.speaker) for one in said)
        if told and given is None:
            tally.unnamed += 1
            wrong.append(f"unnamed: {citation.quote}")
        elif told and given:
            right = any(is_same(one.speaker, given.speaker) for one in told)
            tally.named += right
            tally.wrong += not right
            wrong += [] if right else [f"{given.speaker} named for {citation.quote}"]
    tally.others += others
    return [*wrong, "another's words"] if others else wrong


def row(half: str, name: str, assistant: Assistant, marked: dict[str, MarkedArticle], show: bool) -> str:
    """A line of the table; with ``show`` what went wrong is printed, of the questions that were looked at."""
    tally, asked_for = SpeakerTally(), questions(half)
    for asked in asked_for:
        answer = assistant.ask(asked.question)
        if (wrong := count(tally, asked, answer, marked)) and show and half == HALVES[0]:
            print(f"# {asked.question}: {'; '.join(wrong)}\n#    {answer.text!r}")
    n = sum(bool(asked.gold) for asked in asked_for)
    return (
        f"| {half.replace('_', ' ')}, {name} | {n} / {len(asked_for) - n} | {tally.first / n:.3f} | {tally.quoted / n:.3f} "
        f"| {tally.refused} / {tally.rightly} | {tally.others} | {tally.named} | {tally.wrong} | {tally.unnamed} |"
    )


def introduced(half: str, name: str, assistant: Assistant, marked: dict[str, MarkedArticle]) -> str:
    """A line of the table of who somebody is: of all who speak under a full name, asked in both languages."""
    written = {
        one.speaker
        for article, _, _ in articles(half)
        for one in marked[document_id(article.name)].quotations
        if len(one.speaker.split()) > 1 and one.speaker.istitle()
    }
    answers = [
        (who, assistant.ask(asked.format(who)))
        for who in sorted(written)
        for asked in ("Who is {}?", "Wer ist {}?")
    ]
    refused = sum(answer.refused for _, answer in answers)
    named = sum(who in answer.citations[0].quote for who, answer in answers if answer.citations)
    return f"| {half.replace('_', ' ')}, {name} | {len(answers)} | {refused} | {named} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--article", type=Path, nargs="*", default=[], help="more articles to be asked about")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    quiet()
    embedder = SentenceTransformerEmbedder()
    marked = {document_id(article.name): article for half in HALVES for article, _, _ in articles(half)}
    print("| | questions | first | quoted | refused | another's | speaker right | named wrong | unnamed |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder), embedder)
        try:
            index.put([prepare(one, embedder) for one in documents(options.article)])
            for half, (name, reader) in product(
                HALVES, (("with the reader", shipped_reader()), ("without", None))
            ):
                print(row(half, name, Assistant(index, embedder, reader=reader), marked, options.show))
            print("\n| who is X? | questions | refused | full name in the first quote |\n|---|---|---|---|")
            for half in HALVES:
                assistant = Assistant(index, embedder, reader=shipped_reader())
                print(introduced(half, "with the reader", assistant, marked))
        finally:
            index.close()


if __name__ == "__main__":
    main()
