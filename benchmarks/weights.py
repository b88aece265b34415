"""What does each dependency weigh, and what does importing it take?

    python -m benchmarks.weights

For every dependency in pyproject.toml that is installed here: the megabytes of its own files, those of it and of all that
nothing else asks for (what leaving it out would save), the files of the compiled bytecode left out, and the processor time
of importing it in a fresh process, less that of an empty one. `asks` says whether a question at the terminal imports it,
answered by quoting with the bundled model.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TIMED = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"
ASKED = """
import json, sys
import assistant.client.local, ingest.embedding.openvino_engine, ingest.embedding.packed_tokenizer, ingest.text.languages
import assistant.language.words
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def dependencies() -> list[str]:
    """The names of what pyproject.toml asks for on this machine, extras left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = map(Requirement, project["dependencies"])
    return [canonicalize_name(one.name) for one in asked if one.marker is None or one.marker.evaluate()]


@cache
def installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


@cache
def asked_by(name: str) -> frozenset[str]:
    """What a distribution asks for without extras."""
    found = installed(name)
    requirements = map(Requirement, (found.requires or []) if found else [])
    return frozenset(
        canonicalize_name(one.name)
        for one in requirements
        if one.marker is None or one.marker.evaluate({"extra": ""})
    )


def closure(names: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    open_ones = list(names)
    while open_ones:
        name = open_ones.pop()
        if name not in reached and installed(name):
            reached.add(name)
            open_ones.extend(asked_by(name))
    return reached


@cache
def megabytes(name: str) -> float:
    found = installed(name)
    paths = (
        [Path(str(path.locate())) for path in (found.files or []) if path.suffix != ".pyc"] if found else []
    )
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


@cache
def modules_of(name: str) -> tuple[str, ...]:
    """The packages to import of a distribution, those of tests and of leading underscores left out."""
    found = [
        module
        for module, owners in packages_distributions().items()
        if name in map(canonicalize_name, owners)
    ]
    named = [
        module
        for module in found
        if re.fullmatch(r"[a-z]\w*", module, re.I) and module not in ("tests", "test")
    ]
    return tuple(sorted(named, key=lambda module: canonicalize_name(module) != name))


def import_seconds(module: str) -> float | None:
    """Processor seconds; None where it cannot be imported by itself."""
    done = subprocess.run([sys.executable, "-c", TIMED.format(module)], capture_output=True, text=True)
    return float(done.stdout.split()[-1]) if done.returncode == 0 and done.stdout.strip() else None


def main() -> None:
    wanted = dependencies()
    everything = closure(wanted)
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, cwd=ROOT)
    asked = set(json.loads(done.stdout))
    rows = []
    for name in wanted:
        saved = everything - closure(other for other in wanted if other != name)
        modules = modules_of(name)
        seconds = import_seconds(modules[0]) if modules else None
        rows.append(
            (
                sum(map(megabytes, saved)),
                name,
                megabytes(name),
                len(saved),
                seconds,
                bool(asked & set(modules)),
            )
        )
    print(f"{len(everything)} distributions, {sum(map(megabytes, everything)):,.0f} MB unpacked\n")
    print(
        "| dependency | its files, MB | with what only it brings, MB | import, processor s | asks |\n"
        + "|---" * 5
        + "|"
    )
    for saves, name, own, count, seconds, used in sorted(rows, reverse=True):
        alone = f"{saves:.1f} ({count})" if count > 1 else f"{saves:.1f}"
        took = "-" if seconds is None else f"{seconds:.2f}"
        print(f"| {name} | {own:.1f} | {alone} | {took} | {'yes' if used else 'no'} |", flush=True)


if __name__ == "__main__":
    main()
