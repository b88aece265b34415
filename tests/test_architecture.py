"""What holds the code together: which folder may import which, and which module owns which library.

Imports are found in the syntax tree, also those inside functions; a string that names a module counts as well, for that
is how modules are imported by `importlib` or started with ``python -m``.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*(ROOT / "ingest").rglob("*.py"), *(ROOT / "assistant").rglob("*.py")])

# Every module of the package may import these; they import only each other.
OPEN = {
    "ingest": {"ingest.types", "ingest.errors", "ingest.settings", "ingest.tracing"},
    "assistant": {
        "assistant.types",
        "assistant.absence",
        "assistant.speech",
        "assistant.errors",
        "assistant.settings",
        "assistant.messages",
        "assistant.citation_links",
        "assistant.asked_text",
    },
}

# What a folder, or a module that lies in no folder, may import of its own package. `assistant` may import all of `ingest`.
BELOW: dict[str, str] = {
    "ingest.text": "",
    "ingest.quotations": "text",
    "ingest.loaders": "text",
    "ingest.files": "",
    "ingest.containers": "loaders",
    "ingest.originals": "files loaders",
    "ingest.privacy": "",
    "ingest.sources": "loaders",
    "ingest.fetch": "files loaders sources",
    "ingest.following": "sources fetch",
    "ingest.embedding": "files text",
    "ingest.store": "files text embedding",
    "ingest.pipeline": "files text quotations embedding store",
    "ingest.collection_file": "files loaders originals embedding store pipeline",
    "ingest.moving": "embedding files loaders pipeline sources store text",
    "ingest.opening": "embedding store",
    "ingest.reading_again": "text quotations store",
    "ingest.client": "containers files originals loaders sources fetch following embedding store pipeline moving opening",
    "ingest.cli": "containers loaders sources fetch following embedding store pipeline moving privacy client",
    "assistant.language": "",
    "assistant.llm": "",
    "assistant.time_expressions": "",
    "assistant.checking": "language",
    "assistant.retrieval": "language llm",
    "assistant.reading": "retrieval",
    "assistant.answering": "language time_expressions checking retrieval reading llm",
    "assistant.collection": "language time_expressions retrieval answering",
    "assistant.statements": "language retrieval",
    "assistant.passports": "language time_expressions answering",
    "assistant.drafts": "language checking llm retrieval answering statements",
    "assistant.quoting": "language retrieval reading answering",
    "assistant.sources": "retrieval answering quoting",
    "assistant.core": "language time_expressions retrieval reading llm answering collection quoting drafts sources",
    "assistant.standing": "language retrieval answering core",
    "assistant.langchain": "core",
    "assistant.shared": "",
    "assistant.service": "language shared retrieval answering statements drafts core standing",
    "assistant.access": "shared",
    "assistant.http": "access answering service",
    "assistant.api": "time_expressions access retrieval answering statements sources drafts core standing service http passports",
    "assistant.client": "language llm retrieval statements core access service http api passports",
    "assistant.evaluation": "language checking llm answering service api core client web.kit",
    "assistant.mcp": "access sources drafts core service http api client",
    "assistant.web.kit": "access service",
    "assistant.web.answer": "language time_expressions retrieval answering core service passports web.kit",
    "assistant.web.uploads": "access service api web.kit web.answer",
    "assistant.web.documents": "access retrieval service http api web.kit web.answer web.uploads",
    "assistant.web.viewer": "access service passports web.kit web.answer",
    "assistant.web.chat": "access core service http api web.kit web.answer web.uploads",
    "assistant.web.embed": "core service http api web.kit web.answer",
    "assistant.web.sources": "core service sources http web.kit web.answer",
    "assistant.web.statements": "core service statements http web.kit web.answer",
    "assistant.web.questions": "core standing service http web.kit",
    "assistant.web.check": "drafts service http api web.kit web.uploads",
    "assistant.web.verify": "access service http api web.kit",
    "assistant.web": "service web.kit web.chat web.documents web.sources web.statements web.check web.verify web.questions web.viewer web.embed",
    "assistant.server": "access service http api mcp web",
    "assistant.commands": "drafts passports service core api client",
    "assistant.cli": "access service api client commands evaluation mcp server",
    "assistant": "core",
}

# Each of these libraries is imported below these paths only.
OWNERS: dict[str, str] = {
    "anyascii": "ingest/text/folding.py",
    "anyio": "assistant/mcp/",
    "pg8000": "assistant/shared/database.py",
    "PIL": "ingest/loaders/pdf_images.py",
    "argon2": "assistant/access/passwords.py",
    "babel": "assistant/language/lexicon.py ingest/text/months.py",
    "charset_normalizer": "ingest/loaders/text.py",
    "chromadb": "ingest/store/chroma_client.py",
    "docx": "ingest/loaders/docx.py ingest/loaders/docx_comments.py",
    "dotenv": "ingest/settings.py",
    "fastapi": "assistant/http/ assistant/api/ assistant/web/ assistant/server/",
    "filelock": "ingest/store/lock.py",
    "gradio": "assistant/web/",
    "httpcore": "ingest/fetch/network.py",
    "httpx": "ingest/fetch/ ingest/client/remote.py ingest/store/chroma_client.py",
    "itsdangerous": "assistant/access/embed_tokens.py",
    "langchain": "assistant/llm/model.py",
    "langchain_core": "assistant/langchain.py assistant/llm/",
    "lxml": "ingest/loaders/html_tree.py ingest/loaders/packages.py ingest/fetch/listed_pages.py",
    "markdown_it": "ingest/loaders/markdown.py",
    "mcp": "assistant/mcp/",
    "mcp_types": "assistant/mcp/",
    "numpy": (
        "ingest/collection_file.py ingest/embedding/ ingest/pipeline.py ingest/store/ assistant/answering/evidence.py"
        " assistant/answering/judging.py assistant/answering/word_vectors.py assistant/checking/events.py"
        " assistant/reading/ assistant/service/ assistant/standing/"
    ),
    "oxmsg": "ingest/loaders/outlook.py",
    "opentelemetry": "ingest/tracing.py",
    "openvino": "ingest/embedding/openvino_engine.py",
    "platformdirs": "ingest/settings.py",
    "pptx": "ingest/loaders/pptx.py",
    "prometheus_client": "assistant/http/metrics.py",
    "py3langid": "ingest/text/languages.py",
    "pydantic": (
        "ingest/collection_file.py ingest/settings.py assistant/settings.py assistant/access/ assistant/service/ assistant/api/ assistant/evaluation/results.py"
        " assistant/mcp/tools.py assistant/web/ assistant/langchain.py"
    ),
    "pydantic_settings": "ingest/settings.py assistant/settings.py",
    "pypdfium2": "ingest/loaders/pdf",
    "python_multipart": "assistant/api/uploads.py",
    "rapidfuzz": "assistant/checking/spelling.py assistant/retrieval/typos.py",
    "rich": "ingest/client/terminal.py",
    "sentence_transformers": "ingest/embedding/sentence_transformer.py",
    "sentencepiece": "ingest/embedding/packed_tokenizer.py",
    "sentencex": "ingest/text/sentences.py",
    "simplemma": "assistant/language/words.py",
    "sqlite3": "assistant/access/store.py ingest/store/derived_file.py ingest/store/disk_space.py ingest/store/quotation_index.py"
    " assistant/service/standing_file.py",
    "starlette": "assistant/http/ assistant/api/ assistant/mcp/ assistant/web/ assistant/server/",
    "stopwordsiso": "assistant/language/words.py",
    "tantivy": "ingest/store/lexical.py",
    "tokenizers": "ingest/embedding/sentence_transformer.py",
    "torch": "ingest/embedding/",
    "threadpoolctl": "assistant/server/run.py",
    "trafilatura": "ingest/loaders/html.py",
    "transformers": "assistant/llm/in_process.py ingest/embedding/torch_engine.py",
    "uvicorn": "assistant/server/",
    "xlrd": "ingest/loaders/xls.py",
    "yaml": "ingest/loaders/markdown.py",
}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path) for path in FILES}


def named(source: str) -> Iterator[str]:
    """The modules that a module's source imports, of this project and of others, and the names in them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, "imports name the whole module"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "." in node.value
            and node.value in MODULES
        ):
            yield node.value


def modules_in(source: str) -> set[str]:
    """The modules of this project that a module's source imports."""
    found = set()
    for name in named(source):
        if name.split(".")[0] in ("assistant", "ingest"):
            found.add(name if name in MODULES else name.rsplit(".", 1)[0])
    return found & MODULES


def libraries_in(source: str) -> set[str]:
    return {name.split(".")[0] for name in named(source)} - {"assistant", "ingest", "prompts"}


@cache
def source_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def folder_of(module: str) -> str:
    """The row of the table that a module belongs to."""
    parts = module.split(".")
    known = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in known if name in BELOW or name in OPEN[parts[0]]), module)


def forbidden(module: str, source: str) -> set[str]:
    """What the module imports against the table."""
    folder, package = folder_of(module), module.split(".")[0]
    if module.endswith("__main__"):
        return modules_in(source) - {f"{package}.cli"}
    allowed = {f"{package}.{name}" for name in BELOW.get(folder, "").split()} | OPEN[package] | {folder}
    return {
        name
        for name in modules_in(source)
        if folder_of(name) not in allowed and not (package == "assistant" and name.startswith("ingest"))
    }


def strays(path: str, source: str) -> set[str]:
    """The libraries that the module imports though others own them."""
    return {
        name
        for name in libraries_in(source)
        if name in OWNERS and not path.startswith(tuple(OWNERS[name].split()))
    }


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    assert not forbidden(module_of(path), source_of(path))


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_library_lives_in_one_place(path: Path) -> None:
    assert not strays(path.relative_to(ROOT).as_posix(), source_of(path))


def test_every_library_of_the_list_is_used() -> None:
    used = set().union(*(libraries_in(source_of(path)) for path in FILES))
    assert not OWNERS.keys() - used, "take these out of the list and of pyproject.toml"


def test_every_folder_of_the_table_exists() -> None:
    assert not BELOW.keys() - MODULES


def test_the_table_has_no_circle() -> None:
    graph = {
        folder: {f"{folder.split('.')[0]}.{name}" for name in below.split()}
        for folder, below in BELOW.items()
    }
    assert not circle(graph)


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Those that a function imports when it is called count as well."""
    assert not circle({module_of(path): modules_in(source_of(path)) - {module_of(path)} for path in FILES})


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """A way that leads back to where it began; empty where there is none."""
    done: set[str] = set()

    def follow(node: str, way: list[str]) -> list[str]:
        if node in way:
            return [*way[way.index(node) :], node]
        if node in done:
            return []
        found = next(
            (back for name in sorted(graph.get(node, ())) if (back := follow(name, [*way, node]))), []
        )
        done.add(node)
        return found

    return next((back for node in sorted(graph) if (back := follow(node, []))), [])


# Every rule is broken once, by what somebody might write.
@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("ingest.pipeline", "from assistant.types import Answer"),
        ("ingest.loaders.pdf", "from ingest.store.index import Index"),
        ("ingest.fetch.pages", "from ingest.store.records import versioned"),
        ("ingest.text.chunking", "from ingest.embedding import Embedder"),
        ("ingest.types", "from ingest.text.sentences import Span"),
        ("ingest.store.index", "from ingest.pipeline import ingest"),
        ("assistant.language.words", "from assistant.retrieval.query import Query"),
        ("assistant.checking.check", "from assistant.retrieval.query import Query"),
        ("assistant.retrieval.search", "from assistant.answering.evidence import rank"),
        ("assistant.answering.context", "from assistant import core"),
        ("assistant.core", "from assistant.service.service import Service"),
        ("assistant.service.service", "from assistant.http import problems"),
        ("assistant.http.problems", "from assistant.api import ask"),
        ("assistant.api.ask", "from assistant.web.kit.html import Html"),
        ("assistant.mcp.tools", "from assistant.web.kit.html import Html"),
        ("assistant.web.chat.events", "from assistant.mcp import tools"),
        ("assistant.web.kit.html", "from assistant.web.answer import render"),
        ("assistant.web.chat.events", "from assistant.server.app import create_app"),
        ("assistant.messages", "from assistant.core import Assistant"),
        ("assistant.service.service", "import importlib; importlib.import_module('assistant.web')"),
        ("assistant.service.service", "def late():\n    from assistant.web import mount"),
    ],
)
def test_what_is_forbidden_is_found(module: str, line: str) -> None:
    assert module in MODULES
    assert forbidden(module, line)


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_elsewhere_is_found(library: str) -> None:
    assert strays("assistant/core.py", f"import {library}")
    assert strays("ingest/sources.py", f"def late():\n    from {library}.part import thing")


def test_class_names_are_unique() -> None:
    """A name that the whole project sees means one thing; private ones are their module's own."""
    places: dict[str, list[str]] = defaultdict(list)
    beside = (path for folder in ("benchmarks", "training") for path in (ROOT / folder).rglob("*.py"))
    for path in (*FILES, *beside):
        for node in ast.parse(source_of(path)).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(ROOT).as_posix())
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_only_the_settings_read_the_environment() -> None:
    readers = {path.relative_to(ROOT).as_posix() for path in FILES if "os.environ" in source_of(path)}
    assert readers <= {
        "ingest/settings.py",
        "ingest/privacy.py",
        "ingest/loaders/sandbox.py",
        "ingest/loaders/tesseract.py",
    }


def files_named(page: str) -> Iterator[tuple[str, str]]:
    """What CONTRIBUTING.md names: (the folder that the table or its row is about, a file or pattern in it)."""
    table = ""
    for line in page.splitlines():
        if heading := re.match(r"\*\*`(.+/)`\*\*|\| folder in `(.+/)`", line):
            table = heading[1] or heading[2]
        if line.startswith("| `"):
            first, *cells = line.strip("| ").split(" | ")
            places = re.findall(r"`([^`]+)`", first)
            yield from ((table, place) for place in places)
            folder = table + (places[0] if places[0].endswith("/") else "")
            for name in re.findall(r"`([^`]+\.\w+)`", " ".join(cells)):
                yield (folder, name)


def test_the_map_of_the_architecture_is_true() -> None:
    named_files = list(files_named((ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert len(named_files) > 100
    for folder, name in named_files:
        places = (ROOT / folder, (ROOT / folder).parent, ROOT)[: 3 if "/" in name else 1]
        assert any(list(place.glob(name.rstrip("/"))) for place in places), (folder, name)
    mapped = {f"{folder}{name}".rstrip("/") for folder, name in named_files}
    folders = {path.parent for path in FILES} - {ROOT / "ingest", ROOT / "assistant"}
    assert {path.relative_to(ROOT).as_posix() for path in folders} - mapped <= {"assistant/api/schemas"}
