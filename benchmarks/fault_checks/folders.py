"""Folders with files of other formats, through the command: what is skipped is counted and named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from benchmarks.fault_checks import Checked
from ingest.cli import main
from ingest.loaders import SUFFIXES

KIND = "folders"
_NAMED = 8  # formats that a line names
# In each folder: the names of files that are read, and of those that are not.
_FOLDERS = (
    ("a.md", "b.doc"), ("a.md b.html", "c.doc d.odt e.rtf"), ("a.txt", "b.odp c.odp d.odp"), ("a.md", "x.xlsx y.XLSX"),
    ("tief/a.md", "tief/b.doc"), ("a.md tief/tiefer/b.txt", "tief/tiefer/c.epub README"), ("a.HTM", "b.DOC c.Doc"),
    ("a.md", "ohne-endung"), ("a.md", "b.csv c.ods d.xml e.yaml f.tsv g.log h.ini i.cfg j.toml"), ("a.md", "Brief.pages Zahlen.numbers"),
    ("a.markdown", "b.md.bak"), ("a.text", "b.docm c.dotx"), ("a.md", "Bild.PNG Foto.jpeg Film.mp4"), ("a.md", "ü ä.wpd"),
    ("a.md b.md c.md", "d.tex"), ("a.md", "archiv.rar archiv.tar.gz"), ("a.md", ""),
)  # fmt: skip


def checks(work: Path) -> Iterator[Checked]:
    """Each folder, with lines for people and as JSON; the embedding model is the one configured."""
    for number, (read, others) in enumerate(_FOLDERS):
        skipped = " ".join(name for name in others.split() if Path(name).suffix.lower() not in SUFFIXES)
        folder = work / f"folder-{number}"
        for name in [*read.split(), *skipped.split()]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(
                f"Der Steg Nummer {number} in Ostrau ist fertig, sagt {name}.", "utf-8"
            )
        kinds = Counter(Path(name).suffix.lower() or "without suffix" for name in skipped.split())
        for as_json in (False, True):
            said = run(str(folder), *(["--json"] if as_json else []))
            right = _json_right(said, kinds) if as_json else _line_right(said, kinds)
            yield Checked(
                kind=KIND, name=f"{read} | {skipped}{' --json' * as_json}", right=right, seen=said[-300:]
            )


def run(*arguments: str) -> str:
    """What the command writes."""
    output, errors = StringIO(), StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        main(arguments)
    return output.getvalue() + errors.getvalue()


def _json_right(said: str, kinds: Counter[str]) -> bool:
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    summary = lines[-1].get("summary", {}) if lines else {}
    return summary.get("skipped") == kinds.total() and Counter(summary.get("skipped_formats", {})) == kinds


def _line_right(said: str, kinds: Counter[str]) -> bool:
    named = sum(f"{kind} {number}" in said for kind, number in kinds.items())
    return named == min(_NAMED, len(kinds)) and (f"{kinds.total()} skipped" in said) == bool(kinds)
