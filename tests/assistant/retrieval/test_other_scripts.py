"""Articles in Cyrillic and Greek letters, asked about in Latin ones and the other way round: found by spelling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from assistant.language.lexicon import shipped
from assistant.retrieval.probes import probes_of
from assistant.retrieval.query import understand
from assistant.retrieval.search import retrieve
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Item

ARTICLES: Mapping[str, str] = {
    "bridge": "У середу в Чернігові відкрили новий міст через Десну. Мер Владислав Кравчук сказав, що будівництво тривало "
    "два роки. За словами Кравчука, рух відновили о шостій ранку.",
    "theatre": "Режиссёр Алексей Щербаков поставил в Новосибирске новую оперу. Критик Наталья Жданова похвалила хор. "
    "Премьера Щербакова прошла при полном зале.",
    "harbour": "Ο δήμαρχος Γιώργος Παπαδόπουλος εγκαινίασε το λιμάνι της Καβάλας. Το έργο κόστισε λιγότερο από όσο "
    "περίμεναν.",
    "flood": "Die Elbe tritt in Dresden über die Ufer. Bürgermeister Schuster ließ zwei Brücken sperren.",
    "election": "Der Abgeordnete Krawczyk gewann in Tscherna die Wahl. Seine Gegnerin gratulierte ihm am Abend.",
    "museum": "The museum in Leeds opened a new wing. Its director, Papworth, thanked the donors.",
    "orchestra": "The orchestra of Novi Sad played in Sheffield. Its conductor was praised for a lively finale.",
}


@pytest.fixture(scope="module")
def index(embedder: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("scripts")
    items = []
    for name, text in ARTICLES.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        items.append(Item(source=str(path), name=path.name, path=path))
    with_articles = Index.open(folder / "data", embedder)
    ingest(items, with_articles, embedder, lambda path, name, _: load(path.read_bytes(), name))
    yield with_articles
    with_articles.close()


def first_by_spelling(
    question: str, language: str, index: Index, embedder: SentenceTransformerEmbedder
) -> str:
    """The name of the article whose passage the lexical half puts first."""
    query = understand(question, index.catalogue.languages, shipped(), language)
    hits = retrieve(query, probes_of(query, index, embedder), index, len(ARTICLES))
    return next((Path(hit.document.source).stem for hit in hits if hit.lexical_rank == 1), "")


@pytest.mark.parametrize(
    ("language", "question", "article"),
    [
        ("en", "What did Kravchuk say about the bridge?", "bridge"),
        ("de", "Was sagte Krawtschuk über die Brücke?", "bridge"),
        ("en", "What happened in Chernihiv?", "bridge"),
        ("de", "Was ist in Tschernihiw geschehen?", "bridge"),
        ("en", "Which opera did Shcherbakov stage?", "theatre"),
        ("de", "Was sagte Schtscherbakow?", "theatre"),
        ("de", "Wen lobte die Kritikerin Schdanowa?", "theatre"),
        ("en", "Which port did Papadopoulos open in Kavala?", "harbour"),
        ("uk", "Хто зіграв у Шеффілді?", "orchestra"),
    ],
)
def test_an_article_is_found_by_its_names_in_another_script(
    language: str, question: str, article: str, index: Index, embedder: SentenceTransformerEmbedder
) -> None:
    assert first_by_spelling(question, language, index, embedder) == article
    assert (
        index.texts.by_id(next(r.id for r in index.records() if Path(r.source).stem == article))
        == ARTICLES[article]
    )
