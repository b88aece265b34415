"""The tools through a running server whose language model takes its time."""

from __future__ import annotations

import asyncio
import sys

import mcp

from tests.support.language_model import Ramble, ScriptedModel, saying
from tests.support.server import Server, environment, in_a_loop

QUESTION = "How long is the Ever Given?"


def test_the_model_stops_when_the_caller_of_a_tool_has_gone(
    generating_server: Server, scripted: ScriptedModel
) -> None:
    scripted.answer = saying("The Ever Given", Ramble())
    command = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp"],
        env=environment(ASSISTANT_DATA_DIR=str(generating_server.data)),
    )

    async def run() -> None:
        async with mcp.Client(command) as client:
            call = asyncio.create_task(client.call_tool("ask", {"question": QUESTION}))
            while not scripted.asked:
                await asyncio.sleep(0.05)
            assert not scripted.left.is_set()
            call.cancel()
            assert await asyncio.to_thread(scripted.left.wait, 60), "the model must see its connection closed"

    in_a_loop(run())
