"""The API's description as a page without scripts: what FastAPI ships loads them from the Internet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} API</title>
<style>
:root {{ color-scheme: light dark; background: Canvas; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }}
h2 {{ font: bold 1rem ui-monospace, monospace; margin: 2.5rem 0 .25rem; }}
pre {{ padding: .75rem; overflow-x: auto; border: 1px solid #8886; border-radius: .5rem; }}
td, th {{ text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }}
</style></head><body>
<h1>{title} API</h1>
<p>{description}</p>
<p>Errors are <a href="https://www.rfc-editor.org/rfc/rfc9457">problem details</a>.
For programs: <a href="openapi.json">openapi.json</a>.</p>
{operations}
</body></html>
"""


def page(openapi: dict[str, Any]) -> str:
    """The page for an OpenAPI description."""
    info, schemas = openapi["info"], openapi.get("components", {}).get("schemas", {})
    operations = "\n".join(
        _operation(method, path, operation, schemas)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    title, description = escape(info["title"]), escape(info["description"])
    return _PAGE.format(title=title, description=description, operations=operations)


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    parts = [
        f"<section><h2>{escape(method.upper())} {escape(path)}</h2>",
        f"<p>{escape(operation.get('description', ''))}</p>",
        _parameters(operation.get("parameters", [])),
        *_bodies("Request", operation.get("requestBody", {}).get("content", {}), schemas),
    ]
    for status, response in operation.get("responses", {}).items():
        if status.startswith("2"):
            parts += _bodies(f"Response {status}", response.get("content", {}), schemas)
    return "\n".join([*parts, "</section>"])


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(parameter['in'])}</td>"
        f"<td>{escape(_type(parameter['schema']))}</td><td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in parameters
    )
    return f"<table>{rows}</table>" if rows else ""


def _bodies(label: str, content: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    for media_type, body in content.items():
        outline = json.dumps(_outline(body.get("schema", {}), schemas), indent=2, ensure_ascii=False)
        yield f"<p>{escape(label)}, {escape(media_type)}</p><pre tabindex='0'>{escape(outline)}</pre>"


def _outline(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A schema's example or, without one, JSON with the names of types for values."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return _outline(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "properties" in schema:
        return {name: _outline(value, schemas) for name, value in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_outline(schema.get("items", {}), schemas)]
    return _type(schema)


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(_type(option) for option in schema["anyOf"])
    return str(schema.get("format") or schema.get("type", "any"))
