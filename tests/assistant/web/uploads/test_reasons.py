"""Every reason that ingestion has for a failure has a phrase in every language, and every failure has such a reason."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import assistant
import ingest
from assistant.service.jobs import Job
from assistant.web.kit.localisation import translations, words
from assistant.web.uploads.reasons import PREFIX, translated
from ingest import errors
from ingest.errors import REASONS, FetchFailed, ReasonCode, SourceError
from ingest.loaders import SIGNATURES, load

DE, EN = words("de"), words("en")
KINDS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, SourceError)
}
FILES = sorted(path for package in (ingest, assistant) for path in Path(package.__path__[0]).rglob("*.py"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def job(error: SourceError) -> Job:
    return Job(
        id="1",
        source="a.txt",
        state="failed",
        error=error.reason,
        error_code=error.code,
        error_values=error.values,
    )


def raised() -> Iterator[tuple[str, set[str]]]:
    """The codes that are written out where errors are made, each with the names of its values."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1):
                continue
            code = node.args[1]
            if node.func.id in KINDS | {"_Crashed"} and isinstance(code, ast.Constant):
                yield str(code.value), {str(keyword.arg) for keyword in node.keywords}


RAISED = sorted(raised(), key=str)


def test_errors_are_found_in_the_code() -> None:
    assert len(RAISED) > 30


@pytest.mark.parametrize(("code", "values"), RAISED, ids=[code for code, _ in RAISED])
def test_every_error_has_a_code_of_the_table_and_its_values(code: str, values: set[str]) -> None:
    assert placeholders(REASONS[code]) == values


@pytest.mark.parametrize("language", translations())
def test_every_reason_has_a_phrase_with_the_same_values(language: str) -> None:
    phrases = {
        key.removeprefix(PREFIX): text
        for key, text in translations()[language].items()
        if key.startswith(PREFIX)
    }
    assert phrases.keys() == REASONS.keys()
    for code, text in REASONS.items():
        assert placeholders(phrases[code]) == placeholders(text), code


def test_english_pages_say_what_the_api_says() -> None:
    for code, text in REASONS.items():
        assert translations()["en"][PREFIX + code] == text


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        SourceError("a.txt", "no such code")


def test_the_type_of_codes_names_every_reason() -> None:
    """The type checker then refuses a code that has no reason, also where it is not written out at the call."""
    assert set(get_args(ReasonCode)) == REASONS.keys()


def test_files_of_another_format_than_their_suffix() -> None:
    for start, *_ in SIGNATURES:
        with pytest.raises(SourceError) as refused:
            load(start + b"more", "a.txt")
        assert translated(job(refused.value), EN) == refused.value.reason
        assert translated(job(refused.value), DE).startswith("endet auf .txt, ist aber ")


def test_values_are_shown_as_they_are() -> None:
    error = FetchFailed(
        "http://b.example/", "answers_missing", status="404 Not Found", led_to="http://a.example/{x}"
    )
    assert translated(job(error), EN) == error.reason
    assert error.reason == "leads to http://a.example/{x}, which answers 404 Not Found: check the address"
    german = (
        "führt zu http://a.example/{x}; diese Adresse antwortet mit 404 Not Found: Prüfen Sie die Adresse"
    )
    assert translated(job(error), DE) == german


def test_an_error_without_a_code_stays_in_english() -> None:
    failed = Job(id="1", source="a.txt", state="failed", error="The model is damaged {0}.")
    assert translated(failed, DE) == "The model is damaged {0}."
