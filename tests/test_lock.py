"""requirements.lock fits pyproject.toml and constraints.txt: `make lock` writes it anew where it does not."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"torch"}  # each chooses its build: see README.md
STALE = "requirements.lock is stale: run `make lock`"


def pins(path: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", path.read_text("utf-8"), re.M)
    return {canonicalize_name(name): version for name, version in found}


LOCKED = pins(ROOT / "requirements.lock")


def wanted(requirements: list[str]) -> list[Requirement]:
    """Those that hold on this machine, without extras."""
    parsed = map(Requirement, requirements)
    return [one for one in parsed if one.marker is None or one.marker.evaluate({"extra": ""})]


def test_every_dependency_is_locked_to_a_version_that_fits() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for one in map(Requirement, project["dependencies"]):
        name = canonicalize_name(one.name)
        assert name in LOCKED or name in LEFT_OUT, f"{name}: {STALE}"
        assert name in LEFT_OUT or one.specifier.contains(LOCKED[name]), f"{one}: {STALE}"


def test_the_lock_has_the_versions_that_the_tests_run_with() -> None:
    constrained = pins(ROOT / "constraints.txt")
    different = {
        name: version for name, version in LOCKED.items() if constrained.get(name, version) != version
    }
    assert not different, STALE


def test_what_the_dependencies_ask_for_is_locked_too() -> None:
    for name, version in LOCKED.items():
        try:
            asked = wanted(requires(name) or [])
        except PackageNotFoundError:  # for another platform
            continue
        for one in asked:
            other = canonicalize_name(one.name)
            assert other in LOCKED or other in LEFT_OUT, f"{name} {version} asks for {other}: {STALE}"


def test_every_file_has_a_hash_and_no_address_stands_in_it() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
