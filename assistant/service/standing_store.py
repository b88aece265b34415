"""Standing questions on disk, in one file of SQLite: the questions, what has arrived, what was found in it, and what is to be sent.

What one arrival has brought is written in one transaction with the note that it has been dealt with. So a process that is killed at
any instant has told all of it or nothing, and the next one goes on where it was.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from assistant.standing.types import Arrival, NewFinding, StandingQuestion, Telling
from assistant.types import Filters
from ingest.errors import StoreError

NAME = "standing.sqlite3"
_TABLES = """
    CREATE TABLE IF NOT EXISTS questions (id TEXT PRIMARY KEY, owner TEXT NOT NULL, data TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS arrivals
        (document TEXT, version TEXT, number INTEGER NOT NULL, since INTEGER NOT NULL DEFAULT 0, gone INTEGER, gone_at REAL,
         done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (document, version));
    CREATE UNIQUE INDEX IF NOT EXISTS by_number ON arrivals (number);
    CREATE INDEX IF NOT EXISTS waiting ON arrivals (number) WHERE done = 0;
    CREATE TABLE IF NOT EXISTS findings
        (number INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL, document TEXT NOT NULL, version TEXT NOT NULL,
         start INTEGER, "end" INTEGER, quote TEXT NOT NULL, title TEXT NOT NULL, found REAL NOT NULL,
         language TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS told (question TEXT, sentence TEXT, PRIMARY KEY (question, sentence)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS of_question ON findings (question, number);
    CREATE TABLE IF NOT EXISTS deliveries
        (id TEXT PRIMARY KEY, question TEXT NOT NULL, way TEXT NOT NULL, finding INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
         due REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS vectors (model TEXT, text TEXT, vector BLOB NOT NULL, PRIMARY KEY (model, text));
    CREATE TABLE IF NOT EXISTS troubles (question TEXT, way TEXT, trouble TEXT, PRIMARY KEY (question, way));
"""
_FINDING = "SELECT number, question, document, version, start, \"end\", quote, title, found, language FROM findings WHERE quote != '' AND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """That a finding is to be told on a ``way`` ("webhook" or "mail"), at the time ``due``, after so many ``tries`` that were begun.

    The ``id`` stays the same over all tries. What has been tried together has the same ``due``, and is tried together again.
    """

    id: str
    question_id: str
    way: str
    finding: int
    tries: int
    due: float


class _Damaged(Exception):
    """What stands in the file is no question."""


class StandingStore:
    """The file in ``folder``. Thread-safe; whoever uses it owns the data folder. Methods raise `StoreError`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._lock = threading.RLock()
        with self._translated():
            folder.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(self._path, check_same_thread=False)
            self._file.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._file.close()

    # -- questions ---------------------------------------------------------------------------

    def questions(self) -> list[StandingQuestion]:
        """All of them, the oldest first."""
        with self._reading() as file:
            rows = file.execute("SELECT data FROM questions ORDER BY rowid").fetchall()
            return [_unpacked(data) for (data,) in rows]

    def put(self, question: StandingQuestion) -> None:
        with self._writing() as file:
            _put(file, question)

    def delete(self, question_id: str) -> None:
        """Delete a question with all that was found for it."""
        with self._writing() as file:
            file.execute("DELETE FROM questions WHERE id = ?", (question_id,))
            file.execute("DELETE FROM findings WHERE question = ?", (question_id,))
            file.execute("DELETE FROM told WHERE question = ?", (question_id,))
            file.execute("DELETE FROM deliveries WHERE question = ?", (question_id,))
            file.execute("DELETE FROM troubles WHERE question = ?", (question_id,))

    def vectors(self, model: str) -> dict[str, bytes]:
        """The vectors of texts by an embedding model; those of other models are deleted."""
        with self._writing() as file:
            file.execute("DELETE FROM vectors WHERE model != ?", (model,))
            return dict(file.execute("SELECT text, vector FROM vectors").fetchall())

    def keep_vector(self, model: str, text: str, vector: bytes) -> None:
        with self._writing() as file:
            file.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", (model, text, vector))

    # -- what arrives ------------------------------------------------------------------------

    def present(self) -> dict[str, str]:
        """The version of each document's text that was last seen in the collection, by document id."""
        with self._reading() as file:
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
        with self._writing() as file:
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
        with self._reading() as file:
            return _last(file)

    def next_arrival(self) -> Arrival | None:
        """The first arrival that has not been dealt with."""
        with self._reading() as file:
            row = file.execute(
                "SELECT number, document, version, since FROM arrivals WHERE done = 0 AND gone IS NULL ORDER BY number LIMIT 1"
            ).fetchone()
        return Arrival(number=row[0], document_id=row[1], version=row[2], since=row[3] or 0) if row else None

    def waiting(self) -> int:
        """How many arrivals have not been dealt with."""
        with self._reading() as file:
            return int(
                file.execute("SELECT COUNT(*) FROM arrivals WHERE done = 0 AND gone IS NULL").fetchone()[0]
            )

    def numbers(self, documents: Sequence[str]) -> dict[str, int]:
        """The number of the arrival of each document that is here, by id."""
        with self._reading() as file:
            rows = file.execute(
                "SELECT document, number FROM arrivals WHERE gone IS NULL AND document IN (SELECT value FROM json_each(?))",
                (json.dumps(list(documents)),),
            )
            return dict(rows.fetchall())

    def is_told(self, question_id: str, sentence: str) -> bool:
        """Whether a sentence, by its digest, has been told of a question."""
        with self._reading() as file:
            row = file.execute(
                "SELECT 1 FROM told WHERE question = ? AND sentence = ?", (question_id, sentence)
            )
            return row.fetchone() is not None

    def settle(
        self, arrival: Arrival, findings: Iterable[tuple[NewFinding, Sequence[str]]], now: float
    ) -> int:
        """The arrival has been dealt with, and these findings are all that it brought, each with the digests of its sentences.

        What has been told of a question is not told again; questions given up meanwhile get nothing. Returns how many are new.
        """
        told = 0
        with self._writing() as file:
            for finding, sentences in findings:
                row = file.execute(
                    "SELECT data FROM questions WHERE id = ?", (finding.question_id,)
                ).fetchone()
                question = _unpacked(row[0]) if row else None
                if question is None or not arrival.concerns(question):
                    continue  # it has been given up, or made another, meanwhile
                fresh = file.executemany(
                    "INSERT OR IGNORE INTO told VALUES (?, ?)", [(question.id, one) for one in sentences]
                )
                if fresh.rowcount:
                    told += 1
                    _tell(file, question, finding, now)
            file.execute(
                "UPDATE arrivals SET done = 1 WHERE document = ? AND version = ? AND number = ?",
                (arrival.document_id, arrival.version, arrival.number),
            )
        return told

    # -- what was found ----------------------------------------------------------------------

    def findings(self, question_id: str, after: int = 0) -> list[NewFinding]:
        """What was found for a question and is not forgotten, of a number above ``after``, the newest first."""
        with self._reading() as file:
            rows = file.execute(
                _FINDING + " question = ? AND number > ? ORDER BY number DESC",
                (question_id, after),
            ).fetchall()
        return [_finding(row) for row in rows]

    def by_number(self, numbers: Sequence[int]) -> list[NewFinding]:
        """Findings by their numbers; those forgotten are left out."""
        with self._reading() as file:
            rows = [file.execute(_FINDING + " number = ?", (number,)).fetchone() for number in numbers]
        return [_finding(row) for row in rows if row]

    def documents(self, question_id: str, after: int = 0) -> dict[int, str]:
        """The document of each finding of a question with a number above ``after``, by that number."""
        with self._reading() as file:
            rows = file.execute(
                "SELECT number, document FROM findings WHERE question = ? AND number > ? AND quote != ''",
                (question_id, after),
            )
            return dict(rows.fetchall())

    def forget_gone(self, before: float) -> None:
        """Keep no words of documents that have been gone since ``before``: only that they have been told."""
        with self._writing() as file:
            file.execute(
                "UPDATE findings SET quote = '', title = '' WHERE quote != '' AND document IN "
                "(SELECT document FROM arrivals GROUP BY document HAVING COUNT(*) = COUNT(gone) AND MAX(gone_at) < ?)",
                (before,),
            )

    # -- what is to be sent ------------------------------------------------------------------

    def due(self, way: str, now: float, most: int) -> list[Delivery]:
        """What is to be sent on a way by now, of each question at most so many."""
        with self._reading() as file:
            rows = file.execute(
                "SELECT id, question, way, finding, tries, due FROM (SELECT *, ROW_NUMBER() OVER "
                "(PARTITION BY question ORDER BY tries = 0, due, finding) AS place FROM deliveries WHERE way = ? AND due <= ?) "
                "WHERE place <= ? ORDER BY due, finding",
                (way, now, most),
            ).fetchall()
        return [
            Delivery(id=row[0], question_id=row[1], way=row[2], finding=row[3], tries=row[4], due=row[5])
            for row in rows
        ]

    def next_due(self, way: str) -> float | None:
        """When something is to be sent on a way; None where nothing is."""
        with self._reading() as file:
            (found,) = file.execute("SELECT MIN(due) FROM deliveries WHERE way = ?", (way,)).fetchone()
        return None if found is None else float(found)

    def begun(self, deliveries: Sequence[Delivery], now: float) -> None:
        """These are sent now, in one message. Should the process end before that is known to be taken, the next sends the same."""
        with self._writing() as file:
            file.executemany(
                "UPDATE deliveries SET tries = 1, due = ? WHERE id = ? AND tries = 0",
                [(now, one.id) for one in deliveries],
            )

    def sent(self, deliveries: Sequence[Delivery]) -> None:
        with self._writing() as file:
            file.executemany("DELETE FROM deliveries WHERE id = ?", [(one.id,) for one in deliveries])
            file.executemany(
                "DELETE FROM troubles WHERE question = ? AND way = ?",
                [(one.question_id, one.way) for one in deliveries],
            )

    def failed(self, deliveries: Sequence[Delivery], trouble: str, again: float | None) -> None:
        """Try these ``again`` at that time; None: never."""
        with self._writing() as file:
            for one in deliveries:
                file.execute(
                    "INSERT OR REPLACE INTO troubles VALUES (?, ?, ?)", (one.question_id, one.way, trouble)
                )
                if again is None:
                    file.execute("DELETE FROM deliveries WHERE id = ?", (one.id,))
                else:
                    file.execute(
                        "UPDATE deliveries SET tries = tries + 1, due = ? WHERE id = ?", (again, one.id)
                    )

    def troubles(self, question_id: str) -> dict[str, str]:
        """Why the last message could not be sent, by way; none where it could."""
        with self._reading() as file:
            rows = file.execute("SELECT way, trouble FROM troubles WHERE question = ?", (question_id,))
            return dict(rows.fetchall())

    def failing(self) -> int:
        """Of how many questions the last message could not be sent."""
        with self._reading() as file:
            return int(file.execute("SELECT COUNT(DISTINCT question) FROM troubles").fetchone()[0])

    def forget_deliveries(self, question_id: str, ways: Collection[str]) -> None:
        """Send nothing more of a question on these ways."""
        with self._writing() as file:
            for way in ways:
                file.execute("DELETE FROM deliveries WHERE question = ? AND way = ?", (question_id, way))
                file.execute("DELETE FROM troubles WHERE question = ? AND way = ?", (question_id, way))

    # ----------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            yield self._file

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with self._lock, self._translated(), self._file:
            yield self._file

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, _Damaged) as error:
            raise StoreError(
                f"The standing questions in {self._path} cannot be used ({error}). Make room on the disk, or put the file "
                "back from a copy; where there is none, delete it: the questions are gone then."
            ) from error


def packed(question: StandingQuestion) -> dict[str, Any]:
    """As JSON has it."""
    data = asdict(question)
    filters = question.filters
    data["filters"] = {
        "documents": list(filters.documents),
        "published_from": filters.published_from.isoformat() if filters.published_from else None,
        "published_to": filters.published_to.isoformat() if filters.published_to else None,
        "include_undated": filters.include_undated,
    }
    data["created"] = question.created.timestamp()
    data["looked"] = question.looked.timestamp() if question.looked else None
    return data


def unpacked(data: Mapping[str, Any]) -> StandingQuestion:
    """Raises `KeyError`, `TypeError` or `ValueError` where that is none."""
    filters = data["filters"]
    return StandingQuestion(
        **{
            **data,
            "filters": Filters(
                documents=tuple(filters["documents"]),
                published_from=_day(filters["published_from"]),
                published_to=_day(filters["published_to"]),
                include_undated=filters["include_undated"],
            ),
            "created": datetime.fromtimestamp(data["created"], UTC),
            "looked": datetime.fromtimestamp(data["looked"], UTC) if data["looked"] else None,
            "telling": Telling(**data["telling"]),
        }
    )


def _unpacked(data: str) -> StandingQuestion:
    try:
        return unpacked(json.loads(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _Damaged(f"a question is damaged: {error}") from error


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _put(file: sqlite3.Connection, question: StandingQuestion) -> None:
    file.execute(
        "INSERT INTO questions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET owner = excluded.owner, data = excluded.data",
        (question.id, question.owner, json.dumps(packed(question))),
    )


def _tell(file: sqlite3.Connection, question: StandingQuestion, finding: NewFinding, now: float) -> None:
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


def _last(file: sqlite3.Connection) -> int:
    """The number of the last coming or going."""
    (last,) = file.execute(
        "SELECT MAX(COALESCE(MAX(number), 0), COALESCE(MAX(gone), 0)) FROM arrivals"
    ).fetchone()
    return int(last)


def _finding(row: tuple[Any, ...]) -> NewFinding:
    return NewFinding(
        number=row[0],
        question_id=row[1],
        document_id=row[2],
        version=row[3],
        start=row[4],
        end=row[5],
        quote=row[6],
        title=row[7],
        found=datetime.fromtimestamp(row[8], UTC),
        language=row[9],
    )
