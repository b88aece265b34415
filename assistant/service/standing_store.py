"""Standing questions on disk: the questions, what has arrived, and what was found in it.

What one arrival has brought for a question is written in one transaction with the note that it has been asked. So a process that is killed
at any instant has told all of that or nothing, and the next one goes on where it was.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path

from assistant.service.deliveries import Deliveries
from assistant.service.standing_file import SqliteConnection, StandingFile
from assistant.service.standing_rows import FINDING, finding_of_row, packed, question_of
from assistant.standing.types import Arrival, NewFinding, StandingQuestion

_log = logging.getLogger(__name__)


class StandingStore:
    """The file in ``folder``, and in it the ``deliveries``. Thread-safe; whoever uses it owns the data folder. Methods raise `StoreError`."""

    def __init__(self, folder: Path) -> None:
        self._file = StandingFile(folder)
        self.deliveries = Deliveries(self._file)
        self._damaged = 0

    @property
    def problem(self) -> str:
        """What of the questions is damaged; empty where nothing is."""
        if self._file.problem or not self._damaged:
            return self._file.problem
        return f"Standing questions that are damaged, and left out: {self._damaged}. The log names them; keep them anew."

    def close(self) -> None:
        self._file.close()

    # -- questions ---------------------------------------------------------------------------

    def questions(self) -> list[StandingQuestion]:
        """All of them, the oldest first; one that is damaged is left out, and logged."""
        with self._file.reading() as file:
            rows = file.execute("SELECT id, data FROM questions ORDER BY rowid").fetchall()
        found = {key: _question(key, data) for key, data in rows}
        self._damaged = sum(one is None for one in found.values())
        return [one for one in found.values() if one is not None]

    def put(self, question: StandingQuestion) -> None:
        with self._file.writing() as file:
            _put(file, question)

    def delete(self, question_id: str) -> None:
        """Delete a question with all that was found for it."""
        with self._file.writing() as file:
            file.execute("DELETE FROM questions WHERE id = ?", (question_id,))
            file.execute("DELETE FROM findings WHERE question = ?", (question_id,))
            file.execute("DELETE FROM told WHERE question = ?", (question_id,))
            file.execute("DELETE FROM deliveries WHERE question = ?", (question_id,))
            file.execute("DELETE FROM troubles WHERE question = ?", (question_id,))
            file.execute("DELETE FROM asked WHERE question = ?", (question_id,))

    def vectors(self, model: str) -> dict[str, bytes]:
        """The vectors of texts by an embedding model, by `assistant.standing.remembered.text_key`; those of other models are deleted."""
        with self._file.writing() as file:
            # Keys of another length are words that an earlier release has kept.
            file.execute("DELETE FROM vectors WHERE model != ? OR LENGTH(text) != 64", (model,))
            return dict(file.execute("SELECT text, vector FROM vectors").fetchall())

    def keep_vector(self, model: str, key: str, vector: bytes) -> None:
        with self._file.writing() as file:
            file.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", (model, key, vector))

    # -- what arrives ------------------------------------------------------------------------

    def present(self) -> dict[str, str]:
        """The version of each document's text that was last seen in the collection, by document id."""
        with self._file.reading() as file:
            return dict(file.execute("SELECT document, version FROM arrivals WHERE gone IS NULL").fetchall())

    def arrive(
        self,
        fresh: Sequence[tuple[str, str]],
        gone: Collection[tuple[str, str]],
        known: Collection[str],
        now: float,
        *,
        asked: bool,
    ) -> None:
        """Note which texts, as (document id, version), have come and gone.

        Those of the documents ``known`` are the same under another name, and of none anything is to be looked for unless something is
        ``asked``.
        """
        with self._file.writing() as file:
            counted = count(_last(file) + 1)
            for document, version in gone:
                file.execute(
                    "UPDATE arrivals SET gone = ?, gone_at = ? WHERE document = ? AND version = ?",
                    (next(counted), now, document, version),
                )
            for document, version in fresh:
                done = not asked or document in known
                # One that was here before and was never looked into is as new as before it went.
                file.execute(
                    "INSERT INTO arrivals (document, version, number, done) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "since = CASE WHEN done THEN gone ELSE since END, number = excluded.number, gone = NULL, gone_at = NULL, "
                    "done = excluded.done",
                    (document, version, next(counted), done),
                )

    def last(self) -> int:
        """The number of the last coming or going of a text."""
        with self._file.reading() as file:
            return _last(file)

    def next_arrival(self, after: int = 0) -> Arrival | None:
        """The first arrival that has not been dealt with, of those with a number above ``after`` if there are any."""
        with self._file.reading() as file:
            row = file.execute(
                "SELECT number, document, version, since FROM arrivals WHERE done = 0 AND gone IS NULL "
                "ORDER BY number <= ?, number LIMIT 1",
                (after,),
            ).fetchone()
        return Arrival(number=row[0], document_id=row[1], version=row[2], since=row[3] or 0) if row else None

    def waiting(self) -> int:
        """How many arrivals have not been dealt with."""
        with self._file.reading() as file:
            return int(
                file.execute("SELECT COUNT(*) FROM arrivals WHERE done = 0 AND gone IS NULL").fetchone()[0]
            )

    def numbers(self, documents: Sequence[str]) -> dict[str, int]:
        """The number of the arrival of each document that is here, by id."""
        with self._file.reading() as file:
            rows = file.execute(
                "SELECT document, number FROM arrivals WHERE gone IS NULL AND document IN (SELECT value FROM json_each(?))",
                (json.dumps(list(documents)),),
            )
            return dict(rows.fetchall())

    def is_told(self, question_id: str, sentence: str) -> bool:
        """Whether a sentence, by its digest, has been told of a question."""
        with self._file.reading() as file:
            row = file.execute(
                "SELECT 1 FROM told WHERE question = ? AND sentence = ?", (question_id, sentence)
            )
            return row.fetchone() is not None

    def asked(self, arrival: Arrival) -> set[str]:
        """The questions that an arrival has been looked through for, though not yet for all."""
        with self._file.reading() as file:
            rows = file.execute("SELECT question FROM asked WHERE arrival = ?", (arrival.number,))
            return {key for (key,) in rows}

    def tell(
        self,
        arrival: Arrival,
        question_id: str,
        findings: Iterable[tuple[NewFinding, Sequence[str]]],
        now: float,
    ) -> int:
        """These findings, each with the digests of its sentences, are all that an arrival brings for a question. Returns how many are new.

        What has been told is not told again; a question that has been given up meanwhile, or made another, gets nothing.
        """
        told = 0
        with self._file.writing() as file:
            row = file.execute("SELECT data FROM questions WHERE id = ?", (question_id,)).fetchone()
            question = _question(question_id, row[0]) if row else None
            if question is None or not arrival.concerns(question):
                return 0
            for finding, sentences in findings:
                fresh = file.executemany(
                    "INSERT OR IGNORE INTO told VALUES (?, ?)", [(question.id, one) for one in sentences]
                )
                if fresh.rowcount:
                    told += 1
                    _tell(file, question, finding, now)
            file.execute("INSERT OR IGNORE INTO asked VALUES (?, ?)", (arrival.number, question_id))
        return told

    def settle(self, arrival: Arrival) -> None:
        """The arrival has been looked through for all questions."""
        with self._file.writing() as file:
            file.execute(
                "UPDATE arrivals SET done = 1 WHERE document = ? AND version = ? AND number = ?",
                (arrival.document_id, arrival.version, arrival.number),
            )
            file.execute(
                "DELETE FROM asked WHERE arrival NOT IN (SELECT number FROM arrivals WHERE done = 0 AND gone IS NULL)"
            )

    # -- what was found ----------------------------------------------------------------------

    def findings(self, question_id: str, after: int = 0) -> list[NewFinding]:
        """What was found for a question and is not forgotten, of a number above ``after``, the newest first."""
        with self._file.reading() as file:
            rows = file.execute(
                FINDING + " question = ? AND number > ? ORDER BY number DESC",
                (question_id, after),
            ).fetchall()
        return [finding_of_row(row) for row in rows]

    def by_number(self, numbers: Sequence[int]) -> list[NewFinding]:
        """Findings by their numbers; those forgotten are left out."""
        with self._file.reading() as file:
            rows = [file.execute(FINDING + " number = ?", (number,)).fetchone() for number in numbers]
        return [finding_of_row(row) for row in rows if row]

    def documents(self, question_id: str, after: int = 0) -> dict[int, str]:
        """The document of each finding of a question with a number above ``after``, by that number."""
        with self._file.reading() as file:
            rows = file.execute(
                "SELECT number, document FROM findings WHERE question = ? AND number > ? AND quote != ''",
                (question_id, after),
            )
            return dict(rows.fetchall())

    def new_documents(self, seen: Mapping[str, int]) -> dict[str, list[str]]:
        """By question, the document of each finding with a number above that which ``seen`` gives for it."""
        found: dict[str, list[str]] = {}
        with self._file.reading() as file:
            rows = file.execute(
                "SELECT question, document FROM json_each(?) AS one JOIN findings ON question = one.key AND number > one.value "
                "WHERE quote != ''",
                (json.dumps(seen),),
            )
            for question, document in rows:
                found.setdefault(question, []).append(document)
        return found

    def forget_gone(self, before: float) -> None:
        """Keep no words of documents that have been gone since ``before``: only that they have been told."""
        with self._file.writing() as file:
            file.execute(
                "UPDATE findings SET quote = '', title = '' WHERE quote != '' AND document IN "
                "(SELECT document FROM arrivals GROUP BY document HAVING COUNT(*) = COUNT(gone) AND MAX(gone_at) < ?)",
                (before,),
            )


def _question(key: str, data: str) -> StandingQuestion | None:
    try:
        return question_of(data)
    except ValueError as error:
        _log.error("The standing question %s cannot be read: %s", key, error)
        return None


def _put(file: SqliteConnection, question: StandingQuestion) -> None:
    file.execute(
        "INSERT INTO questions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET owner = excluded.owner, data = excluded.data",
        (question.id, question.owner, json.dumps(packed(question))),
    )


def _tell(file: SqliteConnection, question: StandingQuestion, finding: NewFinding, now: float) -> None:
    """Store a finding, and that it is to be sent."""
    added = file.execute(
        'INSERT INTO findings (question, document, version, start, "end", quote, title, found, language) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            question.id,
            finding.document_id,
            finding.version,
            finding.start,
            finding.end,
            finding.quote,
            finding.title,
            finding.found.timestamp(),
            finding.language,
        ),
    )
    for way in question.telling.ways:
        file.execute(
            "INSERT INTO deliveries (id, question, way, finding, due) VALUES (?, ?, ?, ?, ?)",
            (f"{question.id}-{added.lastrowid}-{way}", question.id, way, added.lastrowid, now),
        )


def _last(file: SqliteConnection) -> int:
    """The number of the last coming or going."""
    (last,) = file.execute(
        "SELECT MAX(COALESCE(MAX(number), 0), COALESCE(MAX(gone), 0)) FROM arrivals"
    ).fetchone()
    return int(last)
