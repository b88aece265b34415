"""The settings of ingestion, read once from the environment and ``.env``; the assistant's build on them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.embedding import BUNDLED_MODEL
from ingest.errors import WrongSetting

PREFIX = "ASSISTANT_"


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


def _in_words(error: ErrorDetails) -> str:
    name = PREFIX + str(error["loc"][0]).upper()
    return f"{name}={str(error['input'])!r} is wrong: {error['msg']}."
