"""Are the faults gone that readers of such tools report: other verb forms, harmless words, another's facts, interviews?

    python -m benchmarks.faults [--work DIR] [--only KIND] [--show]

Articles and questions of our own (``questions/faults/``), among the samples that ship. Each kind is asked by script:

| kind | what is asked | right |
|---|---|---|
| plain | 40 questions, German and English, eight of them over texts in the other language | the answering sentence is quoted |
| words | the same in 60 frames of politeness and filler words, four questions in each | the same |
| verbs | 70 questions in another form of an irregular verb than the text has | the same |
| entity | the plain questions about somebody or something else, which no document names | refused |
| tables | 60 questions by a table's value, or by its row and column | the row is quoted |
| compounds | 15 with a short word that the text has in a compound | the answering sentence is quoted |
| typos | 30 with a misspelt word | the same |
| columns | 30 over PDFs whose columns are drawn line by line across the page | the same |
| turns | questions about what speakers of interviews and lists of questions say | the same, and no question quoted |
| collection | 42 questions about the documents themselves | the documents that fit are listed, counted, given in short or compared, and no other |
| not collection | 25 that only look so | not taken for one |

The groups of ``fault_checks`` are rows of a second table: hidden text, front matter, folders, addresses, doors (half characters,
names), lengths, languages, follow-ups, and with ``--cases DIR`` folders of failing inputs. ``--before FILE`` takes what an
earlier version has printed, for a column beside.

First: the first quote has the answer. Quotes: how many there are where it is quoted. ``--show`` prints what was not right.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.retrieval.question_type import is_question
from assistant.types import Answer
from benchmarks.cases import QUESTIONS, SAMPLES, files, opened
from benchmarks.fault_checks import groups
from benchmarks.fault_samples import documents, made
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.privacy import quiet
from ingest.types import Item

FAULTS = QUESTIONS / "faults"
TITLES = {"de": "Notizen aus dem Tal", "en": "Notes from the valley"}
SENTENCES = 10  # of a document made of the verbs' sentences
COLLECTION = ("collection", "not collection")
EACH = 4  # questions in each frame


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultQuestion:
    """A question and the words that a quote must have; none where it must be refused."""

    kind: str
    language: str
    question: str
    answer: str
    listing: str = (
        ""  # the kind of answer from the catalogue; then ``answer`` names the documents, or none for all
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultAnswer:
    sample: FaultQuestion
    answer: Answer

    @property
    def quoted(self) -> bool:
        return any(self._has(citation.quote) for citation in self.answer.citations)

    @property
    def first(self) -> bool:
        return self.quoted and self._has(self.answer.citations[0].quote)

    @property
    def right(self) -> bool:
        if self.sample.kind in COLLECTION:
            return self._lists
        if not self.sample.answer:
            return self.answer.refused
        asked_back = self.sample.kind == "turns" and any(is_question(c.quote) for c in self.answer.citations)
        return self.quoted and not asked_back

    @property
    def _lists(self) -> bool:
        """Whether the answer is from the catalogue if it should be, of that kind and about those documents only."""
        listing = self.answer.listing
        if listing is None or self.answer.refused:
            return listing is None and not self.sample.listing
        wanted = set(filter(None, self.sample.answer.split("|")))
        cited = {citation.document.source.rpartition("/")[2] for citation in self.answer.citations}
        return listing.kind == self.sample.listing and cited == wanted

    def _has(self, quote: str) -> bool:
        return " ".join(self.sample.answer.split()) in " ".join(quote.split())


def rows(name: str) -> list[dict[str, str]]:
    """The lines of a table of ``questions/faults``."""
    with (FAULTS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def samples() -> Iterator[FaultQuestion]:
    """Everything that is asked."""
    questions = rows("questions")
    for asked in questions:
        yield FaultQuestion(
            kind="plain", language=asked["language"], question=asked["question"], answer=asked["answer"]
        )
        for other in asked["others"].split("|"):
            swapped = asked["question"].replace(asked["entity"], other)
            yield FaultQuestion(kind="entity", language=asked["language"], question=swapped, answer="")
    for language in TITLES:
        own = [asked for asked in questions if asked["language"] == language]
        frames = [line["frame"] for line in rows("frames") if line["language"] == language]
        for number, frame in enumerate(frames):
            for step in range(EACH):
                asked = own[(number * EACH + step) % len(own)]
                framed = frame.format(clause=asked["clause"], question=asked["question"])
                yield FaultQuestion(kind="words", language=language, question=framed, answer=asked["answer"])
    for line in rows("verbs"):
        yield FaultQuestion(
            kind="verbs", language=line["language"], question=line["question"], answer=line["sentence"]
        )
    for line in rows("turns"):
        yield FaultQuestion(
            kind="turns", language=line["language"], question=line["question"], answer=line["answer"]
        )
    for line in rows("collection"):
        yield FaultQuestion(
            kind=COLLECTION[not line["kind"]],
            language=line["language"],
            question=line["question"],
            answer=line["answer"] or "",
            listing=line["kind"] or "",
        )
    for kind, language, question, answer in made():
        yield FaultQuestion(kind=kind, language=language, question=question, answer=answer)


def items(folder: Path) -> list[Item]:
    """The samples that ship, the articles, and documents made of the verbs' sentences."""
    folder.mkdir(parents=True, exist_ok=True)
    sentences_of_verbs = []
    for language, title in TITLES.items():
        sentences = [line["sentence"] for line in rows("verbs") if line["language"] == language]
        for number in range(0, len(sentences), SENTENCES):
            path = folder / f"{language}-{number:02}.md"
            path.write_text(
                f"# {title} {number // SENTENCES + 1}\n\n{' '.join(sentences[number : number + SENTENCES])}\n",
                encoding="utf-8",
            )
            sentences_of_verbs.append(path)
    shipped = sorted(path for path in SAMPLES.iterdir() if path.suffix == ".md")
    articles = sorted(path for path in FAULTS.iterdir() if path.suffix in (".md", ".txt"))
    return [
        *files(shipped, "samples"),
        *files(articles, "faults"),
        *files(sentences_of_verbs, "verbs"),
        *files(documents(folder), "made"),
    ]


def row(name: str, results: list[FaultAnswer]) -> str:
    answered = [result for result in results if result.sample.answer and result.sample.kind not in COLLECTION]
    quotes = [len(result.answer.citations) for result in answered if result.quoted]
    figures = [
        _share(result.right for result in results),
        _share(result.first for result in answered),
        _share(result.answer.refused for result in answered),
        sum(quotes) / len(quotes) if quotes else float("nan"),
    ]
    return f"| {name} | {len(results)} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |"


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else float("nan")


def _asked(work: Path, only: list[str]) -> list[FaultAnswer]:
    """What comes of the questions of these kinds, of all where there are none."""
    assistant = opened(work / "faults", SentenceTransformerEmbedder(), items(work / "texts"))
    results = [
        FaultAnswer(sample=sample, answer=assistant.ask(sample.question))
        for sample in samples()
        if not only or sample.kind in only
    ]
    assistant.close()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, help="keep the index here (default: a temporary folder)")
    parser.add_argument("--only", default="", help="only these kinds, parted by commas")
    parser.add_argument("--cases", type=Path, help="folders of failing inputs, each tried too")
    parser.add_argument("--before", type=Path, help="what this script has printed with an earlier version")
    parser.add_argument("--show", action="store_true", help="print what was not right")
    options = parser.parse_args()
    only = [kind for kind in options.only.split(",") if kind]
    quiet()
    with tempfile.TemporaryDirectory() as name:
        work = options.work or Path(name)
        checked = (
            list(groups.tried(only, work, options.cases)) if not only or set(only) & set(groups.NAMES) else []
        )
        results = _asked(work, only) if not only or set(only) - set(groups.NAMES) else []
    if results:
        print("| kind | questions | right | first | refused | quotes |\n|---|---|---|---|---|---|")
    for kind in dict.fromkeys(result.sample.kind for result in results):
        for language in TITLES:
            some = [r for r in results if (r.sample.kind, r.sample.language) == (kind, language)]
            if some:
                print(row(f"{kind}, {language}", some))
    if checked:
        before = groups.shares(options.before.read_text("utf-8").splitlines()) if options.before else {}
        print("\n| kind | samples | right before | right |\n|---|---|---|---|")
        print("\n".join(groups.rows(checked, before)))
    for one in checked:
        if options.show and not one.right:
            print(f"\n{one.kind}: {one.name}\n  {one.seen}")
    for result in results:
        if options.show and not result.right:
            quotes = [citation.quote for citation in result.answer.citations]
            print(
                f"\n{result.sample.kind}: {result.sample.question} [{result.sample.answer}]\n  {quotes or 'refused'}"
            )


if __name__ == "__main__":
    main()
