"""What is found, whatever the language asked in, and whichever release has stored the passages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.retrieval import search
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.chroma_client import local_client
from ingest.store.index import Index
from tests.ingest.store.test_index import add
from tests.support.server import BRIDGE

GERMAN = {
    "pension": "Der Bundestag beriet über die Rente. Die Ministerin verteidigte die Haltelinie. Die Opposition sprach von "
    "einer Last für die Jungen.",
    "vineyard": "Die Weinlese an der Mosel beginnt in diesem Jahr schon im August. Die Winzer klagen über Sonnenbrand an den "
    "Trauben. Der Ertrag liegt ein Fünftel unter dem Mittel.",
    "tram": "Die neue Straßenbahn in Ulm fährt vom Bahnhof zur Klinik. An den Wochenenden kommt sie alle zehn Minuten. "
    "Die Anwohner beschweren sich über das Quietschen in den Kurven.",
    "theatre": "Das Schauspielhaus zeigt den Faust als Puppenspiel. Die Regisseurin verzichtet auf Musik. Das Publikum "
    "klatschte eine Viertelstunde lang.",
    "school": "An der Gesamtschule in Kassel fehlen sieben Lehrer. Der Unterricht in Physik fällt seit Ostern aus. Der "
    "Elternrat hat an das Ministerium geschrieben.",
    "dam": "Die Talsperre ist nach dem Regen zu neunzig Prozent gefüllt. Im Vorjahr war es um diese Zeit die Hälfte. Das "
    "Wasserwerk hebt das Verbot auf, Gärten zu sprengen.",
    "robbery": "Unbekannte haben in der Nacht den Tresor eines Juweliers aufgebrochen. Sie entkamen mit Uhren. Die Polizei "
    "sucht einen grauen Lieferwagen.",
    "goalkeeper": "Der Torwart der Eintracht hat seinen Vertrag verlängert. Er bleibt drei weitere Jahre. Ein Angebot aus "
    "Italien lehnte er ab, weil seine Kinder hier zur Schule gehen.",
    "clinic": "Das Krankenhaus schließt seine Geburtsstation. Schwangere müssen künftig vierzig Kilometer fahren. Der "
    "Landrat nennt das unverantwortlich.",
    "forest": "Im Harz sterben die Fichten. Der Borkenkäfer hat sich nach drei trockenen Sommern vermehrt. Förster pflanzen "
    "nun Ahorn und Elsbeere.",
}
ENGLISH = {
    "bees": "A beekeeper from Kent has taken a nursery to court. She says that its pesticides poisoned her hives. The "
    "nursery replied that it had sprayed at night only.",
    "chess": "A girl of eleven became the youngest grandmaster in the history of the game. She learned the moves from her "
    "grandmother. Her next tournament is in Oslo.",
    "volcano": "Lava reached the outskirts of the fishing town on Sunday. All inhabitants had been taken to safety the day "
    "before. Geologists expect the eruption to last for weeks.",
    "whale": "A stranded whale was pulled back into deep water by volunteers. It took them nine hours. A vet said that the "
    "animal was thin and had swallowed a net.",
    "strike": "Train drivers walk out for two days from Wednesday. They ask for a shorter week at the same pay. The company "
    "calls the demand absurd.",
    "satellite": "The satellite fell into the Pacific after its engine had failed. Insurers will pay the operator half a "
    "billion dollars. A second one is being built.",
    "coffee": "Coffee costs more than it has for fifty years. Frost destroyed much of the harvest in Brazil. Roasters say "
    "that they have no choice but to pass the rise on.",
    "painting": "A painting that hung in a kitchen for decades turned out to be by a Florentine master. Its owner wanted to "
    "throw it away when she moved. It was sold for twenty-four million.",
    "marathon": "The winner of the marathon was disqualified. He had taken a bus for six miles. He apologised and gave the "
    "medal back.",
    "bakery": "The last bakery on the island has shut. The baker is eighty-one, and his knees hurt. Bread now comes by ferry, "
    "when the sea is calm.",
}


def opened(folder: Path, embedder: SentenceTransformerEmbedder) -> Assistant:
    return Assistant(Index.open(folder / "data", embedder), embedder)


@pytest.fixture(scope="module")
def bilingual(
    embedder: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The assistant over as many articles in German as in English, none of them about what another is about."""
    folder = tmp_path_factory.mktemp("bilingual")
    assistant = opened(folder, embedder)
    add(assistant.index, embedder, folder / "in", **GERMAN, **ENGLISH)
    assert assistant.index.catalogue.languages == {"de": len(GERMAN), "en": len(ENGLISH)}
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Weshalb hat die Imkerin geklagt?", "bees"),
        ("Wer hat dem Mädchen das Spiel beigebracht?", "chess"),
        ("Wohin kamen die Leute, als der Berg ausbrach?", "volcano"),
        ("Warum gibt es auf der Insel kein frisches Brot mehr?", "bakery"),
        ("Was fordern die Lokführer?", "strike"),
        ("Why does the keeper not want to move abroad?", "goalkeeper"),
        ("How far must pregnant women drive now?", "clinic"),
        ("Which trees will replace those that the insects have killed?", "forest"),
        ("What are the thieves driving?", "robbery"),
        ("How long did the audience applaud?", "theatre"),
    ],
)
def test_the_article_that_answers_is_found_though_the_others_are_in_the_language_asked(
    question: str, article: str, bilingual: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "POOL", 3)  # else all twenty were candidates, as not all of many passages are
    found = [Path(hit.document.source).stem for hit in bilingual.search(question, 3)]
    assert article in found


def forget_sentences(folder: Path, embedder: SentenceTransformerEmbedder) -> int:
    """Store all passages as earlier releases did, which knew nothing of sentences; how many there are."""
    client = local_client(folder / "data" / "chroma")
    passages = client.get_collection(f"passages-{embedder.fingerprint}", embedding_function=None)
    rows = passages.get(include=["embeddings", "documents", "metadatas"])
    passages.delete(ids=rows["ids"])
    known = ("document_id", "version", "start", "end", "page", "heading")
    passages.add(
        ids=rows["ids"],
        embeddings=rows["embeddings"],
        documents=rows["documents"],
        metadatas=[{name: data[name] for name in known} for data in rows["metadatas"]],
    )
    client.close()
    return len(rows["ids"])


def test_passages_of_earlier_releases_answer_as_those_of_this_one(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    question = "How long was the bridge at Remagen?"
    assistant = opened(tmp_path, embedder)
    add(assistant.index, embedder, tmp_path / "in", bridge=BRIDGE, **ENGLISH)
    now = assistant.ask(question)
    assistant.close()
    assert forget_sentences(tmp_path, embedder) == len(ENGLISH) + 1
    assistant = opened(tmp_path, embedder)
    try:
        assert (
            assistant.index.search.sentence_vectors([hit.passage.id for hit in assistant.search(question)])
            == {}
        )
        answer = assistant.ask(question)
        assert any("325 metres" in citation.quote for citation in answer.citations)
        for citation in answer.citations:
            text = assistant.index.texts.by_id(citation.document.id)
            assert text[citation.start : citation.end] == citation.quote
        assert answer.text == now.text
    finally:
        assistant.close()
