"""Are spellings of one speaker folded into one, are statements about a topic found, and how long does a request take?

    python -m benchmarks.statements_index --data DIR [--show]

Names: those that the finder of quotations gives of the 850 German news articles in DIR/quotations, with --show all that were
folded; and the names of tests/ingest/text/spellings.tsv, in one half of which rules of folding were looked for, as surnames of one
first name: how many spellings of one come together, and how many of two do.

Topics: those of questions/topics.tsv, each with a pattern of the words that German articles have for it. A statement counts as about
it if its own sentence, the one before or the title has such a word. The weights were chosen on the articles of train.jsonl; dev.jsonl
is reported. Broad topics have many words that no pattern has, so that what is found counts for more than what is missed.

Speed: an index of 1,000, 10,000 and 100,000 quotations, twenty a document, of as many speakers as a tenth of that.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.core import Assistant
from assistant.statements.finding import StatementsAsked, all_speakers, find_statements, words_of
from assistant.statements.name_folding import fold_names, is_common
from assistant.statements.speakers import speakers_of
from assistant.statements.topics import TopicSearch
from assistant.types import Filters
from benchmarks import corpora
from benchmarks.spellings import pairs
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare_all
from ingest.quotations import find_quotations
from ingest.store.index import Index
from ingest.store.quotation_rows import QuotationQuery, StoredQuotation
from ingest.store.records import Prepared
from ingest.text.folding import words
from ingest.text.sentences import trimmed_sentences
from ingest.types import Document, Passage, Quotation, document_id

TOPICS = Path(__file__).parent / "questions" / "topics.tsv"
SIZES = (1_000, 10_000, 100_000)
PER_DOCUMENT, PER_PASSAGE = 20, 4
BATCH = 200  # documents
ROUNDS = 9
_NAME = re.compile(r"^\d+ - (.*) \((\d{4}-\d\d-\d\d)\)$")
_SYLLABLES = words(
    "ba ben bor dal den dor fal fen gar gol har hel kam kel lan lor mar men nor pel ran ros sal sen tor van wel"
)


def articles(path: Path) -> Iterator[Document]:
    for line in path.read_text("utf-8").splitlines():
        article = json.loads(line)
        named = _NAME.match(article["name"])
        title, day = (named[1], date.fromisoformat(named[2])) if named else (article["name"], None)
        yield document(article["name"], title, article["text"], day)


def document(name: str, title: str, text: str, day: date | None) -> Document:
    return Document(
        id=document_id(name),
        source=name,
        title=title,
        text=text,
        published=day,
        authors=(),
        language="de",
        media_type="text/plain",
        sha256=document_id(text) * 4,
    )


def folding(data: Path, show: bool) -> None:
    print("| articles | quotations | names | speakers | of several spellings |\n|---|---|---|---|---|")
    for part in ("train", "dev"):
        texts = [article.text for article in articles(data / "quotations" / f"{part}.jsonl")]
        counts = Counter(one.name for text in texts for one in find_quotations(text, "de") if one.name)
        speakers = fold_names(counts, is_common)
        several = [speaker for speaker in speakers if len(speaker.spellings) > 1]
        print(f"| {part} | {sum(counts.values()):,} | {len(counts):,} | {len(speakers):,} | {len(several)} |")
        for speaker in several if show else ():
            print(f"    {speaker.name}: {', '.join(speaker.names)}")
    for half, name in enumerate(("looked at", "kept back")):
        spelled = [(own, other) for own, other in pairs(half) if " " not in own + other]
        joined = sum(_are_one(own, other) for own, other in spelled) / len(spelled)
        owners = [own for own, _ in dict(spelled).items()]
        random.Random(1).shuffle(owners)
        wrong = sum(_are_one(one, other) for one, other in pairwise(owners))
        print(
            f"{name}: of {len(spelled)} spellings {joined:.3f} one with the name; of {len(owners) - 1} pairs of names {wrong} one"
        )


def _are_one(one: str, other: str) -> bool:
    names = [f"Anna {surname[:1].upper()}{surname[1:]}" for surname in (one, other)]
    return len(fold_names(dict.fromkeys(names, 1), is_common)) == 1


def topics(data: Path, embedder: SentenceTransformerEmbedder) -> None:
    lines = [line.split("\t") for line in TOPICS.read_text("utf-8").splitlines()]
    print(
        "\n| articles | statements | about a topic | found | right | of all | ms |\n|---|---|---|---|---|---|---|"
    )
    for part in ("train", "dev"):
        with tempfile.TemporaryDirectory() as folder:
            index = Index.open(Path(folder), embedder)
            ingested = own = 0.0
            for batch in batched(list(articles(data / "quotations" / f"{part}.jsonl")), BATCH):
                began = time.perf_counter()
                stored = index.put(prepare_all(batch, embedder))
                ingested += time.perf_counter() - began
                entries = [(record, index.texts.passages_of(record.id)) for record in stored]
                began = time.perf_counter()
                index.quotations.update(entries, stored)
                own += time.perf_counter() - began
            assistant = Assistant(index, embedder)
            every = index.quotations.find(QuotationQuery(), limit=100_000)
            sentences = {row.key: beside(index, row) for row in every}
            wanted = found = right = 0
            took = []
            for topic, pattern in lines:
                about = {key for key, text in sentences.items() if re.search(pattern, text)}
                began = time.perf_counter()
                rows = TopicSearch(topic, assistant.retriever).find(index, QuotationQuery())
                took.append(1000 * (time.perf_counter() - began))
                wanted, found = wanted + len(about), found + len(rows)
                right += sum(row.key in about for row in rows)
            print(
                f"| {part} | {len(every):,} | {wanted} | {found} | {right / max(1, found):.3f} | {right / wanted:.3f} "
                f"| {statistics.median(took):.0f} | {100 * own / ingested:.2f} % of {ingested:.0f} s |"
            )
            index.close()


def beside(index: Index, row: StoredQuotation) -> str:
    """The title, and the sentences that a quotation is in with the one before."""
    record = index.catalogue.by_id[row.document_id]
    text = index.texts.of(record)
    spans = list(trimmed_sentences(text, "de"))
    own = [number for number, span in enumerate(spans) if span.start < row.end and span.end > row.start]
    first = max(0, own[0] - 1) if own else 0
    return f"{record.title} {text[spans[first].start : spans[own[-1]].end] if own else ''}"


def batched(documents: Sequence[Document], size: int) -> Iterator[Sequence[Document]]:
    for first in range(0, len(documents), size):
        yield documents[first : first + size]


def invented(quotations: int, dimensions: int) -> Iterator[Prepared]:
    """Documents with quotations, of speakers some of whom say much more than others."""
    chance, numbers = random.Random(1), np.random.default_rng(1)
    names = [f"{_word(chance)} {_word(chance)}{_word(chance).lower()}" for _ in range(quotations // 10)]
    weights = [1 / rank for rank in range(1, len(names) + 1)]
    for number in range(quotations // PER_DOCUMENT):
        passages, said, start = [], chance.choices(names, weights, k=PER_DOCUMENT), 0
        for first in range(0, PER_DOCUMENT, PER_PASSAGE):
            text, found = "", []
            for name in said[first : first + PER_PASSAGE]:
                told = " ".join(_word(chance).lower() for _ in range(8))
                at = start + len(text)
                found.append(Quotation(kind="indirect", start=at, end=at + len(told), name=name))
                text += f"{told}, sagte {name}. "
            end = start + len(text)
            passages.append(
                Passage(
                    id="",
                    document_id=document_id(str(number)),
                    text=text,
                    start=start,
                    end=end,
                    page=None,
                    heading="",
                    quotations=tuple(found),
                )
            )
            start = end
        day = date(2015, 1, 1) + timedelta(days=chance.randrange(4_000))
        whole = "".join(passage.text for passage in passages)
        vectors = numbers.normal(size=(len(passages), dimensions)).astype(np.float32)
        yield Prepared(
            document=document(str(number), str(number), whole, day), passages=passages, vectors=vectors
        )


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=2)).capitalize()


def milliseconds(act: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


def speed(embedder: SentenceTransformerEmbedder) -> None:
    print(
        "\n| quotations | speakers | first after a change | all, newest | page 100 | busiest speaker | rare speaker | days and kind | names typed | put of 20 | of it this | file |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            index = Index.open(Path(folder), embedder)
            every = list(invented(size + PER_DOCUMENT, embedder.dimensions))
            for first in range(0, len(every) - 1, BATCH):
                index.put(every[:-1][first : first + BATCH])
            began = time.perf_counter()
            index.put(every[-1:])
            put = 1000 * (time.perf_counter() - began)
            record = index.records()[0]
            entry = (record, index.texts.passages_of(record.id))
            update = milliseconds(partial(index.quotations.update, [entry], [record]))
            speakers_of.cache_clear()
            began = time.perf_counter()
            find_statements(index, StatementsAsked())
            first_time = 1000 * (time.perf_counter() - began)
            known = all_speakers(index)
            many, few = known.all[0].name, known.all[-1].name
            spring = Filters(published_from=date(2020, 3, 1), published_to=date(2020, 5, 31))
            asked = (
                StatementsAsked(),
                StatementsAsked(offset=2_000 if size > 2_000 else 900),
                StatementsAsked(speaker=many),
                StatementsAsked(speaker=few),
                StatementsAsked(filters=spring, kinds=("indirect",)),
            )
            took = [milliseconds(partial(find_statements, index, one)) for one in asked]
            took.append(milliseconds(partial(known.beginning, "ba")))
            file = next((Path(folder) / "quotations").glob("*.sqlite3")).stat().st_size / 1e6
            assert words_of(index, index.quotations.find(QuotationQuery(), limit=1))
            print(
                f"| {size:,} | {len(known.all):,} | {first_time:.0f} | {' | '.join(f'{one:.1f}' for one in took)} "
                f"| {put:.0f} | {update:.1f} | {file:.1f} MB |",
                flush=True,
            )
            index.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--show", action="store_true", help="also print what was folded")
    options = parser.parse_args()
    folding(options.data, options.show)
    embedder = SentenceTransformerEmbedder()
    speed(embedder)
    topics(options.data, embedder)


if __name__ == "__main__":
    main()
