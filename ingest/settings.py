"""The settings of ingestion, read once from the environment and ``.env``; the assistant's build on them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection
from pathlib import Path
from typing import Literal, TypeVar

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import WrongSetting

PREFIX = "ASSISTANT_"
BUNDLED_MODEL = "all-MiniLM-L6-v2"  # its weights come as a package, so that no hub is needed
ALIKE = 0.65  # from here on a name is taken for another one misspelt


class IngestSettings(BaseSettings):
    """``ASSISTANT_DATA_DIR`` sets ``data_dir``, and so on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=lambda: user_data_path("article-assistant", appauthor=False))
    embedding_model: str = Field(BUNDLED_MODEL, min_length=1)
    number_format: Literal["auto", "float32", "bfloat16"] = "auto"
    chroma_url: str = Field("", pattern=r"^($|https?://)")
    max_upload_mb: int = Field(200, ge=1)
    allow_private_urls: bool = False


Chosen = TypeVar("Chosen", bound=IngestSettings)


def load(kind: type[Chosen], **overrides: object) -> Chosen:
    """The settings as configured; raises `WrongSetting` that names each and says what would be right."""
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return kind(**given)  # type: ignore[arg-type]  # pydantic validates
    except ValidationError as error:
        raise WrongSetting("\n".join(_in_words(one) for one in error.errors())) from error


def load_settings() -> IngestSettings:
    """The settings as configured. Raises `WrongSetting` for a wrong value, or a name that is nearly one of these.

    Other names are left alone: most settings are the assistant's, which reads the same ``.env``.
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


def close_to(name: str, known: Collection[str], cutoff: float) -> str:
    """What may be meant by ``name``, in words; empty where none of ``known`` is alike (difflib's ratio).

    A name that goes on after one of them is taken for that.
    """
    begun = sorted((one for one in known if name.startswith(f"{one}_")), key=len)[-1:]
    close = begun or difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    return f"Did you mean {PREFIX}{close[0]}?" if close else ""


def no_such(name: str, hint: str) -> WrongSetting:
    return WrongSetting(f"There is no setting {PREFIX}{name}. {hint}")


def _in_words(error: ErrorDetails) -> str:
    name = PREFIX + str(error["loc"][0]).upper()
    return f"{name}={str(error['input'])!r} is wrong: {error['msg']}."
