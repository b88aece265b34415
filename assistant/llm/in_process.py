"""A language model of transformers in this process: no server, nothing sent anywhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    StoppingCriteria,
    StoppingCriteriaList,
    TextIteratorStreamer,
)

MOST_TOKENS = 1_024
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


class InProcessChatModel(BaseChatModel):
    """A causal language model and its tokenizer as LangChain's chat model. Answers one question at a time."""

    model: Any
    tokenizer: Any
    turn: Any  # a lock: one answer is generated at a time

    @property
    def window(self) -> int:
        """How many tokens it reads and writes at most."""
        limit = getattr(self.model.config, "max_position_embeddings", None)
        return int(limit or self.tokenizer.model_max_length)

    @property
    def _llm_type(self) -> str:
        return "in-process"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(chunk.text for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        stopped = threading.Event()
        try:
            yield from self._chunks(messages, stopped)
        finally:
            stopped.set()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        stopped = threading.Event()
        chunks = self._chunks(messages, stopped)
        try:
            while chunk := await asyncio.to_thread(next, chunks, None):
                yield chunk
        finally:
            stopped.set()

    def _chunks(self, messages: list[BaseMessage], stopped: threading.Event) -> Iterator[ChatGenerationChunk]:
        """The reply as it is generated; no further token once ``stopped`` is set."""
        with self.turn:
            if stopped.is_set():
                return
            run = _Run(self, self._encoded(messages), stopped)
            for text in run.streamer:
                yield _chunk(text)
            yield run.last()

    def _encoded(self, messages: list[BaseMessage]) -> Any:
        """The conversation as token ids, shape (1, tokens), by the model's own template where it has one."""
        turns = [{"role": _ROLES[message.type], "content": str(message.text)} for message in messages]
        if not self.tokenizer.chat_template:
            text = "\n\n".join([*(turn["content"] for turn in turns), ""])
            return self.tokenizer(text, return_tensors="pt")["input_ids"]
        try:
            return self._templated(turns)
        except Exception:  # a template is its maker's program; some refuse a system message
            joined = "\n\n".join(turn["content"] for turn in turns)
            return self._templated([{"role": "user", "content": joined}])

    def _templated(self, turns: list[dict[str, str]]) -> Any:
        encoded = self.tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        return encoded["input_ids"]


def load(name: str) -> InProcessChatModel:
    """The model of that name or in that folder. Raises what transformers raises where it cannot be read."""
    tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
    model = AutoModelForCausalLM.from_pretrained(name, dtype="auto", trust_remote_code=False)
    model.train(False)
    return InProcessChatModel(model=model, tokenizer=tokenizer, turn=threading.Lock())


class _Stop(StoppingCriteria):  # type: ignore[misc]  # mypy does not follow transformers
    """Ends generation once ``stopped`` is set."""

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped

    def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
        done = input_ids.new_ones if self._stopped.is_set() else input_ids.new_zeros
        return done(len(input_ids)).bool()


class _Run:
    """One generation, in a thread of its own; its tokens come out of ``streamer``."""

    def __init__(self, chat: InProcessChatModel, input_ids: Any, stopped: threading.Event) -> None:
        self.streamer = TextIteratorStreamer(chat.tokenizer, skip_prompt=True, skip_special_tokens=True)
        self._chat, self._input_ids, self._stopped = chat, input_ids, stopped
        self._written = 0
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="generate", daemon=True)
        self._thread.start()

    def last(self) -> ChatGenerationChunk:
        """The last chunk: why the reply ended, and the tokens counted. Raises what generating raised."""
        self._thread.join()
        if self._error:
            raise self._error
        read = int(self._input_ids.shape[1])
        usage = UsageMetadata(
            input_tokens=read, output_tokens=self._written, total_tokens=read + self._written
        )
        ending = "length" if self._written >= self._room else "stop"
        return _chunk("", usage_metadata=usage, response_metadata={"finish_reason": ending})

    @property
    def _room(self) -> int:
        return max(1, min(MOST_TOKENS, self._chat.window - int(self._input_ids.shape[1])))

    def _work(self) -> None:
        try:
            tokens = self._chat.model.generate(
                self._input_ids.to(self._chat.model.device),
                attention_mask=self._input_ids.new_ones(self._input_ids.shape),
                max_new_tokens=self._room,
                do_sample=False,
                streamer=self.streamer,
                stopping_criteria=StoppingCriteriaList([_Stop(self._stopped)]),
                pad_token_id=self._chat.tokenizer.pad_token_id or self._chat.tokenizer.eos_token_id or 0,
            )
            self._written = int(tokens.shape[1] - self._input_ids.shape[1])
        except Exception as error:  # the thread's edge: `last` raises it for the reader
            self._error = error
        finally:
            self.streamer.end()


def _chunk(text: str, **more: Any) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=text, **more))
