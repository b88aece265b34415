"""Feeds, sitemaps, pages and folders that the server follows: it visits them again and brings in what is new."""

from __future__ import annotations

from fastapi import APIRouter, Request

from assistant.access.local import is_local_admin
from assistant.api.schemas.followed import FollowedListSchema, FollowedSchema, FollowRequest, PauseRequest
from assistant.http.dependencies import CallerDependency, ServiceDependency

router = APIRouter(prefix="/followed", tags=["followed"])


@router.get("")
def followed(service: ServiceDependency) -> FollowedListSchema:
    """What is followed, with the last and the next visit, what was found, and errors."""
    return FollowedListSchema(followed=[FollowedSchema.of(view) for view in service.following.all()])


@router.post("", status_code=201)
def follow(
    asked: FollowRequest, request: Request, service: ServiceDependency, caller: CallerDependency
) -> FollowedSchema:
    """Follow a feed, a sitemap or a page, which is visited at once; one that is followed already stays as it is.

    A folder of the server can be followed by its administrator on that machine only.
    """
    peer = request.client.host if request.client else ""
    local = is_local_admin(caller, service.settings.host, peer, request.headers.keys())
    return FollowedSchema.of(service.following.add(asked.source, caller.known_name, folders=local))


@router.post("/{followed_id}/visit")
def visit(followed_id: str, service: ServiceDependency) -> FollowedSchema:
    """Visit it now, and try what failed again."""
    return FollowedSchema.of(service.following.visit(followed_id))


@router.patch("/{followed_id}")
def pause(followed_id: str, asked: PauseRequest, service: ServiceDependency) -> FollowedSchema:
    """Leave it alone, or go on."""
    return FollowedSchema.of(service.following.pause(followed_id, asked.paused))


@router.delete("/{followed_id}", status_code=204)
def stop(followed_id: str, service: ServiceDependency) -> None:
    """Follow it no longer. Its documents stay."""
    service.following.stop(followed_id)
