"""Questions over whole collections: what is ingested, what is asked, and where the answers stand."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.answering.evidence import Sentence
from assistant.core import Assistant
from assistant.reading.reader import shipped_reader
from assistant.retrieval.retriever import HITS
from assistant.retrieval.search import RetrievalResult
from assistant.types import Filters, Turn
from benchmarks import corpora
from ingest.embedding.types import Embedder
from ingest.errors import SourceError
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Item

QUESTIONS = Path(__file__).parent / "questions"
SAMPLES = Path(__file__).resolve().parent.parent / "assistant" / "samples"
SECOND_HALF = range(24, 48)  # of XQuAD's articles
# The language of the paragraphs, and those of the questions.
PAIRS = {"de": ("en", "de"), "en": ("en", "de"), "es": ("en",), "ru": ("en",), "tr": ("en",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the places that answer it as (source, code point), and the sources that are left out.

    ``within`` are the only sources that are looked at; none for all.
    """

    question: str
    places: frozenset[tuple[str, int]]
    without: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    history: tuple[Turn, ...] = ()


Collection = tuple[str, Assistant, list[Case]]
Items = Callable[[], Sequence[Item | SourceError]]


def collections(data: Path, work: Path, embedder: Embedder, only: str = "") -> Iterator[Collection]:
    """Every set that neither the reader nor the rule has learned from, one after the other; only those whose name begins so."""

    yield from pairs(SECOND_HALF, data, work, embedder, only)
    sets: list[tuple[str, str, Items, Callable[[Assistant], list[Case]]]] = [
        (
            "advice",
            "advice",
            lambda: advice_items("dev", data, work / "advice"),
            lambda _: advice("dev", data),
        ),
        (
            "english texts",
            "english",
            lambda: files(sorted((data / "english").glob("*.md")), "english"),
            lambda assistant: english(assistant, data),
        ),
        ("own questions", "own", lambda: own_items(data), own),
        ("follow-ups", "own", lambda: own_items(data), follow_ups),
        ("desk", "desk", desk_items, lambda assistant: own(assistant, "desk")),
    ]
    for name, folder, items, cases in sets:
        if name.startswith(only):
            assistant = opened(work / folder, embedder, items())
            yield name, assistant, cases(assistant)
            assistant.close()


def pairs(
    articles: range, data: Path, work: Path, embedder: Embedder, only: str = ""
) -> Iterator[Collection]:
    """XQuAD's questions of these articles in every pair of languages, its paragraphs among news articles."""
    for text, languages in PAIRS.items():
        wanted = [asked for asked in languages if f"{asked} over {text}".startswith(only)]
        if wanted:
            folder = work / f"xquad-{text}"
            assistant = opened(folder, embedder, xquad_items(text, data, folder))
            for asked in wanted:
                yield f"{asked} over {text}", assistant, xquad(text, asked, articles, data)
            assistant.close()


def retrieved(assistant: Assistant, case: Case) -> RetrievalResult:
    """What the assistant finds for a case."""
    allowed = tuple(record.id for record in assistant.index.records() if record.source in case.within)
    limit = HITS + 4 * bool(case.without)
    found = assistant.retrieve(case.question, case.history, Filters(documents=allowed), limit)
    hits = [hit for hit in found.hits if hit.document.source not in case.without]
    return replace(found, hits=tuple(hits[:HITS]))


def answers(sentence: Sentence, case: Case) -> bool:
    """Whether a sentence stands where the answer of a case does."""
    source = sentence.hit.document.source
    return any(source == own and sentence.start <= at < sentence.end for own, at in case.places)


def opened(folder: Path, embedder: Embedder, items: Sequence[Item | SourceError]) -> Assistant:
    """An assistant over the items; what the folder has already is not ingested again."""
    assistant = Assistant(Index.open(folder / "data", embedder), embedder, reader=shipped_reader())
    report = ingest(items, assistant.index, embedder, lambda path, name, _: load(path.read_bytes(), name))
    for failed in report.failed:
        print(f"# {failed.source}: {failed.error}")
    return assistant


def xquad_items(text: str, data: Path, folder: Path) -> list[Item | SourceError]:
    news = corpora.write(corpora.news(data), folder / "news", "news")
    return [*news, *corpora.write(corpora.paragraphs(text, data), folder / text, text)]


def xquad(text: str, asked: str, articles: range, data: Path) -> list[Case]:
    """XQuAD's questions of these articles, each with its paragraph in the collection, and with it left out."""
    cases = []
    for question in corpora.questions(asked, data, answers=text):
        if question.article in articles:
            source = f"{text}-{question.paragraph:04}.txt"
            place = frozenset({(source, question.answer_start)})
            cases += [
                Case(question=question.text, places=place),
                Case(question=question.text, places=frozenset(), without=frozenset({source})),
            ]
    return cases


def advice_items(part: str, data: Path, folder: Path) -> list[Item | SourceError]:
    """The pages of OMoS-QA, one document each."""
    return corpora.write([page["context"] for page in _advice(part, data)], folder / "pages", "page")


def advice(part: str, data: Path) -> list[Case]:
    """Every question of OMoS-QA over its own page: the sentences that answer are lines of it."""
    cases = []
    for number, page in enumerate(_advice(part, data)):
        source, starts = f"page-{number:04}.txt", [0]
        lines = page["context"].split("\n")
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        places = frozenset((source, starts[answer] + len(lines[answer]) // 2) for answer in page["answers"])
        cases.append(Case(question=page["question"], places=places, within=frozenset({source})))
    return cases


def english(assistant: Assistant, data: Path) -> list[Case]:
    """The questions over five English corpora; all are answered."""
    texts = _texts(assistant)
    with (data / "english" / "questions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cases = []
    for row in rows:
        source = f"english/{row['corpus_id']}.md"
        excerpts = [reference["content"] for reference in json.loads(row["references"])]
        places = {(source, at) for excerpt in excerpts for at in _found(texts[source], excerpt)}
        if places:
            cases.append(Case(question=row["question"], places=frozenset(places)))
    return cases


def own_items(data: Path) -> list[Item]:
    """The samples, the real article and the news pages."""
    return [
        *files(sorted(path for path in SAMPLES.iterdir() if path.suffix == ".md"), "samples"),
        *files(sorted((data.parent / "articles").iterdir()), "articles"),
        *files(sorted((data / "news_pages").rglob("*.html")), "news_pages"),
    ]


def desk_items() -> list[Item]:
    """The samples, and files as people have them: minutes, interviews, reports with tables, press releases, a policy."""
    return [
        *files(sorted(path for path in SAMPLES.iterdir() if path.suffix == ".md"), "samples"),
        *[
            Item(source=path.name, name=path.name, path=path)
            for path in sorted((QUESTIONS / "desk").iterdir())
        ],
    ]


def own(assistant: Assistant, name: str = "reading") -> list[Case]:
    """The questions of ``questions/NAME.jsonl``."""
    return [
        Case(question=asked["question"], places=_places(asked, assistant))
        for asked in _lines(QUESTIONS / f"{name}.jsonl")
    ]


def follow_ups(assistant: Assistant) -> list[Case]:
    """The conversations of ``questions/followups.jsonl``: the last question, after the first and its answer."""
    cases = []
    for asked in _lines(QUESTIONS / "followups.jsonl"):
        first, question = asked["turns"]
        history = (Turn(question=first, answer=assistant.ask(first).text),)
        cases.append(Case(question=question, places=_places(asked, assistant), history=history))
    return cases


def files(paths: Sequence[Path], folder: str) -> list[Item]:
    return [Item(source=f"{folder}/{path.name}", name=path.name, path=path) for path in paths]


def _places(asked: dict[str, Any], assistant: Assistant) -> frozenset[tuple[str, int]]:
    """Where the answering sentences of a line of ours stand; they are given by a few words of each."""
    texts = _texts(assistant)
    lines = [asked, *asked.get("also", [])]
    return frozenset(
        (str(line["document"]), at)
        for line in lines
        for words in line["answers"]
        for at in _found(texts.get(str(line["document"]), ""), words)
    )


def _texts(assistant: Assistant) -> dict[str, str]:
    return {record.source: assistant.index.texts.by_id(record.id) for record in assistant.index.records()}


def _found(text: str, words: str) -> list[int]:
    """Where the middle of these words stands in the text, whatever white space is between them."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    return [(match.start() + match.end()) // 2 for match in pattern.finditer(text)][:1]


def _advice(part: str, data: Path) -> list[dict[str, Any]]:
    paths = sorted((data / "omosqa").glob(f"{part}_*.jsonl"))
    return [line for path in paths for line in _lines(path)]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
