"""The questions of the benchmarks over texts that the project brings along: none of them is about the collection."""

from __future__ import annotations

import csv
import json
from pathlib import Path

QUESTIONS = Path(__file__).resolve().parents[2] / "benchmarks" / "questions"


def every_question() -> list[str]:
    """Those of all files but ``collection.tsv``."""
    asked: list[str] = []
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            asked += [case["question"]] if "question" in case else []
            asked += [turn["question"] for turn in case.get("history", []) if "question" in turn]
    for path in sorted((QUESTIONS / "faults").glob("*.tsv")):
        if path.stem != "collection":
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                asked += [row["question"] for row in rows if row.get("question")]
    return asked
