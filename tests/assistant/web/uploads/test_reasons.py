"""Every reason that ingestion gives for a failure is said in German too, with what it names."""

from __future__ import annotations

import ast
import importlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpcore
import pytest

import ingest
from assistant.web.kit.localisation import translations, words
from assistant.web.uploads.reasons import PREFIX, translated
from ingest import errors
from ingest.errors import SourceError
from ingest.fetch.pages import _BY_HAND, _reason
from ingest.loaders import _SIGNATURES, load, unsupported

DE, EN = words("de"), words("en")
FOLDER = Path(ingest.__path__[0])
# Whatever a job can fail of; `sources.py` is for the command alone.
FILES = [*sorted((FOLDER / "loaders").glob("*.py")), *sorted((FOLDER / "fetch").glob("*.py"))]
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {"_Crashed"}


def raised(path: Path) -> Iterator[str]:
    """The reasons in a module's code, with something in place of what they name."""
    name = ".".join(path.relative_to(FOLDER.parent).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
            yield from (text for one in node.args[1:2] if (text := written(one, module)))


def written(node: ast.expr, module: ModuleType) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part(one, module) for one in node.values)
    return str(getattr(module, node.id, "")) if isinstance(node, ast.Name) else ""


def part(node: ast.expr, module: ModuleType) -> str:
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name):
        return str(getattr(module, node.value.id, CHOSEN if node.value.id in ("advice", "what") else "7"))
    return str(node.value) if isinstance(node, ast.Constant) else "7"


# Stands for words that the code chooses among; what comes of that is among the examples below.
CHOSEN = "\0"
FOUND = sorted({reason for path in FILES for reason in raised(path) if reason and CHOSEN not in reason})


def test_there_are_reasons_to_translate() -> None:
    assert len(FOUND) > 20


@pytest.mark.parametrize("reason", FOUND)
def test_every_reason_in_the_code_is_translated(reason: str) -> None:
    assert translated(reason, DE) != reason
    assert translated(reason, EN) == reason


def test_files_that_are_not_what_they_are_called_are_told_so() -> None:
    for start, *_ in _SIGNATURES:
        with pytest.raises(SourceError) as refused:
            load(start + b"more", "a.txt")
        told = translated(refused.value.reason, DE)
        assert told != refused.value.reason
        assert ".txt" in told


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        (unsupported(".png"), "Dateien mit der Endung .png können nicht gelesen werden"),
        (
            "leads to http://a.example/{x}, which answers 404 Not Found: check the address",
            "führt zu http://a.example/{x}; diese Adresse antwortet mit 404 Not Found: Prüfen Sie die Adresse",
        ),
        (
            "answers 503 Service Unavailable: try again later",
            "antwortet mit 503 Service Unavailable: Versuchen",
        ),
        (f"answers 403 Forbidden: {_BY_HAND}", "antwortet mit 403 Forbidden: Öffnen Sie die Seite"),
        (
            "sends image/png: what can be read is .txt, .md",
            "liefert image/png; gelesen werden können .txt, .md",
        ),
        (
            "took longer than 120 seconds to read: split it, or save it in a simpler format",
            "brauchte zum Lesen länger als 120 Sekunden",
        ),
        (_reason(OSError(28, "No space left"), 1.0), "kann nicht gespeichert werden (No space left)"),
        (_reason(httpcore.ConnectTimeout(), 1.0), "antwortet nicht"),
        (_reason(httpcore.ReadTimeout(), 1.0), "kam nicht innerhalb von 1 Sekunden an"),
        (_reason(httpcore.ConnectError("refused"), 1.0), "kann nicht geholt werden (refused)"),
        (_reason(zlib.error(), 1.0), "kam beschädigt an"),
        ("has more than the 200 MB allowed: save it and split it", "hat mehr als die erlaubten 200 MB"),
        ("something that nobody foresaw {0}", "something that nobody foresaw {0}"),
    ],
)
def test_what_a_reason_names_stays(reason: str, german: str) -> None:
    assert german in translated(reason, DE)


def test_both_languages_name_the_same() -> None:
    english, german = translations()["en"], translations()["de"]
    assert english.keys() == german.keys()
    for key in (key for key in english if key.startswith(PREFIX)):
        assert {f"{{{n}}}" for n in english[key].split("{")[1:] for n in [n.partition("}")[0]]} == {
            f"{{{n}}}" for n in german[key].split("{")[1:] for n in [n.partition("}")[0]]
        }
