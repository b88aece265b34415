"""What deploy/ offers works, or at least speaks of settings, commands and files that there are."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import cli
from assistant.access import accounts_from_settings
from assistant.settings import Settings
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.originals import Originals
from ingest.store.index import Index
from tests.support.server import ROOT, Server

DEPLOY = ROOT / "deploy"
FILES = [*sorted(DEPLOY.iterdir()), ROOT / "docs" / "deployment.md"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_named_is_one(path: Path) -> None:
    named = set(re.findall(r"ASSISTANT_([A-Z_]+)", path.read_text("utf-8")))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_documentation_links_to_files_that_there_are() -> None:
    page = ROOT / "docs" / "deployment.md"
    links = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    assert {path.name for path in DEPLOY.iterdir()} <= {
        *(Path(link).name for link in links),
        "backup.sh",
        "restore.sh",
        "Dockerfile",
    }
    assert [link for link in links if not (page.parent / link).exists()] == []


# Kubernetes


@pytest.fixture(scope="module")
def manifest() -> dict[tuple[str, str], dict[str, Any]]:
    """The objects by kind and name."""
    objects = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8"))
    return {(one["kind"], one["metadata"]["name"]): one for one in objects}


def container(manifest: dict[tuple[str, str], dict[str, Any]], name: str) -> dict[str, Any]:
    (only,) = manifest["StatefulSet", name]["spec"]["template"]["spec"]["containers"]
    return dict(only)


@pytest.mark.parametrize("name", ["assistant", "chroma"])
def test_services_do_not_name_variables_like_settings(
    manifest: dict[tuple[str, str], dict[str, Any]], name: str
) -> None:
    """A service called assistant gives pods an ASSISTANT_PORT of tcp://…, and a server refuses to start with that."""
    assert manifest["StatefulSet", name]["spec"]["template"]["spec"]["enableServiceLinks"] is False


def test_the_manifest_fits_together(manifest: dict[tuple[str, str], dict[str, Any]]) -> None:
    data = manifest["ConfigMap", "assistant"]["data"]
    settings = Settings.model_validate(
        {key.removeprefix("ASSISTANT_").lower(): value for key, value in data.items()}
    )
    service = manifest["Service", "chroma"]
    assert settings.chroma_url == f"http://chroma:{service['spec']['ports'][0]['port']}"
    (path,) = manifest["Ingress", "assistant"]["spec"]["rules"][0]["http"]["paths"]
    assert path["path"] == settings.root_path
    assert ("Service", path["backend"]["service"]["name"]) in manifest
    for kind in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
        for (found, name), one in manifest.items():
            if found == kind:
                spec = one["spec"]
                chosen = (
                    spec["selector"] if kind == "Service" else spec.get("selector", spec.get("podSelector"))
                )
                labels = chosen.get("matchLabels", chosen)
                assert labels == manifest["StatefulSet", name]["spec"]["template"]["metadata"]["labels"]
    assistant = container(manifest, "assistant")
    (volume,) = (one for one in assistant["volumeMounts"] if one["name"] == "shared")
    assert Path(volume["mountPath"]) == settings.shared_dir
    assert ("PersistentVolumeClaim", "shared") in manifest
    assert assistant["securityContext"]["readOnlyRootFilesystem"]
    assert manifest["StatefulSet", "assistant"]["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"]
    assert {mount["mountPath"] for mount in assistant["volumeMounts"]} == {"/data", "/shared", "/tmp"}  # noqa: S108  # in the container


def test_the_commands_of_the_manifest_exist(manifest: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert cli._parser().parse_args(container(manifest, "assistant")["args"]).run
    chroma = [str(Path(sys.executable).with_name("chroma")), "run", "--help"]
    known = subprocess.run(chroma, capture_output=True, text=True, check=True).stdout
    asked = container(manifest, "chroma")["args"]
    assert asked[0] == "run"
    assert all(flag in known for flag in asked if flag.startswith("--"))


def test_the_probes_are_answered(manifest: dict[tuple[str, str], dict[str, Any]], server: Server) -> None:
    assistant = container(manifest, "assistant")
    for probe in ("livenessProbe", "readinessProbe"):
        assert server.call("GET", assistant[probe]["httpGet"]["path"]).json() == {"status": "ok"}


# The container and the unit


def instructions(name: str) -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each on one line."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word == name]


def test_the_image_is_made_of_what_there_is(server: Server) -> None:
    sources = [one for _, rest in instructions("COPY") if "--from" not in rest for one in rest.split()[:-1]]
    assert [one for one in sources if not (ROOT / one).exists()] == []
    needed = yaml.safe_load(
        "[" + re.findall(r"include = \[(.*)\]", (ROOT / "pyproject.toml").read_text())[0] + "]"
    )
    assert {one.rstrip("*") for one in needed} <= set(sources)
    ((_, user),) = instructions("USER")
    assert user.split(":")[0] not in ("0", "root")
    environment = dict(pair.split("=", 1) for _, rest in instructions("ENV") for pair in rest.split())
    Settings.model_validate(
        {
            key.removeprefix("ASSISTANT_").lower(): value
            for key, value in environment.items()
            if "ASSIST" in key
        }
    )
    ((_, entry),), ((_, command),) = instructions("ENTRYPOINT"), instructions("CMD")
    assert json.loads(entry) == ["assistant"]
    assert cli._parser().parse_args(json.loads(command)).run


def test_the_containers_health_check_tells(server: Server) -> None:
    ((_, check),) = instructions("HEALTHCHECK")
    python, *arguments = json.loads(check.partition("CMD ")[2])
    assert python == "python"
    for address, status in ((server.url, 0), ("http://127.0.0.1:9", 1)):
        asked = [one.replace("http://127.0.0.1:7860", address) for one in arguments]
        done = subprocess.run([sys.executable, *asked], capture_output=True, env={}, timeout=60)
        assert done.returncode == status


def test_the_unit_runs_a_command_that_there_is() -> None:
    unit = (DEPLOY / "assistant.service").read_text("utf-8")
    (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    program, *arguments = shlex.split(command)
    assert Path(program).name == "assistant"
    assert cli._parser().parse_args(arguments).run


def test_users_are_written_as_the_examples_do() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    (example,) = re.findall(r"ASSISTANT_USERS='(.*)'", text)
    (anna,) = accounts_from_settings.users(Settings.model_validate({"users": example}).users).values()
    assert anna.role == "admin"


# Backup and restore


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(DEPLOY / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_a_backup_of_a_busy_server_brings_every_document_back(
    server: Server, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    kept = {
        f"kept{number}": f"# Kept\n\nThe ship number {number} sank in the year {1800 + number}."
        for number in range(5)
    }
    jobs = server.add(**kept)
    late = {
        f"late{number}": f"# Late\n\nThe train number {number} left at noon." * 40 for number in range(30)
    }
    with ThreadPoolExecutor(1) as busy:
        adding = busy.submit(server.add, **late)
        done = run("backup.sh", server.data, tmp_path / "backup")
        assert (done.returncode, done.stderr) == (0, "")
        assert {job["state"] for job in adding.result()} == {"done"}  # the server goes on
    assert run("backup.sh", server.data, tmp_path / "backup").returncode == 2  # it overwrites nothing
    assert run("restore.sh", tmp_path / "backup", tmp_path / "restored").returncode == 0
    assert run("restore.sh", tmp_path / "backup", tmp_path / "restored").returncode == 2
    index = Index.open(tmp_path / "restored", embedder)
    try:
        texts = {record.source: index.texts.by_id(record.id) for record in index.records()}
        assert {f"{name}.md": text.removeprefix("# ") for name, text in kept.items()}.items() <= texts.items()
        assert {record.source: record.characters for record in index.records()} == {
            source: len(text) for source, text in texts.items()
        }
        assert len(list(index.replica.store.passage_ids())) == index.catalogue.passages
        originals = Originals(tmp_path / "restored" / "originals")
        for job in jobs:
            record = index.record(str(job["document_id"]))
            assert record
            assert originals.find(record.sha256)
    finally:
        index.close()
    for job in jobs:
        server.call("DELETE", f"/api/documents/{job['document_id']}")
