"""Killed at random moments, whatever it is at, a server ends with what a plain model says. The long run is in benchmarks/crashes.py."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.support.killing import FILES, MEMBERS, UPLOADS, KilledServer
from tests.support.site import site
from tests.support.tiny_model import write_tiny_model

delays = st.floats(0.0, 0.5)


def some(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=1, unique=True)


class Killing(RuleBasedStateMachine):
    """Each rule does something, kills the server amid it, and starts it again."""

    models: tuple[Path, Path]

    def __init__(self) -> None:
        super().__init__()
        self._opened = ExitStack()
        self._folder = Path(tempfile.mkdtemp(prefix="killing-"))
        self._opened.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._killed = KilledServer(self._folder, self.models, self._opened.enter_context(site()))
        self._opened.callback(self._killed.close)

    @rule(names=some(UPLOADS), delay=delays)
    def upload(self, names: list[str], delay: float) -> None:
        self._killed.upload(names, delay)

    @rule(name=st.sampled_from(UPLOADS), delay=delays)
    def delete(self, name: str, delay: float) -> None:
        self._killed.delete(name, delay)

    @rule(names=some(MEMBERS), delay=delays)
    def pack(self, names: list[str], delay: float) -> None:
        self._killed.pack(names, delay)

    @rule(names=some(FILES), delay=delays)
    def sync(self, names: list[str], delay: float) -> None:
        self._killed.sync(names, delay)

    @rule(delay=delays)
    def follow(self, delay: float) -> None:
        self._killed.follow(delay)

    @rule(delay=delays)
    def reindex(self, delay: float) -> None:
        self._killed.reindex(delay)

    def teardown(self) -> None:
        with self._opened:
            self._killed.check()


def test_whatever_a_server_is_killed_amid_everything_is_there_whole_and_once(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Killing, "models", (tiny_model, write_tiny_model(tmp_path / "other", seed=1)), raising=False
    )
    run_state_machine_as_test(
        Killing,
        settings=settings(
            max_examples=1,
            stateful_step_count=5,
            deadline=None,
            database=None,
            suppress_health_check=[*HealthCheck],
        ),
    )
