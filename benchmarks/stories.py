"""Whether copies are joined as one story, and what is no copy is not.

    python -m benchmarks.stories                     # twelve events, German and English, by the bundled model
    python -m benchmarks.stories --news [--data DIR] # what is joined among 1,028 German news articles
    python -m benchmarks.stories --cost              # the share of ingestion that finding stories takes

The events and their articles, `stories_articles/*.txt`, were written for this. Each has three to six copies (rewritten, cut, with
another lead, with paragraphs of their own) and five articles about the same topic that are no copies: other days of the
event, the same kind of event elsewhere, told in nearly the same words, comments, background. The rule was found on the
events looked at; the others count. Scores are B³: for every document, of those in its story how many belong there, and of
those that belong there how many are.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.corpora import DATA, news
from ingest.embedding.loading import default_model
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.types import Document, document_id

ARTICLES = Path(__file__).parent / "stories_articles"
PARTS = ("looked_at", "held_back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """``story`` names what it tells: its event where it is a copy, itself where it is none."""

    story: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class BCubed:
    """B³ precision, recall and F1, each in [0, 1]."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def articles(part: str) -> list[Article]:
    """The articles of one half of the events."""
    blocks = (ARTICLES / f"{part}.txt").read_text(encoding="utf-8").split("=== ")[1:]
    return [_article(part, number, block) for number, block in enumerate(blocks)]


def _article(part: str, number: int, block: str) -> Article:
    head, _, text = block.partition("\n")
    event, language, kind, day, title = (field.strip() for field in head.split("|"))
    source = f"{part}/{number:03}.txt"
    story = event if kind == "copy" else source
    return Article(
        story=story, document=_document(source, title, text.strip(), date.fromisoformat(day), language)
    )


def _document(source: str, title: str, text: str, published: date | None, language: str) -> Document:
    return Document(
        id=document_id(source),
        source=source,
        title=title,
        text=text,
        published=published,
        authors=(),
        language=language,
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def b_cubed(found: Mapping[str, str], right: Mapping[str, str]) -> BCubed:
    """How well the stories ``found`` of documents fit the ``right`` ones, both by document id."""
    precision = recall = 0.0
    for key in right:
        together = {other for other in right if found[other] == found[key]}
        belonging = {other for other in right if right[other] == right[key]}
        precision += len(together & belonging) / len(together)
        recall += len(together & belonging) / len(belonging)
    return BCubed(precision=precision / len(right), recall=recall / len(right))


@contextmanager
def indexed(documents: Sequence[Document], embedder: SentenceTransformerEmbedder) -> Iterator[Index]:
    """The documents in an index of their own."""
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder), embedder)
        try:
            for first in range(0, len(documents), 32):
                index.put([prepare(document, embedder) for document in documents[first : first + 32]])
            yield index
        finally:
            index.close()


def measure(embedder: SentenceTransformerEmbedder) -> None:
    """The table of both halves, and what was joined or parted wrongly."""
    print(
        f"model {embedder.name}\n\n| events | documents | copies | precision | recall | B³ F1 |\n|---|---|---|---|---|---|"
    )
    wrong: list[str] = []
    for part in PARTS:
        entries = articles(part)
        right = {entry.document.id: entry.story for entry in entries}
        with indexed([entry.document for entry in entries], embedder) as index:
            found = {key: index.stories.id_of(key) for key in right}
        score = b_cubed(found, right)
        copies = sum(entry.story != entry.document.source for entry in entries)
        print(
            f"| {part.replace('_', ' ')} | {len(entries)} | {copies}"
            f" | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} |"
        )
        wrong += [f"{part}: {line}" for line in _mistakes(entries, found)]
    print("\n" + "\n".join(wrong))


def _mistakes(entries: Sequence[Article], found: Mapping[str, str]) -> Iterator[str]:
    for number, one in enumerate(entries):
        for other in entries[number + 1 :]:
            together = found[one.document.id] == found[other.document.id]
            if together != (one.story == other.story):
                verdict = "joined" if together else "parted"
                yield f"wrongly {verdict}: {one.document.title!r} and {other.document.title!r}"


def look_at_news(embedder: SentenceTransformerEmbedder, data: Path) -> None:
    """The stories of more than one article among the news."""
    documents = [_document(f"{n:04}", text[:70], text, None, "de") for n, text in enumerate(news(data))]
    began = time.monotonic()
    with indexed(documents, embedder) as index:
        stories = {index.stories.of(document.id) for document in documents}
        print(f"{len(documents)} articles in {time.monotonic() - began:.0f} s")
        for story in sorted(stories, key=len, reverse=True):
            if len(story) > 1:
                print(f"\n{len(story)} articles")
                for record in story:
                    print(f"  {record.source} {' '.join(index.texts.of(record)[:150].split())}")


def cost(embedder: SentenceTransformerEmbedder, documents: Sequence[Document]) -> None:
    """How long finding stories takes beside embedding and storing, in processor seconds."""
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder), embedder)
        found = _timed(index)
        began = time.process_time()
        for first in range(0, len(documents), 32):
            index.put([prepare(document, embedder) for document in documents[first : first + 32]])
        total = time.process_time() - began
        index.close()
    print(
        f"{len(documents)} documents: {total:.1f} s, of which stories {sum(found):.2f} s ({sum(found) / total:.1%})"
    )


def _timed(index: Index) -> list[float]:
    """What every search for stories takes from now on."""
    took: list[float] = []
    links = index.replica.links
    update = links.update

    def timed(*arguments: object) -> None:
        began = time.process_time()
        update(*arguments)  # type: ignore[arg-type]
        took.append(time.process_time() - began)

    links.update = timed  # type: ignore[method-assign]
    return took


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="", help="another embedding model than the bundled one")
    parser.add_argument("--news", action="store_true", help="look at the news articles instead")
    parser.add_argument("--cost", action="store_true", help="measure what it costs at ingestion instead")
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder(options.model or default_model())
    if options.news:
        look_at_news(embedder, options.data)
    elif options.cost:
        cost(embedder, [entry.document for part in PARTS for entry in articles(part)])
    else:
        measure(embedder)


if __name__ == "__main__":
    main()
