"""The folders given by ``--cases``: small failing inputs with what would be right in their ``case.md``, each tried as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.core import Assistant
from benchmarks.cases import opened
from benchmarks.fault_checks import Checked
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import SUFFIXES
from ingest.types import Item

KIND = "cases"
ANY = "*"  # any quote
# By folder: what is asked, and the words that a quote must have; none where it must be refused.
_ASKED: dict[str, tuple[tuple[str, str], ...]] = {
    "wrong-entity": (
        ("Wie viele Besucher zählte der Zoo Hannover?", ""), ("Wie viele Kinder kamen in der Klinik Ellerau zur Welt?", ""),
        ("How many emergency exits does the Gotthard tunnel have?", ""), ("Wie viele Sirenen blieben in Leipzig stumm?", ""),
        ("Was kostet ein Glühwein in Erfurt?", ""),
    ),
    "verb-forms": (("What did Finch buy?", "bought"), ("Was hat Reeder gefunden?", "fand"), ("What did the divers find?", "found")),
    "extra-words": (
        ("Ich möchte wissen, was der Parkausweis kostet.", "30,70"), ("Können Sie mir bitte sagen, was der Parkausweis kostet?", "30,70"),
        ("Was steht in den Dokumenten über den Parkausweis?", ANY),
    ),
    "length-as-duration": (("Wie lang ist die Tramlinie 7?", "Kilometer"), ("How long is the tram line 7?", "Kilometer")),
    "table-by-value": (("Welche Partei hat 15,3 Prozent?", "15,3"), ("Wer bekam 15,3 %?", "15,3")),
    "hidden-text": (("Was kostet der Klinikneubau in Treuwerd?", "Euro"),),
    "pdf-columns-by-row": (("Wer bestätigte die Schließung der Filiale in Ellerau?", "Lamprecht"),),
    "which-documents": (("Which documents mention Olbricht?", "Olbricht"), ("Welche Artikel sind vom Februar?", ANY)),
    "dates-and-latest": (("Was ist zuletzt über die Tram in Wiesenfurt berichtet worden?", ANY), ("What is the latest cost estimate for tram line 7?", ANY)),
    "interview-speakers": (("Who said 'The sea does not negotiate'?", "Adeyemi"), ("Was sagt Eggers über den Herdenschutzhund?", "Eggers")),
    "front-matter-colon": (),
    "language-of-refusal": (("Яка довжина моста?", ANY), ("Hoeveel kostte de sluis?", "kostte")),
}  # fmt: skip
_MATTER = re.compile(r"\b(?:title|date|language):")


def checks(work: Path, folder: Path) -> Iterator[Checked]:
    """Every folder below ``folder`` whose questions are known here, over its own files; the others hold none, and are tried by script."""
    for case in sorted(path for path in folder.iterdir() if path.is_dir()):
        if case.name not in _ASKED:
            continue
        paths = [
            path for path in sorted(case.rglob("*")) if path.suffix in SUFFIXES and path.name != "case.md"
        ]
        items = [Item(source=path.name, name=path.name, path=path) for path in paths]
        assistant = opened(work / "cases" / case.name, SentenceTransformerEmbedder(), items)
        yield from _tried(assistant, case.name)
        assistant.close()


def _tried(assistant: Assistant, name: str) -> Iterator[Checked]:
    texts = [assistant.index.texts.by_id(record.id) for record in assistant.index.records()]
    matter = [text[:60] for text in texts if _MATTER.match(text)]
    yield Checked(kind=KIND, name=f"{name}: no front matter is text", right=not matter, seen=str(matter))
    for question, wanted in _ASKED[name]:
        answer = assistant.ask(question)
        quotes = [citation.quote for citation in answer.citations]
        if wanted == ANY:
            right = bool(quotes)
        elif wanted:
            right = any(wanted in quote for quote in quotes)
        else:
            right = answer.refused
        yield Checked(
            kind=KIND, name=f"{name}: {question}", right=right, seen=str(quotes or answer.text[:120])
        )
