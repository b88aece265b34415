"""Second questions of a conversation: pronouns, ellipsis, another topic, and what the documents do not say.

``questions/faults/conversations.tsv`` has the turns; answers to those of the half "seen" were looked at while rules were
made, those of the half "kept" only counted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from assistant.core import Assistant
from assistant.types import Turn
from benchmarks.cases import QUESTIONS, SAMPLES, files, opened
from benchmarks.fault_checks import Checked
from ingest.embedding.models import SentenceTransformerEmbedder

KIND = "follow-ups"
FAULTS = QUESTIONS / "faults"


def checks(work: Path) -> Iterator[Checked]:
    """Every conversation over the articles of our own, among the samples; in ``work`` is the index."""
    shipped = sorted(path for path in SAMPLES.iterdir() if path.suffix == ".md")
    articles = sorted([*FAULTS.glob("*.md"), *(FAULTS / "turns").iterdir()])
    items = [*files(shipped, "samples"), *files(articles, "faults")]
    assistant = opened(work / "followups", SentenceTransformerEmbedder(), items)
    with (FAULTS / "conversations.tsv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield _asked(assistant, line)
    assistant.close()


def _asked(assistant: Assistant, line: dict[str, str]) -> Checked:
    first = assistant.ask(line["first"])
    answer = assistant.ask(line["second"], (Turn(question=line["first"], answer=first.text),))
    quotes = [" ".join(citation.quote.split()) for citation in answer.citations]
    found = any(line["answer"] in quote for quote in quotes) if line["answer"] else answer.refused
    right = found and answer.language == line["language"]
    seen = f"{answer.searched} {quotes or answer.text[:120]}"
    name = f"{line['first']} {line['second']}"
    return Checked(
        kind=f"{KIND}, {line['half']}", name=name, right=right, seen=seen, language=line["language"]
    )
