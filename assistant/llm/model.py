"""Opening the configured chat model through LangChain, and asking it."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from assistant.errors import ModelFailed
from assistant.llm.failures import failure_of
from assistant.llm.reply import RETRIES, Piece, Reply
from assistant.settings import Settings
from assistant.types import Usage
from ingest.errors import WrongSetting

# Providers whose package comes with an extra of this project.
EXTRAS = ("anthropic", "google_genai", "mistralai", "ollama")
IN_PROCESS = "huggingface"
# Servers on one's own machine sample at a high temperature by default. Others have better defaults, and some refuse
# the option.
_STEADY = {"temperature": 0.0}
_NO_KEY = "none"  # clients need some key to start; a server without keys ignores it
_PROBE = ("Answer in one word.", "Say OK.")
_PROBE_VALID = 30.0  # seconds for which the result of the last probe is cached


class ChatModel:
    """A chat model and its limits. Thread-safe.

    ``window`` is how many tokens it reads, answer included; ``timeout`` how many seconds it may be silent; with ``strict``
    it always says why a reply ended, so that one without a reason was cut. ``failing_since`` is when replies began to fail, one after the
    other; None where the last one came.
    """

    def __init__(
        self, name: str, chat: BaseChatModel, *, timeout: float, window: int, strict: bool = False
    ) -> None:
        self.name = name
        self.timeout = timeout
        self.window = window
        self._chat = chat
        self._strict = strict
        self.failing_since: float | None = None  # seconds since 1970
        self._probed: tuple[float, str] | None = None
        self._lock = threading.Lock()

    def reply(self, system: str, prompt: str, *, retries: int = RETRIES) -> Reply:
        """Send a request. Returns at once; iterate over the reply for its text."""
        messages: list[BaseMessage] = [SystemMessage(system), HumanMessage(prompt)]

        def request() -> AsyncIterator[Piece]:
            return _pieces(self._chat, messages)

        return Reply(request, timeout=self.timeout, retries=retries, strict=self._strict, on_end=self._ended)

    def _ended(self, well: bool) -> None:
        """The last reply tells whether the model answers."""
        self.failing_since = None if well else self.failing_since or time.time()

    def problem(self) -> str:
        """What is wrong with the model, by one small request; empty where it answers."""
        with self._lock:
            if self._probed is None or time.monotonic() - self._probed[0] > _PROBE_VALID:
                self._probed = (time.monotonic(), self._probe())
            return self._probed[1]

    def _probe(self) -> str:
        reply = self.reply(*_PROBE, retries=0)
        try:
            next((text for text in reply if text), "")
        except ModelFailed as failed:
            return f"{_PROBLEMS.get(failed.why, _PROBLEMS['failed'])} ({failed})"
        finally:
            reply.close()
        return ""


# For `assistant status`; answers have shorter texts in the language of the question (`messages.FAILURES`).
_PROBLEMS = {
    "unreachable": "No server answers. Start it, or correct ASSISTANT_LLM_BASE_URL.",
    "key": "The key is wrong or missing. Set ASSISTANT_LLM_API_KEY.",
    "unknown": "There is no such model there, or no such address. Correct ASSISTANT_LLM or ASSISTANT_LLM_BASE_URL.",
    "busy": "The server is overloaded, or has an error. Try again later.",
    "quota": "The account has used up what it may. Look at its plan and billing.",
    "slow": "The model does not answer in time. Set ASSISTANT_LLM_TIMEOUT higher, or take a smaller model.",
    "failed": "The model cannot be used.",
}


def open_model(settings: Settings) -> ChatModel:
    """The configured model. Nothing is sent yet.

    Raises `WrongSetting` where the provider is unknown or its package is missing, or the weights cannot be read.
    """
    provider, _, name = settings.llm.partition(":")
    provider = provider.replace("-", "_").lower()
    chat = _in_process(name) if provider == IN_PROCESS else _remote(provider, name, settings)
    window = min(settings.llm_context, int(getattr(chat, "window", settings.llm_context)))
    # An OpenAI-compatible server always says why a reply ended.
    return ChatModel(
        settings.llm, chat, timeout=settings.llm_timeout, window=window, strict=provider == "openai"
    )


def _in_process(name: str) -> BaseChatModel:
    try:
        from assistant.llm.in_process import load  # takes seconds

        return load(name)
    except ImportError as error:
        raise WrongSetting(
            f"ASSISTANT_LLM=huggingface:{name} needs torch and transformers ({' '.join(str(error).split())[:200]}): "
            "pip install torch transformers"
        ) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise WrongSetting(
            f"ASSISTANT_LLM=huggingface:{name}: it cannot be loaded ({' '.join(str(error).split())[:300]}). "
            "Name a folder with a model of transformers, or one that can be downloaded."
        ) from error


def _remote(provider: str, name: str, settings: Settings) -> BaseChatModel:
    """A client of a server. It neither retries nor waits: `Reply` does, in the same way for all providers."""
    options: dict[str, object] = {"max_retries": 0, "timeout": settings.llm_timeout}
    if key := settings.llm_api_key.get_secret_value():
        options["api_key"] = key
    if settings.llm_base_url:
        options |= {"base_url": settings.llm_base_url, **_STEADY}
        # The provider's own environment variable holds a key for the provider, not for another server.
        options.setdefault("api_key", _NO_KEY)
    if provider == "openai":
        options |= {"stream_usage": True, "stream_chunk_timeout": 0}
        options |= {"use_responses_api": False} if settings.llm_base_url else {}
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)  # type: ignore[call-overload]  # options by name
    except ImportError as error:
        raise WrongSetting(_missing(provider, error)) from error
    except Exception as error:  # each provider raises its own kind of error for wrong values
        detail = failure_of(error).detail
        raise WrongSetting(f"ASSISTANT_LLM={settings.llm}: the model cannot be opened ({detail}).") from error
    return model


def _missing(provider: str, error: ImportError) -> str:
    if provider in EXTRAS:
        return f"ASSISTANT_LLM={provider}:… needs a package that is missing: pip install '.[{provider}]'"
    return f"ASSISTANT_LLM={provider}:… needs a package that is missing ({error})."


async def _pieces(chat: BaseChatModel, messages: list[BaseMessage]) -> AsyncIterator[Piece]:
    """The reply as LangChain streams it."""
    async for chunk in chat.astream(messages):
        # Halves of characters, which some servers send, are joined where both are there, and are none where not.
        text = str(chunk.text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        yield Piece(text=text, usage=_usage(chunk), ending=_ending(chunk))


def _usage(chunk: AIMessageChunk) -> Usage | None:
    counted = chunk.usage_metadata
    if not counted:
        return None
    return Usage(input_tokens=counted["input_tokens"], output_tokens=counted["output_tokens"])


def _ending(chunk: AIMessageChunk) -> str | None:
    """Why the reply ended: "length" at its limit, whatever the provider calls that, else the provider's own word."""
    names = ("finish_reason", "stop_reason", "done_reason")
    reason = next(
        (str(chunk.response_metadata[name]) for name in names if chunk.response_metadata.get(name)), None
    )
    return "length" if reason and reason.lower() in ("length", "max_tokens") else reason
