"""How long a thing is, and how long something takes, where one article says both: the sentence of the kind asked for is quoted first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases import files, opened
from benchmarks.fault_checks import Checked
from ingest.embedding.models import SentenceTransformerEmbedder

KIND = "lengths"
# The thing with its article, its length, how long work on it took; what is asked of both.
_GERMAN = (
    ("Der Tunnel von Ostrau", "3,4 Kilometer", "neun Jahre", "der Tunnel von Ostrau"), ("Die Brücke bei Kallin", "640 Meter", "18 Monate", "die Brücke bei Kallin"),
    ("Der Radweg nach Tornau", "12 Kilometer", "zwei Jahre", "der Radweg nach Tornau"), ("Das Wehr in Dorla", "85 Meter", "acht Wochen", "das Wehr in Dorla"),
    ("Die Mole von Wernau", "1,2 Kilometer", "fünf Jahre", "die Mole von Wernau"), ("Der Zaun um Sellnitz", "9 Kilometer", "vier Monate", "der Zaun um Sellnitz"),
    ("Die Rutsche in Brenkhof", "96 Meter", "elf Wochen", "die Rutsche in Brenkhof"), ("Der Kanal bei Moorbach", "27 Kilometer", "sechs Jahre", "der Kanal bei Moorbach"),
)  # fmt: skip
_ENGLISH = (
    ("The tunnel of Henning", "2.1 miles", "seven years"), ("The pier of Pellworth", "480 metres", "14 months"),
    ("The wall around Exbury", "5 kilometres", "three years"), ("The canal near Tarn", "31 miles", "ten years"),
    ("The bridge of Carrick", "720 feet", "20 weeks"), ("The fence at Fenmoor", "8 miles", "two months"),
    ("The runway of Ashwick", "1.9 kilometres", "five weeks"), ("The dyke of Northhaven", "14 kilometres", "six years"),
)  # fmt: skip


def checks(work: Path) -> Iterator[Checked]:
    """Both questions about each thing; in ``work`` is the index."""
    texts = [
        f"{thing} ist {length} lang. Die Arbeiten dauerten {time}. Gefeiert wird im Mai."
        for thing, length, time, _ in _GERMAN
    ] + [
        f"{thing} is {length} long. The work took {time}. There will be a party in May."
        for thing, length, time in _ENGLISH
    ]
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for number, text in enumerate(texts):
            path = Path(name) / f"{number:02}.txt"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        assistant = opened(work / "lengths", SentenceTransformerEmbedder(), files(paths, "lengths"))
    asked = [
        ("de", question, answer)
        for _, length, time, thing in _GERMAN
        for question, answer in (
            (f"Wie lang ist {thing}?", length),
            (f"Wie lange dauerten die Arbeiten für {thing}?".replace("für der ", "für den "), time),
        )
    ] + [
        ("en", question, answer)
        for thing, length, time in _ENGLISH
        for question, answer in (
            (f"How long is {thing[0].lower()}{thing[1:]}?", length),
            (f"How long did the work on {thing[0].lower()}{thing[1:]} take?", time),
        )
    ]
    for language, question, answer in asked:
        quotes = [citation.quote for citation in assistant.ask(question).citations]
        right = bool(quotes) and answer in quotes[0]
        yield Checked(kind=KIND, name=question, right=right, seen=str(quotes), language=language)
    assistant.close()
