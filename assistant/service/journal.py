"""The queue on disk: what waits to be ingested is there again after the process was killed.

Beside the waiting files lies a note for each task, ``<job id>.task``: written before the task waits, deleted when it
has ended. ``<job id>.tries`` has a byte for each time that a process began it, so that a file which brings the
process down is not tried for ever. A power cut may lose what came in its last seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import time_ns
from typing import Any

from assistant.service.jobs import Task
from ingest.files import write_whole


class Journal:
    """The notes in ``folder``, where the waiting files lie too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def note(self, task: Task) -> None:
        """From now on the task survives the process; it counts as not begun."""
        write_whole(self._note(task), [json.dumps(packed(task)).encode()])
        self._tries(task).unlink(missing_ok=True)

    def begin(self, task: Task) -> None:
        """The task is being done: if the process ends now, this was a try."""
        with self._tries(task).open("ab") as file:
            file.write(b".")

    def forget(self, task: Task) -> None:
        """The task has ended."""
        self._note(task).unlink(missing_ok=True)
        self._tries(task).unlink(missing_ok=True)

    def recover(self) -> list[Task]:
        """What waited when the last process ended, in its order; all else in the folder is deleted."""
        tasks = sorted(self._read(), key=lambda task: task.since)
        files = {path for task in tasks for path in (task.path, self._note(task), self._tries(task))}
        for path in self._folder.iterdir():
            if path not in files and path.is_file():
                path.unlink(missing_ok=True)
        return tasks

    def _read(self) -> Iterator[Task]:
        """Every task whose note and file can be read."""
        for note in self._folder.glob("*.task"):
            try:
                task = unpacked(json.loads(note.read_text(encoding="utf-8")), self._folder)
                if task.path is not None:
                    task = replace(task, size=task.path.stat().st_size)
            except (OSError, ValueError, KeyError, TypeError):  # torn, or its task had just ended
                continue
            tries = self._tries(task)
            yield replace(task, tries=tries.stat().st_size if tries.exists() else 0)

    def _note(self, task: Task) -> Path:
        return self._folder / f"{task.job_id}.task"

    def _tries(self, task: Task) -> Path:
        return self._folder / f"{task.job_id}.tries"


def packed(task: Task) -> dict[str, Any]:
    """As JSON has it: of its file the name only."""
    return {
        "job_id": task.job_id,
        "source": task.source,
        "name": task.name,
        "file": task.path.name if task.path else None,
        "keep_original": task.keep_original,
        "feed": task.feed,
        "added_by": task.added_by,
        "upload": task.upload,
        "keep_both": task.keep_both,
        "followed": task.followed,
        "published": task.published.isoformat() if task.published else None,
        "since": task.since or time_ns(),
    }


def unpacked(note: dict[str, Any], folder: Path) -> Task:
    """A task whose file lies in ``folder``, of a size that is not known yet. Raises `KeyError`, `TypeError` or `ValueError`."""
    return Task(
        job_id=str(note["job_id"]),
        source=str(note["source"]),
        name=str(note["name"]),
        path=folder / Path(note["file"]).name if note["file"] else None,
        size=0,
        keep_original=bool(note["keep_original"]),
        feed=bool(note["feed"]),
        added_by=str(note.get("added_by", "")),  # notes of earlier releases have none of these
        upload=bool(note.get("upload")),
        keep_both=bool(note.get("keep_both")),
        followed=str(note.get("followed", "")),
        published=date.fromisoformat(note["published"]) if note.get("published") else None,
        since=int(note["since"]),
    )
