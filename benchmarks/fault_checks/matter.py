"""Front matter as people write it, valid YAML or not: title and date are read, and none of it is text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.fault_checks import Checked
from ingest.loaders import load

KIND = "front matter"
DAY = date(2025, 3, 12)
BODY = "Der Stadtrat von Ostrau berät am Mittwoch über den Haushalt."
# Headlines as they stand behind "title: ", and as readers see them where that differs.
_TITLES = (
    ("Interview: „Das Meer verhandelt nicht“", ""), ("Haushalt 2025: Ostrau spart", ""), ("Wer zahlt? Eine Frage: viele Antworten", ""),
    ("\"Wir bleiben\": Streik in Ostrau", ""), ("'Never again': the vote", ""), ("@ostrau: was das Netz sagt", ""),
    ("`make` für alle", ""), ("%-Rechnung: so geht es", ""), ("[Update] Brücke gesperrt", ""), ("{Serie} Teil 3: Wasser", ""),
    ("*Eilmeldung*: Brücke gesperrt", ""), ("& Co: die Erben", ""), ("!Achtung! Glatteis", ""), ("| Ostrau | Tag 1", ""),
    ("> Zitat des Tages", ""), ("- Spaltung: ein Dorf", ""), ("? Rätsel der Woche", ""), ("12:30", ""), ("No", ""), ("2024", ""),
    ("Rate: 50 % mehr: Ostrau", ""), ('"Interview: Wasser"', "Interview: Wasser"), ("'Interview: Wasser'", "Interview: Wasser"),
    ("Tab\tund: Doppelpunkt", ""), ("Ostrau, Teil 2, wird teurer: warum", ""), ("Mayor: “We will: not”", ""),
)  # fmt: skip
# How the lines stand; `{}` is the title.
_LAYOUTS = (
    "---\ntitle: {}\ndate: 2025-03-12\n---\n", "---\ndate: 2025-03-12\nauthor: Eva Roth\ntitle: {}\n---\n\n",
    "---\r\ntitle: {}\r\ndate: 2025-03-12\r\ntags: [a, b]\r\n---\r\n", "\ufeff---\ntitle: {}\npublished: 2025-03-12\nlanguage: de\n...\n",
)  # fmt: skip


def checks(work: Path) -> Iterator[Checked]:
    """Every headline in every layout. Nothing is written."""
    for title, read in _TITLES:
        for layout in _LAYOUTS:
            content = load((layout.format(title) + BODY + "\n").encode(), "a.md")
            wanted = " ".join((read or title).split())
            right = (" ".join(content.title.split()), content.published, content.text.strip()) == (
                wanted,
                DAY,
                BODY,
            )
            seen = f"{content.title!r}, {content.published}, {content.text[:80]!r}"
            yield Checked(kind=KIND, name=repr(layout.format(title)), right=right, seen=seen)
