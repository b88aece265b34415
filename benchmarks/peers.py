"""How do other tools answer for the same collection: what is found, how fast, and what is left out without a word?

    python -m benchmarks.peers --work DIR [--data DIR] [--articles N] [--every N] [--only NAME ...]

XQuAD's paragraphs are hidden among German news (German collection) and among English texts (English collection). LangChain's
usual pipeline, its ensemble with BM25, LlamaIndex, Haystack's and txtai's hybrid search take the same texts, first with the
product's own embedding model (`peer_model.py` unpacks it for sentence-transformers), then with all-MiniLM-L6-v2, which they
take by default or their guides show; the product takes both, too. What each does is in `peer_pipelines.py`. Each runs in
an environment of its own, which is made in ``--work`` with the packages that it asks for, over those of this environment.

A question counts as answered at k where one of the first k chunks is of the right text and has the answer's words: the same
rule for all. `cut`: words of chunks that stand behind what the model reads, which nothing tells. Rates are without start-up.
Every run is a process of its own; its result is kept in ``--work``, and taken again where nothing of it has changed. What
fails is printed, and the others go on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import corpora, peer_model, peer_pipelines
from ingest.embedding.loading import english_folder
from ingest.settings import ENGLISH_MODEL, MULTILINGUAL_MODEL

OWN = "this product"
PACKAGES = {
    "langchain": ("langchain-chroma", "langchain-huggingface", "langchain-text-splitters"),
    "langchain-ensemble": ("langchain-classic", "langchain-community", "rank-bm25"),
    "llamaindex": ("llama-index-core", "llama-index-embeddings-huggingface"),
    "haystack": ("haystack-ai", "sentence-transformers-haystack"),
    "txtai": ("txtai",),
}
ENVIRONMENTS = {name: name.removesuffix("-ensemble") for name in PACKAGES}  # the first two share one
# By collection: the language of its paragraphs, and those of the questions.
COLLECTIONS = {"German": ("de", ("en", "de")), "English": ("en", ("de",))}
LIMIT = 3 * 3600  # seconds that one run may take


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOf:
    """A question about a text of a collection, and the words that answer it."""

    text: str
    document: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerCollection:
    """Texts by their names, and questions by the language that they are in."""

    texts: Mapping[str, str]
    asked: Mapping[str, tuple[AskedOf, ...]]


def collection(language: str, asked: Sequence[str], options: argparse.Namespace) -> PeerCollection:
    data, around = options.data, corpora.news if language == "de" else corpora.english
    texts = {f"around-{number:04}": text for number, text in enumerate(around(data)[: options.articles])}
    texts |= {f"xquad-{number:04}": text for number, text in enumerate(corpora.paragraphs(language, data))}
    answers = corpora.answers(language, data)
    questions = {
        name: tuple(
            AskedOf(text=one.text, document=f"xquad-{one.paragraph:04}", answer=answers[one.id])
            for one in corpora.questions(name, data, answers=language)[:: options.every]
        )
        for name in asked
    }
    return PeerCollection(texts=texts, asked=questions)


def rank_of(found: Sequence[Sequence[str]], asked: AskedOf) -> int:
    """At which place the first chunk stands that answers, from 1 on; 0 where none does."""
    wanted = _folded(asked.answer)
    places = (
        place
        for place, (document, text) in enumerate(found, 1)
        if document == asked.document and wanted in _folded(text)
    )
    return next(places, 0)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def environment(name: str, work: Path) -> Path:
    """The interpreter of the environment in which ``name`` runs, made where there is none. The packages here are seen in it, too."""
    shared = ENVIRONMENTS[name]
    folder = work / "environments" / shared
    python = folder / "bin" / "python"
    if not (folder / "complete").is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", folder], check=True)
        own = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        Path(own, "shared.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        wanted = [
            package for peer, ones in PACKAGES.items() if ENVIRONMENTS[peer] == shared for package in ones
        ]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
        (folder / "complete").touch()
    return python


def run(name: str, model: str, texts: PeerCollection, options: argparse.Namespace) -> dict[str, Any]:
    """The result of one pipeline with one model over one collection."""
    work = options.work
    asked = {language: [one.text for one in ones] for language, ones in texts.asked.items()}
    own = model == MULTILINGUAL_MODEL
    job = {
        "pipeline": name,
        "model": model
        if name == OWN
        else str(peer_model.unpack(work / "model"))
        if own
        else english_folder(),
        "prefixes": ["query: ", "passage: "] if own else ["", ""],
        "texts": dict(texts.texts),
        "asked": asked,
    }
    digest = hashlib.sha256(json.dumps(job).encode() + _source(name)).hexdigest()[:16]
    result = work / "results" / f"{digest}.json"
    if not result.is_file():
        result.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work) as folder:
            path, answer = Path(folder) / "job.json", Path(folder) / "result.json"
            path.write_text(json.dumps({**job, "folder": str(Path(folder) / "store")}), encoding="utf-8")
            if name == OWN:
                command = [sys.executable, "-m", "benchmarks.peer_product", path, answer]
            else:
                command = [environment(name, work), "-P", peer_pipelines.__file__, path, answer]
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
            if done.returncode:
                raise RuntimeError("\n".join(done.stderr.strip().splitlines()[-3:]))
            answer.replace(result)
    found: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return found


def _source(name: str) -> bytes:
    path = Path(peer_pipelines.__file__)
    own = path.with_name("peer_product.py").read_bytes() if name == OWN else b""
    return path.read_bytes() + own


def recalls(result: Mapping[str, Any], asked: Mapping[str, Sequence[AskedOf]]) -> dict[str, str]:
    """R@1, 5 and 10 by the language of the questions."""
    rows = {}
    for language, ones in asked.items():
        ranks = [rank_of(found, one) for found, one in zip(result["found"][language], ones, strict=True)]
        rows[language] = " / ".join(
            f"{sum(0 < rank <= k for rank in ranks) / len(ranks):.3f}" for k in (1, 5, 10)
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True, help="where environments and results are kept")
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--every", type=int, default=4, help="ask every Nth question")
    parser.add_argument("--only", nargs="+", choices=[OWN, *PACKAGES], default=[OWN, *PACKAGES])
    options = parser.parse_args()
    options.work = options.work.resolve()
    collections = {
        name: collection(language, asked, options) for name, (language, asked) in COLLECTIONS.items()
    }
    for name, one in collections.items():
        print(
            f"# {name} collection: {len(one.texts)} texts, {[len(asked) for asked in one.asked.values()]} questions"
        )
    sample = [text[:1500] for text in list(collections["German"].texts.values())[-30:]]
    alike, cosine = peer_model.agreement(peer_model.unpack(options.work / "model"), sample)
    print(
        f"# unpacked model: {alike:.0%} of {len(sample)} texts cut into the same tokens, least cosine {cosine:.4f}\n"
    )
    print(
        "| tool | model | English on German, R@1 / 5 / 10 | German on German | German on English | texts/s"
        " | ms a question | processor ms | peak MB | chunks | words cut |\n" + "|---" * 11 + "|"
    )
    for model in (MULTILINGUAL_MODEL, ENGLISH_MODEL):
        for name in options.only:
            try:
                results = {key: run(name, model, one, options) for key, one in collections.items()}
            except (RuntimeError, subprocess.SubprocessError) as error:
                print(f"| {name} | {model} | failed: {' '.join(str(error).split())[-300:]} |", flush=True)
                continue
            print(_row(name, model, results, collections), flush=True)


def _row(name: str, model: str, results: Mapping[str, Any], collections: Mapping[str, PeerCollection]) -> str:
    shares = {key: recalls(result, collections[key].asked) for key, result in results.items()}
    german, both = results["German"], list(results.values())
    lost, words = sum(one["lost"] for one in both), sum(one["words"] for one in both)
    cells = [
        name,
        model.removeprefix("sentence-transformers/"),
        shares["German"]["en"],
        shares["German"]["de"],
        shares["English"]["de"],
        f"{len(collections['German'].texts) / german['adding']:.2f}",
        f"{statistics.median(german['milliseconds']):.0f}",
        f"{statistics.median(german['processor']):.0f}",
        f"{german['peak']:.0f}",
        f"{german['chunks']:,}",
        f"{lost / words:.1%}" if words else "-",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
