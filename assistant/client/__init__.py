"""The assistant as its command and the tools of MCP use it: in this process, or through the server that has it open.

Each way is imported where it is taken: what answers takes seconds to import, and a server has done so already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.settings import Settings
from ingest.client.owners import lock_or_owner
from ingest.store.lock import FolderLock

if TYPE_CHECKING:
    from assistant.client.interface import AssistantClient


def open_client(settings: Settings, command: str, *, serving: bool = False) -> AssistantClient:
    """The assistant over the data folder, or through the server that holds it.

    With ``serving``, for many calls at once, a service begins to load the models. Raises `StoreLocked` where a
    process that is no server holds the folder.
    """
    held = lock_or_owner(settings.data_dir, command)
    if not isinstance(held, FolderLock):
        from assistant.client.through_server import ServerClient

        return ServerClient(held)
    from assistant.client.local import LocalClient, service_of
    from ingest.client.targets import LocalTarget

    return LocalClient(settings, service_of(settings, held) if serving else LocalTarget(settings, held))
