"""Is a draft checked rightly: what is true, changed, quoted, misquoted, or in no document?

    python -m benchmarks.drafts [--data DIR] [--part looked-at|kept-back] [--drafts N] [--show KIND]

Drafts of 20 sentences are made by script, with a fixed seed, from XQuAD's paragraphs in German and English and from the German news
articles in DIR/quotations: sentences copied, shortened or in the other language; with one figure, date, name, denial or speaker changed;
words in quotation marks as they stand (in other marks and white space), with one word changed, or from articles that are in no index;
sentences of articles and paragraphs that are left out; and, by hand, sentences of the texts of `training` in other words or of another
event. They are checked against an index of the rest, in the draft's language or in the other one ("across"). Rules and thresholds were
chosen on the articles that are looked at; the others are reported.

A sentence is right if it gets the class that it should have, with the right source if one of its citations has words of the sentence that
it was made from. What is true is wrong only where it is called "differs"; how much of it is found is the row's "right class".
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core import Assistant
from assistant.drafts.drafting import draft_of
from assistant.drafts.types import CheckedDraft, CheckedQuotation, CheckedSentence, DraftDone
from benchmarks import corpora
from benchmarks.draft_lines import (
    ABSENT,
    ABSENT_NEAR,
    ALTERED,
    PARTS,
    QUOTED,
    REWORDED,
    RIGHT,
    TRUE,
    DraftLine,
    claim_lines,
    drafts,
    is_stored,
    own_texts,
    quotation_lines,
    reworded_lines,
)
from benchmarks.statements import sentences
from benchmarks.statements_index import articles
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.types import Embedder
from ingest.errors import SourceError
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Document, Item

NEWS = {"looked-at": "train", "kept-back": "dev"}
STORED, SPARE = 110, 40  # news articles that are in the index, and that are in none


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLine:
    """A line and what it was found to be."""

    line: DraftLine
    found: CheckedSentence | CheckedQuotation
    right_source: bool

    @property
    def right(self) -> bool:
        return self.found.verdict in RIGHT[self.line.kind]


def checked_lines(assistant: Assistant, lines: Sequence[DraftLine], language: str) -> Iterator[CheckedLine]:
    """The lines of a draft, each a paragraph, as they were checked."""
    text = "\n\n".join(line.text for line in lines)
    *_, last = assistant.check_draft(draft_of(text, language=language))
    assert isinstance(last, DraftDone)
    at = 0
    for line in lines:
        end = at + len(line.text)
        quoted = line.kind in QUOTED
        those: Sequence[CheckedSentence | CheckedQuotation] = (
            last.checked.quotations if quoted else last.checked.sentences
        )
        found = max(
            (one for one in those if one.start < end and at < one.end),
            key=lambda one: min(end, one.end) - max(at, one.start),
            default=None,
        )
        if found:
            yield CheckedLine(line=line, found=found, right_source=_right_source(line, found, last.checked))
        else:
            print(f"# no {'quotation' if quoted else 'sentence'} was found in: {line.text}")
        at = end + 2


def _right_source(line: DraftLine, found: CheckedSentence | CheckedQuotation, checked: CheckedDraft) -> bool:
    """Whether something cited has words of what the line was made from."""
    if isinstance(found, CheckedSentence):
        numbers = found.citations
    else:
        numbers = (*([found.citation] if found.citation else []), *found.also_in)
    own = set(re.findall(r"\w{4,}", line.words))
    cited = [checked.citations[number - 1] for number in numbers]
    return any(
        one.document.source == line.source and own & set(re.findall(r"\w{4,}", one.quote)) for one in cited
    )


def opened(
    part: str, over: str, data: Path, folder: Path, embedder: Embedder
) -> tuple[Assistant, dict[str, list[DraftLine]]]:
    """An assistant over a part's paragraphs in a language and news, and the lines of quotations that are made of these."""
    kept = [
        (number, paragraph)
        for number, paragraph in enumerate(corpora.paragraphs(over, data))
        if (article := sentences(over, data)[number][0].article) in PARTS[part] and is_stored(number, article)
    ]
    items: list[Item | SourceError] = []
    quoted: dict[str, list[DraftLine]] = {}
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{over}-{number:04}.txt": paragraph for number, paragraph in kept} | own_texts(over)
    if over == "de":
        news = list(articles(data / "quotations" / f"{NEWS[part]}.jsonl"))
        stored = [
            Document(
                **{**{field: getattr(one, field) for field in one.__slots__}, "source": f"news-{n:04}.txt"}
            )
            for n, one in enumerate(news[:STORED])
        ]
        texts |= {one.source: one.text for one in stored}
        quoted = quotation_lines(stored, news[STORED : STORED + SPARE], random.Random(7))
    else:
        texts |= {f"news-{n:04}.txt": text for n, text in enumerate(corpora.english(data)[::20])}
    for source, text in texts.items():
        (folder / source).write_text(text, encoding="utf-8")
        items.append(Item(source=source, name=source, path=folder / source))
    assistant = Assistant(Index.open(folder / "data", embedder), embedder)
    ingest(items, assistant.index, embedder, lambda path, name, _: load(path.read_bytes(), name))
    return assistant, quoted


def table(title: str, found: Sequence[CheckedLine]) -> None:
    print(f"\n| {title} | tested | right class | right source | other classes |\n|---|---|---|---|---|")
    for kind in (*TRUE, *ALTERED, ABSENT, ABSENT_NEAR, *REWORDED, *QUOTED):
        row(kind, [one for one in found if one.line.kind == kind])
    groups = {
        "**true**": [one for one in found if one.line.kind in TRUE],
        "**altered**": [one for one in found if one.line.kind in ALTERED],
        "**quotations**": [one for one in found if one.line.kind in QUOTED],
    }
    for label, lines in groups.items():
        row(label, lines)
    true = groups["**true**"]
    wrong = sum(one.found.verdict == "differs" for one in true)
    print(f"\nTrue sentences called wrong: {wrong} of {len(true)} = {wrong / max(1, len(true)):.3f}")


def row(label: str, lines: Sequence[CheckedLine]) -> None:
    if not lines:
        return
    right = [one for one in lines if one.right]
    sourced = [one for one in right if one.line.source]
    others = Counter(one.found.verdict for one in lines if not one.right)
    source = f"{sum(one.right_source for one in sourced) / len(sourced):.3f}" if sourced else ""
    named = ", ".join(f"{verdict} {count}" for verdict, count in others.most_common())
    print(f"| {label} | {len(lines)} | {len(right) / len(lines):.3f} | {source} | {named} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--part", choices=list(PARTS), default="kept-back")
    parser.add_argument("--drafts", type=int, default=20, help="how many for each pair of languages")
    parser.add_argument("--work", type=Path, help="keep the indexes there")
    parser.add_argument("--show", default="", help="print the wrong lines of the kinds that begin so")
    options = parser.parse_args()
    work = options.work or Path(tempfile.mkdtemp())
    embedder = SentenceTransformerEmbedder()
    seconds: list[float] = []
    for over in ("de", "en"):
        assistant, quoted = opened(options.part, over, options.data, work / options.part / over, embedder)
        for language in ("de", "en"):
            lines = claim_lines(language, over, options.part, options.data, seed=11)
            lines |= reworded_lines(language, over, options.part)
            lines |= quoted if language == over else {}
            found: list[CheckedLine] = []
            for draft in drafts(lines, options.drafts, random.Random(5)):
                began = time.perf_counter()
                found += checked_lines(assistant, draft, language)
                seconds.append((time.perf_counter() - began) / len(draft))
            table(f"{language} over {over}", found)
            for one in found:
                if options.show and one.line.kind.startswith(options.show) and not one.right:
                    print(f"# {one.line.kind} -> {one.found}\n#   of: {one.line.words}")
        assistant.close()
    print(f"\nMedian time of a line: {1000 * statistics.median(seconds):.0f} ms")


if __name__ == "__main__":
    main()
