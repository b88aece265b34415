"""MCP over standard input and output, for assistants that start a command."""

from __future__ import annotations

import anyio
from mcp.server.stdio import stdio_server

from assistant.mcp.toolbox import Toolbox
from assistant.mcp.tools import server


def serve(toolbox: Toolbox, *, may_add: bool) -> None:
    """Serve until standard input ends."""
    anyio.run(_serve, toolbox, may_add)


async def _serve(toolbox: Toolbox, may_add: bool) -> None:
    serving = server(lambda context: (toolbox, may_add))
    async with stdio_server() as (received, sent):
        await serving.run(received, sent, serving.create_initialization_options())
