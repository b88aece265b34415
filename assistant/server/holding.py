"""How the routes reach the service: ``def ask(service: Held)``."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from assistant.service import Service


async def held(request: Request) -> Service:
    return cast("Service", request.app.state.service)


Held = Annotated[Service, Depends(held)]
