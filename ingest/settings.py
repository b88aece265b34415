"""The settings of ingestion, read once from the environment and ``.env``; the assistant's build on them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal, TypeVar, get_args

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import WrongSetting

PREFIX = "ASSISTANT_"
# The weights of these come as packages, so that no hub is needed.
MULTILINGUAL_MODEL, ENGLISH_MODEL = "multilingual-e5-small", "all-MiniLM-L6-v2"
BUNDLED_MODELS = (MULTILINGUAL_MODEL, ENGLISH_MODEL)
ALIKE = 0.65  # difflib's ratio from which on a name is taken for a misspelling of another
URL = "an address that begins with http:// or https://"


class IngestSettings(BaseSettings):
    """``ASSISTANT_DATA_DIR`` sets ``data_dir``, and so on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=lambda: user_data_path("article-assistant", appauthor=False))
    embedding_model: str = Field("", description="the name or the folder of a model")
    number_format: Literal["auto", "float32", "bfloat16"] = "auto"
    chroma_url: str = Field("", pattern=r"^($|https?://)", description=URL)
    shared_dir: Path | None = None
    max_upload_mb: int = Field(200, ge=1)
    allow_private_urls: bool = False
    follow_minutes: int = Field(30, ge=5, le=10_080)
    ocr: Literal["auto", "none"] = "auto"
    ocr_languages: str = Field(
        "",
        pattern=r"^[A-Za-z][A-Za-z0-9_/]*(\+[A-Za-z][A-Za-z0-9_/]*)*$|^$",
        description="Tesseract's codes, as in deu+eng",
    )
    ocr_pages: int = Field(500, ge=1)
    keep_versions: str = Field("all", pattern=r"^(all|[0-9]{1,5})$", description="all, or a number of days")
    traces_url: str = Field("", pattern=r"^($|https?://)", description=URL)

    @property
    def files_dir(self) -> Path:
        """Where the files are that all servers need which share a Chroma server: originals, uploads that wait, what can be undone."""
        return self.shared_dir or self.data_dir

    @property
    def keep_days(self) -> int | None:
        """The days that an earlier version of a document is kept; None: as long as the document."""
        return None if self.keep_versions == "all" else int(self.keep_versions)


SettingsType = TypeVar("SettingsType", bound=IngestSettings)


def load(kind: type[SettingsType], **options: object) -> SettingsType:
    """The settings as configured; ``options`` of a command go before them, unless they are None.

    A field's description says which values are right, where its type does not. Raises `WrongSetting`, which names
    each wrong setting or option and the values that are right.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return kind(**given)  # type: ignore[arg-type]  # pydantic validates
    except ValidationError as error:
        raise WrongSetting(
            "\n".join(_in_words(detail, kind.model_fields, given) for detail in error.errors())
        ) from error


def load_settings() -> IngestSettings:
    """The settings as configured. Raises `WrongSetting` for a wrong value, or a name that is nearly one of these.

    Other names are ignored: most settings are the assistant's, which reads the same ``.env``.
    """
    known = {name.upper() for name in IngestSettings.model_fields}
    for name in sorted(names_given() - known):
        if hint := close_to(name, known, ALIKE):
            raise no_such(name, hint)
    return load(IngestSettings)


def names_given() -> set[str]:
    """The names set in the environment or in ``.env``, without their prefix."""
    given = (name.upper() for name in (*os.environ, *dotenv_values(".env")))
    return {name.removeprefix(PREFIX) for name in given if name.startswith(PREFIX)}


def omp_threads() -> int:
    """OMP_NUM_THREADS, which numerical libraries follow too; 0 where it is not set, or no number."""
    first, _, _ = os.environ.get("OMP_NUM_THREADS", "").partition(",")
    return int(first) if first.strip().isdecimal() else 0


def traces_protocol(settings: IngestSettings) -> Literal["", "http", "grpc"]:
    """How spans are sent to the collector that ASSISTANT_TRACES_URL or OpenTelemetry's own variables name; "" for none."""
    endpoints = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    wanted = settings.traces_url or any(os.environ.get(name) for name in endpoints)
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if not wanted or off or os.environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return ""
    general = os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "")
    return "grpc" if os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", general) == "grpc" else "http"


def close_to(name: str, known: Collection[str], cutoff: float) -> str:
    """A sentence that proposes the name in ``known`` that is most like ``name``, by difflib's ratio; empty where none is.

    A name in ``known`` that ``name`` begins with goes before all others: the longest such one.
    """
    beginnings = sorted((candidate for candidate in known if name.startswith(f"{candidate}_")), key=len)
    close = beginnings[-1:] or difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    return f"Did you mean {PREFIX}{close[0]}?" if close else ""


def no_such(name: str, hint: str) -> WrongSetting:
    return WrongSetting(f"There is no setting {PREFIX}{name}. {hint}")


def _in_words(error: ErrorDetails, fields: Mapping[str, FieldInfo], options: Collection[str]) -> str:
    field = str(error["loc"][0])
    name = f"--{field.replace('_', '-')}" if field in options else PREFIX + field.upper()
    own = error["type"] == "value_error"  # raised by a validator of ours, which says what would be right
    advice = str(error["ctx"]["error"]) if own else f"give {_right(fields[field])}"
    given = (
        "" if fields[field].annotation is SecretStr else f"={str(error['input'])!r}"
    )  # a password is in none
    return f"{name}{given} is wrong: {advice}."


def _right(field: FieldInfo) -> str:
    """The values that a field takes, in words."""
    if field.description:
        return field.description
    if field.annotation is bool:
        return "true or false"
    if field.annotation in (int, float):
        number = "a whole number" if field.annotation is int else "a number"
        limits = {
            name: limit
            for constraint in field.metadata
            for name in ("ge", "gt", "le")
            if (limit := getattr(constraint, name, None)) is not None
        }
        if "le" in limits:
            return f"{number} from {limits['ge']} to {limits['le']}"
        return f"{number}, {limits['ge']} or more" if "ge" in limits else f"{number} above {limits['gt']}"
    choices = get_args(field.annotation)
    return f"one of {', '.join(map(str, choices))}" if choices else "another value"
