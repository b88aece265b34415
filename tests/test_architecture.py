"""What holds the code together: who may import whom, and which module owns which library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*(ROOT / "ingest").rglob("*.py"), *(ROOT / "assistant").rglob("*.py")])

# Each of these libraries is imported below one path only.
OWNERS = {
    "chromadb": "ingest/chroma.py",
    "tantivy": "ingest/lexical.py",
    "sentence_transformers": "ingest/embedding.py",
    "torch": "ingest/embedding.py",
    "sentencex": "ingest/sentences.py",
    "py3langid": "ingest/languages.py",
    "filelock": "ingest/locking.py",
    "trafilatura": "ingest/loaders/",
    "pypdfium2": "ingest/loaders/pdf",
    "docx": "ingest/loaders/docx.py",
    "markdown_it": "ingest/loaders/markdown.py",
    "charset_normalizer": "ingest/loaders/text.py",
    "babel": "assistant/lexicon.py",
    "simplemma": "assistant/query.py",
    "stopwordsiso": "assistant/query.py",
    "langchain_core": ("assistant/langchain.py", "assistant/llm/"),
    "langchain": "assistant/llm/model.py",
    "transformers": "assistant/llm/in_process.py",
    "gradio": "assistant/web/",
    "uvicorn": "assistant/server/",
    "argon2": "assistant/access/passwords.py",
    "itsdangerous": "assistant/access/tokens.py",
    "sqlite3": "assistant/access/store.py",
    "prometheus_client": "assistant/server/metrics.py",
    "mcp": "assistant/mcp/",
    "mcp_types": "assistant/mcp/",
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("path", [path for path in FILES if path.is_relative_to(ROOT / "ingest")], ids=str)
def test_ingest_never_imports_assistant(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] == "assistant"]


@pytest.mark.parametrize(("library", "owner"), OWNERS.items())
def test_a_library_lives_in_one_place(library: str, owner: str | tuple[str, ...]) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert users, f"nothing imports {library} any more: take it out of the list and of pyproject.toml"
    assert all(user.startswith(owner) for user in users)


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        if "os.environ" in path.read_text(encoding="utf-8")
    }
    allowed = {
        "ingest/settings.py",
        "ingest/privacy.py",
        "ingest/loaders/sandbox.py",
        "ingest/embedding.py",
    }
    assert readers <= allowed
