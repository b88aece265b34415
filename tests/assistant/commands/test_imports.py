"""What a command imports: what takes long to import is left to the process that needs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# What answers imports these; each takes a tenth of a second to several.
LARGE = (
    "chromadb",
    "fastapi",
    "gradio",
    "langchain",
    "numpy",
    "openvino",
    "simplemma",
    "tantivy",
    "torch",
    "transformers",
)
PROGRAM = """
import importlib, json, sys
for name in sys.argv[1].split():
    importlib.import_module(name)
from assistant.cli import _parser
_parser(sys.argv[2])
print(json.dumps([name for name in sys.argv[3].split() if name in sys.modules]))
"""


@pytest.mark.parametrize(
    ("modules", "command"),
    [
        ("assistant.cli", "serve"),
        ("assistant.cli assistant.commands.ask assistant.client.asking", "ask"),  # through a running server
    ],
)
def test_a_command_that_a_server_answers_imports_nothing_large(modules: str, command: str) -> None:
    arguments = [sys.executable, "-c", PROGRAM, modules, command, " ".join(LARGE)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout) == []


def test_what_answers_imports_no_framework_of_models_or_pages() -> None:
    """The bundled multilingual model runs without torch, and a question at the terminal without the pages."""
    arguments = [sys.executable, "-c", PROGRAM, "assistant.client.local assistant.core", "ask"]
    unneeded = "gradio langchain torch transformers sentence_transformers trafilatura"
    done = subprocess.run([*arguments, unneeded], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout) == []
