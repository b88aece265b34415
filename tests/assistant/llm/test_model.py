"""The assistant with a language model through its Python door: windows, kept answers, and a model in the process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from assistant.answering.context import tokens_of
from assistant.core import Assistant
from assistant.llm.model import open_model
from assistant.settings import Settings
from assistant.types import DeltaEvent, DoneEvent, RetractedEvent, Turn
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Item
from tests.support.language_model import ScriptedModel, right, saying

FERRY = """# Island ferry returns after nine weeks

The ferry to the island of Tarnsay sailed again on Monday after nine weeks of repairs.
Captain Moira Fenwick said the new engine uses a third less fuel. She added that winter storms could still stop it.
The council paid for a helicopter while the ship was in the yard.
""" + " ".join(f"On day {day} painters were at work on cabin number {day}." for day in range(1, 61))
QUESTION = "Who said the new engine of the ferry uses less fuel?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("model")
    index = Index.open(folder / "data", embedder)
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    items = [Item(source="ferry.md", name="ferry.md", path=folder / "ferry.md")]
    assert (
        ingest(items, index, embedder, lambda path, name, _: load(path.read_bytes(), name)).count("added")
        == 1
    )
    yield index
    index.close()


def assistant_with(
    index: Index, embedder: SentenceTransformerEmbedder, kept_answers: int = 0, **settings: Any
) -> Assistant:
    return Assistant(index, embedder, model=open_model(Settings(**settings)), kept_answers=kept_answers)


def through(scripted: ScriptedModel, **more: Any) -> dict[str, Any]:
    return {"llm": "openai:scripted-1", "llm_base_url": scripted.url, **more}


def test_what_a_small_window_cannot_hold_is_left_out(
    index: Index, embedder: SentenceTransformerEmbedder, scripted: ScriptedModel
) -> None:
    scripted.answer = right("Fenwick said", "The captain {}.")
    answer = assistant_with(index, embedder, **through(scripted, llm_context=1_024)).ask(QUESTION)
    (prompt,) = scripted.asked
    assert tokens_of(prompt.system + prompt.user) <= 1_024 * 3 / 4
    assert prompt.number("Fenwick said") > 0
    assert prompt.number("cabin number 1.") > 0
    assert prompt.number("cabin number 60.") == 0
    assert answer.citations[0].quote.startswith("Captain Moira Fenwick")


def test_the_same_question_on_the_same_documents_is_answered_once(
    index: Index, embedder: SentenceTransformerEmbedder, scripted: ScriptedModel
) -> None:
    assistant = assistant_with(index, embedder, 1, **through(scripted))
    scripted.answer = right("Fenwick said", "The captain {}.")
    first = assistant.ask(QUESTION)
    again = assistant.ask(QUESTION)
    assert len(scripted.asked) == 1
    assert (again.text, again.statements, again.citations) == (first.text, first.statements, first.citations)
    assert again.usage.input_tokens == 0
    assistant.ask(QUESTION, [Turn(question="Which ferry?", answer="That of Tarnsay.")])
    assert len(scripted.asked) == 2
    assistant.ask(QUESTION)
    assert len(scripted.asked) == 3, "only one answer is kept"


def test_no_answer_is_kept_unless_asked_for(
    index: Index, embedder: SentenceTransformerEmbedder, scripted: ScriptedModel
) -> None:
    assistant = assistant_with(index, embedder, **through(scripted))
    scripted.answer = saying("NOANSWER")
    assert assistant.ask(QUESTION).refused
    assert assistant.ask(QUESTION).refused
    assert len(scripted.asked) == 2


def test_a_key_for_the_provider_is_not_shown_to_another_server(
    index: Index,
    embedder: SentenceTransformerEmbedder,
    scripted: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assistant_with(index, embedder, **through(scripted)).ask(QUESTION)
    assert "secret" not in str(scripted.headers)


# In the process


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A language model with random weights, and a tokenizer trained on one article."""
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("checkpoint")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, special_tokens=["<s>", "</s>"])
    tokenizer.train_from_iterator([FERRY], trainer)
    whole = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")  # noqa: S106
    whole.chat_template = "{% for one in messages %}{{ one.role }}: {{ one.content }}\n{% endfor %}"
    whole.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(whole), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=4_096, bos_token_id=0, eos_token_id=None,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def test_a_model_in_the_process_streams_and_what_it_makes_up_is_replaced_by_quotes(
    index: Index, embedder: SentenceTransformerEmbedder, checkpoint: Path
) -> None:
    assistant = assistant_with(index, embedder, llm=f"huggingface:{checkpoint}")
    events = list(assistant.stream(QUESTION))
    discarded = events.index(RetractedEvent(reason="uncited"))
    # How many depends on how fast the model is: what it has made up meanwhile comes as one piece.
    assert any(isinstance(event, DeltaEvent) for event in events[:discarded])
    assert isinstance(events[-1], DoneEvent)
    answer = events[-1].answer
    assert "named no source" in answer.notice
    assert "Fenwick" in answer.text
    assert assistant.model is not None
    assert assistant.model.problem() == ""


def test_closing_the_stream_stops_a_model_in_the_process(
    index: Index, embedder: SentenceTransformerEmbedder, checkpoint: Path
) -> None:
    assistant = assistant_with(index, embedder, llm=f"huggingface:{checkpoint}")
    from torch.nn.modules.module import register_module_forward_hook
    from transformers import LlamaForCausalLM

    steps: list[int] = []
    going_on = threading.Event()

    def count(module: Any, *_: Any) -> None:
        if not isinstance(module, LlamaForCausalLM):
            return
        steps.append(1)
        if len(steps) > 5:
            going_on.wait(60)  # the model waits here until the reader has gone

    hook = register_module_forward_hook(count)
    try:
        events = assistant.stream(QUESTION)
        next(event for event in events if isinstance(event, DeltaEvent))
        events.close()
        going_on.set()
        for thread in [thread for thread in threading.enumerate() if thread.name == "generate"]:
            thread.join(60)
    finally:
        hook.remove()
    assert len(steps) < 20
