"""Gradio's blocks, without the work that Gradio does for what an event leaves as it is."""

from __future__ import annotations

from copy import copy
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState


class ThriftyBlocks(gr.Blocks):
    """For each output that a step skips, `gr.Blocks` makes the component anew and describes it: two thirds of what a step costs."""

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: Any, state: SessionState | None
    ) -> list[Any]:
        """As `gr.Blocks` does it, with what is skipped sent as it is."""
        whole = isinstance(predictions, list | tuple) and len(predictions) == len(block_fn.outputs) > 1
        changed = (
            [number for number, value in enumerate(predictions) if not _is_skipped(value)] if whole else []
        )
        if not whole or len(changed) == len(predictions):
            return await super().postprocess_data(block_fn, predictions, state)
        sent: list[Any] = [gr.skip() for _ in predictions]
        if changed:
            part = copy(block_fn)
            part.outputs = [block_fn.outputs[number] for number in changed]
            values = [predictions[number] for number in changed]
            # One output's value stands for itself in Gradio, not in a list.
            done = await super().postprocess_data(part, values if len(values) > 1 else values[0], state)
            for number, value in zip(changed, done, strict=True):
                sent[number] = value
        return sent


def _is_skipped(value: object) -> bool:
    return isinstance(value, dict) and value == gr.skip()
