"""What axe finds on a page that keeps people from using it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
# What is Gradio's own and cannot be mended from outside: by rule, the selector of what it is found in, and why.
EXCUSED: dict[str, tuple[tuple[str, str], ...]] = {}
# Colours on their way from one to another are measured as they pass.
AT_REST = """async () => {
  for (const frame of [1, 2]) await new Promise((drawn) => requestAnimationFrame(drawn))
  await Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < Infinity).map((one) => one.finished))
}"""
_AXE = Axe()


def grave(page: Page) -> list[str]:
    """Serious and critical violations, each with its rule and the element; `EXCUSED` ones are left out."""
    page.evaluate(AT_REST)
    found = _AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url} {violation['id']}: {node['html'][:300]} {node['any'] and node['any'][0]['message']}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not _excused(page, violation["id"], node)
    ]


def _excused(page: Page, rule: str, node: dict[str, Any]) -> bool:
    selectors = [selector for selector, _ in EXCUSED.get(rule, ())]
    return any(
        page.locator(f"{node['target'][0]}").first.evaluate("(e, s) => !!e.closest(s)", one)
        for one in selectors
    )
