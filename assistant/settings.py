"""The assistant's settings: those of ingestion, and its own."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from ingest.errors import WrongSetting
from ingest.settings import PREFIX, URL, IngestSettings, close_to, load, names_given, no_such

Listed = Annotated[tuple[str, ...], NoDecode]
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d+)?")


class Settings(IngestSettings):
    """Every setting with its default; ``ASSISTANT_PORT`` sets ``port``, and so on."""

    llm: str = ""
    llm_base_url: str = Field("", pattern=r"^($|https?://)", description=URL)
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(120, gt=0)
    llm_context: int = Field(8_192, ge=1_024)
    reader: Literal["auto", "none"] = "auto"
    answer_cache: int = Field(0, ge=0)
    host: str = "127.0.0.1"
    port: int = Field(7860, ge=0, le=65535)
    database_url: SecretStr = Field(
        SecretStr(""),
        description="an address such as postgresql://user:password@db.example.org:5432/assistant",
    )
    root_path: str = Field("", pattern=r"^(/[A-Za-z0-9._~-]+)*$", description="a path such as /assistant")
    api_keys: SecretStr = SecretStr("")
    users: SecretStr = SecretStr("")
    embed_origins: Listed = ()
    proxy_header: str = Field("", pattern=r"^[A-Za-z0-9-]*$", description="the name of a header")
    trusted_proxies: Listed = ()
    rate_limit: int = Field(120, ge=1)
    at_once: int = Field(8, ge=1)
    smtp_url: SecretStr = Field(
        SecretStr(""), description="an address such as smtp://user:password@mail.example.org:587"
    )
    mail_from: str = Field("", pattern=r"^$|^[^\s@<>,;:\"()]+@[A-Za-z0-9.-]+$", description="a mail address")
    log: Literal["text", "json"] = "text"
    log_questions: bool = False

    @property
    def local_models(self) -> tuple[str, ...]:
        """The models that run in this process: names of the Hugging Face hub, folders, the bundled one."""
        provider, _, name = self.llm.partition(":")
        return (self.embedding_model, *([name] if provider == "huggingface" else []))

    @field_validator("llm")
    @classmethod
    def _with_provider(cls, value: str) -> str:
        """A model is named with its provider."""
        if value and not all(part.strip() for part in (value.partition(":")[0], value.partition(":")[2])):
            raise ValueError("write PROVIDER:MODEL, as in openai:gpt-4.1-mini or huggingface:FOLDER")
        return value.strip()

    @field_validator("embed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Lists are written with commas."""
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        """The address of a mail server: smtp, or smtps, which begins with TLS."""
        if not _is_address(value.get_secret_value(), ("smtp", "smtps")):
            raise ValueError(
                "write smtp://user:password@mail.example.org:587, or smtps:// for a server that begins with TLS"
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: SecretStr) -> SecretStr:
        if not _is_address(value.get_secret_value(), ("postgresql", "postgres")):
            raise ValueError(
                "write postgresql://user:password@db.example.org:5432/assistant, in a password @ as %40, / as %2F, : as %3A, # as %23"
            )
        return value

    @field_validator("embed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Origins as browsers send them: no path, no user, no wildcard."""
        for origin in value:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin: write it like https://intranet.example.org")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network)
        return value


def load_settings(**options: object) -> Settings:
    """The settings as configured, with a command's ``options``. Raises `WrongSetting` for a wrong value or an unknown name."""
    _refuse_unknown()
    settings = load(Settings, **options)
    if settings.proxy_header and not settings.trusted_proxies:
        raise WrongSetting(
            f"{PREFIX}PROXY_HEADER needs {PREFIX}TRUSTED_PROXIES, the addresses that may send that header: "
            "without it anyone could sign in as anyone."
        )
    shared = bool(settings.shared_dir), bool(settings.database_url.get_secret_value())
    if any(shared) and not (all(shared) and settings.chroma_url):
        raise WrongSetting(
            f"{PREFIX}SHARED_DIR and {PREFIX}DATABASE_URL belong together, and to {PREFIX}CHROMA_URL: several servers that "
            "behave as one need all three."
        )
    if settings.smtp_url.get_secret_value() and not settings.mail_from:
        raise WrongSetting(f"{PREFIX}SMTP_URL needs {PREFIX}MAIL_FROM, the address that mails come from.")
    return settings


def _is_address(written: str, schemes: tuple[str, ...]) -> bool:
    """Whether it is empty, or an address with one of these schemes and a host. Nothing is told of what is wrong: it has a password."""
    try:
        parts = urlsplit(written)
        return not written or bool(parts.scheme in schemes and parts.hostname and parts.port != 0)
    except ValueError:  # its words may quote the password
        return False


def _refuse_unknown() -> None:
    known = {name.upper() for name in Settings.model_fields}
    for name in sorted(names_given() - known):
        listed = ", ".join(sorted(PREFIX + setting for setting in known))
        raise no_such(name, close_to(name, known, 0.6) or f"There are: {listed}.")
