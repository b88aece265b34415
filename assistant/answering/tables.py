"""Rows of tables that answer by themselves, by words and numbers alone: the reader has learned from running text.

A question gives a value and asks whose it is ("Who got 15.3 %?"), or it names a row and a column ("How many seats has the SPD?").
A loader writes a row as one line, its cells parted by a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.evidence import Sentence, surroundings
from assistant.language.matching import NAME_HELD, Vocabulary, coverage, match_score, vocabulary
from assistant.language.words import Word
from assistant.retrieval.query import Query
from ingest.text.folding import fold, is_number, words
from ingest.text.table_rows import YEAR, cells_of, rows_above

# The least share of the question's other words that the row and what stands around it must have.
COVERED = 0.7
# How likely a row that fits answers, and by how much its odds lead.
SURE, LEAD = 0.9, 4.0
# What counts beside the question's words: that the column of the value is asked for.
IN_COLUMN = 0.5
# Verbs that say no more than that somebody has a value, and units: a table does without them.
_HAVING = frozenset(
    fold(word)
    for word in words(
        "bekam bekommen bekommt erhielt erhalten erhält hat haben hatte hatten gehabt erreichte erreicht erreichen errang errungen "
        "gewann gewonnen gewinnen holte geholt holen erzielte erzielt erzielen zählt zählte gezählt zählen kam kommt kommen kamen "
        "kostet kostete kosten liegt lag liegen verzeichnete verzeichnet weist wies betrug beträgt gehört gehören entfallen entfiel "
        "got get gets gotten had have has received receive receives won win wins scored score scores reached reach reaches "
        "recorded record records counted count counts took take takes gained gain gains came come comes earned earn earns "
        "prozent percent euro euros dollar dollars pfund pound pounds "  # which a table's heading may say once for all, or a sign
        "cost costs show shows showed reported report reports registered register registers hold holds held belong belongs"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row with the first one of its table, which is empty where it is that itself."""

    cells: tuple[str, ...]
    header: tuple[str, ...]

    def column(self, number: int) -> str:
        return self.header[number] if number < len(self.header) else ""


def with_rows(query: Query, ranked: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with the rows that answer first; as they were where none does, or running text fits better."""
    scores = {number: fit for number, one in enumerate(ranked) if (fit := _fit(query, one)) is not None}
    most = max(scores.values(), default=0.0)
    if not scores or most < max((_fit_of_text(query, one) for one in ranked), default=0.0):
        return list(ranked)
    best = [number for number, fit in scores.items() if fit >= most - 1e-6]
    top = max(1.0, ranked[0].score) + LEAD
    likely = None if ranked[0].probability is None else SURE
    rows = [replace(ranked[number], score=top, probability=likely) for number in best]
    return [*rows, *(one for number, one in enumerate(ranked) if number not in best)]


def _row(sentence: Sentence) -> TableRow | None:
    cells = cells_of(sentence.text)
    if not cells:
        return None
    passage = sentence.hit.passage
    at = sentence.start - passage.start
    above = rows_above(passage.text, at)
    goes_on = passage.columns and len(above) == passage.text.count("\n", 0, at)
    return TableRow(cells=cells, header=cells_of(passage.columns) if goes_on else above[0] if above else ())


def _fit(query: Query, sentence: Sentence) -> float | None:
    """How well a row fits the question, by the share of its words; None for what is no row, or does not answer."""
    row = _row(sentence)
    if row is None:
        return None
    language = sentence.hit.language
    around = vocabulary(surroundings(sentence), language)
    columns = [vocabulary(cell, language) for cell in row.cells]
    headers = [vocabulary(row.column(number), language) for number in range(len(row.cells))]
    others = [word for word in query.words if fold(word.text) not in _HAVING]
    if not all(match_score(word, around) >= NAME_HELD for word in others if word.name):
        return None
    if coverage(others, around) < COVERED:
        return None
    asked = _of_value(others, columns, headers) or _of_key(others, columns, headers)
    own = vocabulary(" ".join((*row.cells, *row.header)), language)
    return coverage(query.words, own) + asked if asked else None


def _of_value(asked: Sequence[Word], cells: Sequence[Vocabulary], headers: Sequence[Vocabulary]) -> float:
    """More than 0 where a number of the question stands in a cell; more in a column that is asked for."""
    values = [word for word in asked if _is_value(word)]
    others = [word for word in asked if not _is_value(word)]
    found = [
        1 + IN_COLUMN * any(match_score(word, header) for word in others)
        for cell, header in zip(cells, headers, strict=True)
        if any(match_score(value, cell) == 1 for value in values)
    ]
    return max(found, default=0.0)


def _is_value(word: Word) -> bool:
    """Whether a word is a number that is no year: years tell which column or table is meant."""
    return any(is_number(fold(form)) and YEAR.fullmatch(form) is None for form in word.forms)


def _of_key(asked: Sequence[Word], cells: Sequence[Vocabulary], headers: Sequence[Vocabulary]) -> float:
    """More than 0 where the question has the words of the first cell, and those of another one's column."""
    key = [word for word in asked if match_score(word, cells[0]) >= NAME_HELD]
    rest = [word for word in asked if word not in key]
    named = len(key) * 2 >= len(cells[0].words) and bool(key)
    columns = (match_score(word, header) for header in headers[1:] for word in rest)
    return float(named and max(columns, default=0.0) >= NAME_HELD)


def _fit_of_text(query: Query, sentence: Sentence) -> float:
    """How well running text with a value of the question fits it, on the same scale."""
    if cells_of(sentence.text):
        return 0.0
    text = vocabulary(sentence.text, sentence.hit.language)
    held = any(match_score(word, text) == 1 for word in query.words if _is_value(word))
    return 1.0 + coverage(query.words, text) if held else 0.0
