"""Steps that skip outputs must send what Gradio itself would send."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from assistant.web.kit.thrifty_blocks import ThriftyBlocks
from tests.support.event_loops import run_apart


def sent(kind: type[gr.Blocks], values: Any) -> list[Any]:
    """What a page of this kind sends for the values of an event with four outputs, or with one for a bare value."""
    return run_apart(_sent(kind, values))


async def _sent(kind: type[gr.Blocks], values: Any) -> list[Any]:
    with kind() as page:
        parts = [gr.Textbox(), gr.Button("go"), gr.Chatbot(), gr.Dataframe()]
        gr.on([page.load], lambda: values, outputs=parts if isinstance(values, tuple) else parts[:1])
    (event,) = page.fns.values()
    return await page.postprocess_data(event, values, None)


@pytest.mark.parametrize(
    "values",
    [
        (gr.skip(), gr.skip(), gr.skip(), gr.skip()),
        ("text", gr.skip(), gr.skip(), gr.skip()),
        (gr.skip(), gr.Button("stop", visible="hidden"), [{"role": "user", "content": "Wer?"}], gr.skip()),
        ("", "go", [], [["1", "x"]]),
        (None, gr.skip(), gr.skip(), []),
        gr.skip(),
        "text",
    ],
    ids=["nothing", "one", "two", "all", "none and empty", "a skip alone", "a value alone"],
)
def test_what_is_sent_is_what_gradio_sends(values: Any) -> None:
    assert sent(ThriftyBlocks, values) == sent(gr.Blocks, values)


def test_a_wrong_number_of_values_is_an_error() -> None:
    with pytest.raises(ValueError, match="enough output values"):
        sent(ThriftyBlocks, ("text", gr.skip()))


def test_a_skipped_component_is_not_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[gr.Chatbot] = []
    before = gr.Chatbot.__init__

    def noted(self: gr.Chatbot, *args: Any, **named: Any) -> None:
        made.append(self)
        before(self, *args, **named)

    monkeypatch.setattr(gr.Chatbot, "__init__", noted)
    sent(ThriftyBlocks, ("text", gr.skip(), gr.skip(), gr.skip()))
    assert len(made) == 1
