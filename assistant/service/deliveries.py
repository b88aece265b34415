"""What is to be sent of standing questions' findings, and why something could not be, in the file of standing questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.service.standing_file import StandingFile


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


class Deliveries:
    """What is to be sent, in the order in which it is due. Thread-safe. Methods raise `StoreError`."""

    def __init__(self, file: StandingFile) -> None:
        self._file = file

    def due(self, way: str, now: float, most: int) -> list[Delivery]:
        """What is to be sent on a way by now, of each question at most so many."""
        with self._file.reading() as file:
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
        with self._file.reading() as file:
            (found,) = file.execute("SELECT MIN(due) FROM deliveries WHERE way = ?", (way,)).fetchone()
        return None if found is None else float(found)

    def begun(self, deliveries: Sequence[Delivery], now: float) -> None:
        """These are sent now, in one message. Should the process end before that is known to be taken, the next sends the same."""
        with self._file.writing() as file:
            file.executemany(
                "UPDATE deliveries SET tries = 1, due = ? WHERE id = ? AND tries = 0",
                [(now, one.id) for one in deliveries],
            )

    def sent(self, deliveries: Sequence[Delivery]) -> None:
        with self._file.writing() as file:
            file.executemany("DELETE FROM deliveries WHERE id = ?", [(one.id,) for one in deliveries])
            file.executemany(
                "DELETE FROM troubles WHERE question = ? AND way = ?",
                [(one.question_id, one.way) for one in deliveries],
            )

    def failed(self, deliveries: Sequence[Delivery], trouble: str, again: float | None) -> None:
        """Try these ``again`` at that time; None: never."""
        with self._file.writing() as file:
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
        with self._file.reading() as file:
            rows = file.execute("SELECT way, trouble FROM troubles WHERE question = ?", (question_id,))
            return dict(rows.fetchall())

    def failing(self) -> int:
        """Of how many questions the last message could not be sent."""
        with self._file.reading() as file:
            return int(file.execute("SELECT COUNT(DISTINCT question) FROM troubles").fetchone()[0])

    def forget(self, question_id: str, ways: Collection[str]) -> None:
        """Send nothing more of a question on these ways."""
        with self._file.writing() as file:
            for way in ways:
                file.execute("DELETE FROM deliveries WHERE question = ? AND way = ?", (question_id, way))
                file.execute("DELETE FROM troubles WHERE question = ? AND way = ?", (question_id, way))
