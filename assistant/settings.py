"""The assistant's settings: those of ingestion, and its own."""

from __future__ import annotations

import difflib
import os
from typing import Annotated

from dotenv import dotenv_values
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from ingest.errors import WrongSetting
from ingest.settings import PREFIX, IngestSettings, load

# Read so that their names stay reserved; refused so that nobody relies on what is not there yet.
NOT_YET = ("api_keys", "users", "embed_origins")

Listed = Annotated[tuple[str, ...], NoDecode]


class Settings(IngestSettings):
    """Every setting with its default; ``ASSISTANT_PORT`` sets ``port``, and so on."""

    llm: str = ""
    llm_base_url: str = Field("", pattern=r"^($|https?://)")
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(120, gt=0)
    llm_context: int = Field(8_192, ge=1_024)
    answer_cache: int = Field(0, ge=0)
    host: str = "127.0.0.1"
    port: int = Field(7860, ge=0, le=65535)
    api_keys: Listed = ()
    users: Listed = ()
    embed_origins: Listed = ()

    @property
    def local_models(self) -> tuple[str, ...]:
        """The models that run in this process: names of the Hugging Face hub, folders, the bundled one."""
        provider, _, name = self.llm.partition(":")
        return (self.embedding_model, *([name] if provider == "huggingface" else []))

    @field_validator("llm")
    @classmethod
    def _with_provider(cls, value: str) -> str:
        """A model is named with who provides it."""
        if value and not all(part.strip() for part in (value.partition(":")[0], value.partition(":")[2])):
            raise ValueError("write PROVIDER:MODEL, as in openai:gpt-4.1-mini or huggingface:FOLDER")
        return value.strip()

    @field_validator("api_keys", "users", "embed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Lists are written with commas."""
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )


def load_settings(**overrides: object) -> Settings:
    """The settings as configured. Raises `WrongSetting` for a wrong value or an unknown name."""
    _refuse_unknown()
    settings = load(Settings, **overrides)
    for name in NOT_YET:
        if getattr(settings, name):
            raise WrongSetting(f"{PREFIX}{name.upper()} has no effect in this version. Unset it.")
    return settings


def _refuse_unknown() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = {
        name.upper() for name in (*os.environ, *dotenv_values(".env")) if name.upper().startswith(PREFIX)
    }
    for name in sorted(given - known):
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {close[0]}?" if close else f" There are: {', '.join(sorted(known))}."
        raise WrongSetting(f"There is no setting {name}.{hint}")
