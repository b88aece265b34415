"""The HTTP interface does what its own description says, whatever is sent to it."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.server import KEYS, Server

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
HEADERS = {"Authorization": f"Bearer {KEYS['editor']}"}
# The phase that walks through every corner of every schema takes minutes.
CONFIG = {"phases": {"coverage": {"enabled": False}}}


def test_every_answer_is_as_described(guarded: Server) -> None:
    config = schemathesis.Config.from_dict(CONFIG)
    url = f"{guarded.url}/openapi.json"
    described = schemathesis.openapi.from_url(url, headers=HEADERS, config=config)
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 12
    for operation in operations:
        _check(operation)


def _check(operation: schemathesis.APIOperation) -> None:
    @given(operation.as_strategy())
    @settings(
        max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
    )
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=HEADERS, checks=CHECKS, timeout=60)

    check()
