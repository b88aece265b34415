"""Files that are chosen before the page is ready to take them: they wait, and none is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import Open, upload

pytestmark = pytest.mark.browser

# The events whose answers fill the rows of jobs, which hold the words and the limit that the script needs.
FILLING_ROWS = """() => {
  const rows = window.gradio_config.components.find((one) => one.props.elem_id === 'jobs').id
  return window.gradio_config.dependencies.filter((one) => one.outputs.includes(rows)).map((one) => one.id)
}"""


def arrives(page: Page, name: str) -> None:
    expect(page.locator(".job.done", has_text=name)).to_be_visible(timeout=60_000)


def test_files_chosen_before_the_rows_have_come_wait_for_them(visit: Open) -> None:
    page = visit("/documents")
    expect(page.locator("#sending")).to_be_attached(timeout=30_000)
    held: list[Route] = []
    filling = set(page.evaluate(FILLING_ROWS))

    def hold(route: Route) -> None:
        if route.request.post_data_json["fn_index"] in filling:
            held.append(route)
        else:
            route.continue_()

    page.route("**/queue/join*", hold)
    with page.expect_response("**/web/uploads.js"):
        page.reload()
    upload(page, "zeitig.txt", b"Der Mai kam zeitig.")
    expect(page.locator("#sending")).to_have_count(0)
    filling.clear()
    for route in held:
        route.continue_()
    arrives(page, "zeitig")


def test_files_chosen_before_the_script_has_come_wait_for_it(visit: Open) -> None:
    page = visit("/documents")
    held: list[Route] = []
    expect(page.locator("#sending")).to_be_attached(timeout=30_000)
    page.route("**/web/uploads.js", lambda route: held.append(route))
    page.reload()
    expect(page.locator("#sending")).to_be_attached(timeout=30_000)
    upload(page, "eher.txt", b"Der April kam eher.")
    expect(page.locator(".job")).to_have_count(0)
    held[0].continue_()
    arrives(page, "eher")
