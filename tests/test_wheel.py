"""The built wheel, installed elsewhere and run from another folder, can ingest and answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("assistant", "ingest", "prompts", "pyproject.toml", "README.md", "LICENSE")

COMMANDS = """
import assistant, assistant.cli, ingest.cli
print(assistant.__file__)
assert ingest.cli.main(["lighthouse.txt"]) == 0
assert assistant.cli.main(["ask", "When was the lighthouse of Skagen built?", "--json"]) == 0
"""


def run(*command: str, cwd: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_installed_wheel_ingests_and_answers(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for part in PARTS:
        whole = ROOT / part
        if whole.is_dir():
            shutil.copytree(whole, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(whole, source / part)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    plain = dict(os.environ)
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", "dist", ".", cwd=source, environment=plain)
    (wheel,) = (source / "dist").glob("*.whl")
    installed = tmp_path / "installed"
    run(*pip, "install", "--no-deps", "--target", str(installed), str(wheel), cwd=tmp_path, environment=plain)

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lighthouse.txt").write_text(
        "The lighthouse of Skagen was built in 1858. Its keeper said the lamp never failed.", encoding="utf-8"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "ASSISTANT_DATA_DIR": str(tmp_path / "data"),
        "ASSISTANT_READER": "auto",  # its weights must be in the wheel
    }
    # Both commands in one process, for the libraries of the model take seconds to import.
    printed = run(sys.executable, "-c", COMMANDS, cwd=elsewhere, environment=environment).splitlines()
    assert Path(printed[0]).is_relative_to(installed)
    answer = json.loads(printed[-1])
    assert "1858" in answer["citations"][0]["quote"]
    assert (installed / "assistant" / "samples").is_dir()
    assert (installed / "prompts").is_dir()
