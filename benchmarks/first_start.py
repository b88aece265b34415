"""From a fresh clone to the first answer: how long does each part take, and how much is downloaded?

    python -m benchmarks.first_start [--work DIR] [--no-torch] [--pip-args ARGS] [--compile] [--installed]

The committed state is cloned, and what `make run` does is done there in parts: the environment, resolving (from what was
downloaded, so without the network), downloading (nothing from a cache), unpacking, and with ``--compile`` what pip would do next: compile
all to bytecode, which `make run` leaves to the first import of each module. Then the server starts with the sample articles: the address is
printed, the page answers, the model is there, the samples are indexed, the first question is answered. It is started once more, which is
what every later start takes. At last `assistant ask`: through that server, and without one, beside an import of the libraries that
it imports then, in fresh processes, the medians of ``--rounds``. Seconds are the clock's; processor seconds are those of all threads.
``--no-torch`` installs from requirements.lock, as `make run TORCH=no` does. ``--installed`` leaves the environment out and takes
this one.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "What did Uschakow say about territory?"
SAMPLES = len(list((ROOT / "assistant" / "samples").glob("*.md")))
PATIENCE = 900.0  # seconds that a step of the start may take
# Imports what the product has imported once it has answered, and nothing of the product's own.
BARE = """
import importlib, sys
for name in sys.argv[1].split():
    importlib.import_module(name)
"""
IMPORTED = """
import contextlib, io, json, sys
from assistant.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(["ask", sys.argv[1]])
tops = {name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - {"assistant", "ingest", "prompts", "__main__"}
print(json.dumps(sorted(name for name in tops if name.isidentifier() and not name.startswith("_"))))
"""


@dataclass
class StartParts:
    """The rows of the table: what each part took."""

    rows: list[tuple[str, float, float, str]] = field(default_factory=list)

    def add(self, name: str, seconds: float, processor: float, more: str = "") -> None:
        self.rows.append((name, seconds, processor, more))
        print(f"# {name}: {seconds:.1f} s {more}", file=sys.stderr, flush=True)

    def run(self, name: str, work: Callable[[], object], more: Callable[[], str] = lambda: "") -> None:
        began, used = time.perf_counter(), children()
        work()
        self.add(name, time.perf_counter() - began, children() - used, more())

    def show(self) -> None:
        print("| part | s | processor s | |\n|---|---|---|---|")
        for name, seconds, processor, more in self.rows:
            print(f"| {name} | {seconds:.1f} | {processor:.1f} | {more} |")


def children() -> float:
    """Processor seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def call(*command: str | Path, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{shlex.join(map(str, command))}\n{done.stderr[-2000:]}")
    return done.stdout


def size(folder: Path) -> float:
    """Megabytes of the files below a folder."""
    return (
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        / 1e6
    )


def install(clone: Path, parts: StartParts, options: argparse.Namespace) -> Path:
    """The environment of a clone, made in parts; returns its interpreter."""
    venv, wheels = clone / ".venv", clone.parent / "wheels"
    parts.run("environment", lambda: call(sys.executable, "-m", "venv", venv))
    pip = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    locked = ["--no-deps", "--require-hashes", "--requirement", "requirements.lock"]
    wanted = locked if options.no_torch else ["--constraint", "constraints.txt", "."]
    given = shlex.split(options.pip_args)
    download = [*pip, "download", "--no-cache-dir", "--dest", wheels, *given, *wanted]
    began, used = time.perf_counter(), children()
    call(*download, cwd=clone)
    both, both_used = time.perf_counter() - began, children() - used
    local = ["--no-index", "--find-links", wheels]
    names = [path for path in wheels.iterdir() if not path.name.startswith("article_assistant")]
    began, used = time.perf_counter(), children()
    resolve = wanted if options.no_torch else ["--constraint", "constraints.txt", *_requirements(clone)]
    call(*pip, "install", "--dry-run", *local, *resolve, cwd=clone)
    resolving, resolving_used = time.perf_counter() - began, children() - used
    parts.add("resolve", resolving, resolving_used, f"{len(names)} distributions")
    parts.add("download", both - resolving, both_used - resolving_used, f"{size(wheels):,.0f} MB")
    packages = next((venv / "lib").glob("python*/site-packages"))
    parts.run(
        "unpack",
        lambda: call(*pip, "install", "--no-compile", "--no-deps", *local, *names),
        lambda: f"{size(packages):,.0f} MB",
    )
    parts.run(
        "the project itself",
        lambda: call(*pip, "install", "--no-compile", "--no-deps", *given, "--editable", ".", cwd=clone),
    )
    shutil.rmtree(wheels)
    if options.compile:
        copy = clone.parent / "compiled"
        shutil.copytree(packages, copy)
        parts.run(
            "(compile everything, left out)",
            # Some packages carry templates that are no Python yet: that it says so is no failure.
            lambda: subprocess.run(
                [venv / "bin" / "python", "-m", "compileall", "-qq", copy],
                check=False,
                stdout=subprocess.DEVNULL,
            ),
        )
        shutil.rmtree(copy)
    return venv / "bin" / "python"


def _requirements(clone: Path) -> list[str]:
    text = (clone / "pyproject.toml").read_text("utf-8")
    (block,) = re.findall(r"^dependencies = \[(.*?)^\]", text, re.M | re.S)
    return re.findall(r'^\s*"(.+?)",', block, re.M)


class RunningServer:
    """A server on a free port, asked by HTTP until it has got somewhere."""

    def __init__(self, python: Path, data: Path, clone: Path) -> None:
        environment = {**os.environ, "ASSISTANT_DATA_DIR": str(data), "HF_HUB_OFFLINE": "1"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.began = time.perf_counter()
        command = [python, "-m", "assistant", "serve", "--port", "0", "--samples"]
        self.process = subprocess.Popen(
            command, cwd=clone, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        if found is None:
            raise SystemExit("The server did not start.")
        self.url = found[0]

    def processor(self) -> float:
        """Processor seconds of the server so far, without those of its children."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def until(self, path: str, fits: Callable[[bytes], bool], body: bytes | None = None) -> bytes:
        """The first answer of status 200 that fits."""
        headers = {"Content-Type": "application/json"} if body else {}
        while time.perf_counter() - self.began < PATIENCE:
            try:
                request = urllib.request.Request(self.url + path, data=body, headers=headers)  # noqa: S310  # our own server
                with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                    content: bytes = answer.read()
                    if fits(content):
                        return content
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
            time.sleep(0.05)
        raise SystemExit(f"{path} was not ready within {PATIENCE:.0f} seconds.")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()


def started(python: Path, data: Path, clone: Path, parts: StartParts, name: str) -> RunningServer:
    """Start a server and wait for each of its steps."""
    server = RunningServer(python, data, clone)
    last, used = server.began, 0.0

    def lap(step: str, content: bytes = b"") -> bytes:
        nonlocal last, used
        now, cpu = time.perf_counter(), server.processor()
        parts.add(f"{name}: {step}", now - last, cpu - used, f"{now - server.began:.1f} s since the start")
        last, used = now, cpu
        return content

    lap("address printed")
    lap("page", server.until("/", lambda content: b"gradio" in content))
    lap("model and index", server.until("/api/health?ready=true", lambda content: b"ok" in content))
    lap(
        "samples indexed",
        server.until("/api/documents", lambda content: json.loads(content)["total"] >= SAMPLES),
    )
    lap(
        "first answer",
        server.until("/api/ask", lambda content: True, json.dumps({"question": QUESTION}).encode()),
    )
    return server


def timed(
    command: Sequence[str | Path], environment: dict[str, str], cwd: Path, rounds: int
) -> tuple[float, float]:
    """Seconds, and processor seconds, of a command: medians, after one that fills the caches."""
    taken = []
    for number in range(rounds + 1):
        began, used = time.perf_counter(), children()
        call(*command, cwd=cwd, environment=environment)
        if number:
            taken.append((time.perf_counter() - began, children() - used))
    seconds, processor = zip(*taken, strict=True)
    return statistics.median(seconds), statistics.median(processor)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, help="where the clone and its environment go for a while")
    parser.add_argument("--no-torch", action="store_true")
    parser.add_argument("--pip-args", default="")
    parser.add_argument("--installed", action="store_true")
    parser.add_argument(
        "--compile", action="store_true", help="also compile everything, as pip does by default"
    )
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    parts = StartParts()
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        clone, data = Path(folder) / "clone", Path(folder) / "data"
        parts.run(
            "clone",
            lambda: call("git", "clone", "--quiet", "--no-hardlinks", ROOT, clone),
            lambda: f"{size(clone):.0f} MB",
        )
        python = Path(sys.executable) if options.installed else install(clone, parts, options)
        server = started(python, data, clone, parts, "first start")
        server.close()
        server = started(python, data, clone, parts, "next start")
        environment = {
            **os.environ,
            "ASSISTANT_DATA_DIR": str(data),
            "HF_HUB_OFFLINE": "1",
            "PYTHONPATH": str(clone),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        ask = [python, "-m", "assistant", "ask", QUESTION]
        parts.add("ask through the server", *timed(ask, environment, clone, options.rounds))
        server.close()
        cold = timed(ask, environment, clone, options.rounds)
        libraries = json.loads(
            call(python, "-c", IMPORTED, QUESTION, cwd=clone, environment=environment).splitlines()[-1]
        )
        bare = timed([python, "-c", BARE, " ".join(libraries)], environment, clone, options.rounds)
        own = timed(
            [
                python,
                "-c",
                BARE,
                "assistant.client.local assistant.core assistant.commands.ask ingest.embedding.openvino_engine ingest.embedding.packed_tokenizer",
            ],
            environment,
            clone,
            options.rounds,
        )
        parts.add("ask without a server", *cold, f"{cold[1] / bare[1]:.2f} times the bare imports")
        parts.add("of it all imports", *own, f"{own[1] / bare[1]:.2f} times the bare imports")
        parts.add("bare imports of its libraries", *bare, f"{len(libraries)} libraries")
    parts.show()


if __name__ == "__main__":
    main()
