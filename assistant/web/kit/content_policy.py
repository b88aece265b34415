"""What a browser may do with the pages that are plain HTML of ours: nothing inline, nothing from anywhere else."""

from __future__ import annotations


def policy(*, form_action: str, frame_ancestors: str) -> str:
    """The page's Content-Security-Policy; both are source lists such as ``'none'`` or ``'self' https://a.example``."""
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            f"form-action {form_action}",
            f"frame-ancestors {frame_ancestors}",
        )
    )
