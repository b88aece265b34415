"""The documents page in a real browser: adding from anywhere, cancelling, trying again, deleting and undoing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Open, give, seek, upload
from tests.support.server import Server

pytestmark = pytest.mark.browser


def test_files_are_dropped_anywhere_also_on_the_chat_and_told_apart(visit: Open) -> None:
    page = visit()
    expect(page.locator("#sending")).to_be_attached(timeout=30_000)
    give(page, "dragover", [("a.txt", "a")])
    expect(page.locator(".dropping")).to_have_text("Drop the files to add them")
    give(
        page,
        "drop",
        [("herbst.txt", "Der Herbst war mild."), ("leer.txt", ""), ("groß.txt", "x" * 1_000_001)],
    )
    expect(page.locator(".dropping")).to_be_hidden()
    expect(page.locator(".job.done", has_text="herbst")).to_be_visible(timeout=60_000)
    expect(page.locator(".job.failed", has_text="leer.txt")).to_contain_text("is empty (0 bytes)")
    large = page.locator(".job.failed", has_text="groß.txt")
    expect(large).to_contain_text("has more than the 1 MB allowed")
    page.get_by_role("button", name="Dismiss groß.txt").click()
    expect(large).to_have_count(0)
    page.get_by_role("button", name="Hide what is finished").click()
    expect(page.locator(".job")).to_have_count(0)


def test_addresses_are_pasted_and_errors_are_in_the_readers_language(visit: Open) -> None:
    page = visit("/documents", locale="de-DE")
    expect(page.locator("#sending")).to_be_attached(timeout=30_000)
    give(page, "paste", text="see http://127.0.0.1:9/a and http://127.0.0.1:9/b")
    failed = page.locator(".job.failed")
    expect(failed).to_have_count(2, timeout=60_000)
    expect(failed.first).to_contain_text("ist eine Adresse in Ihrem eigenen Netz")
    expect(failed.first).to_contain_text("Konnte nicht hinzugefügt werden")
    with page.expect_request("**/queue/join*"):
        page.get_by_role("button", name="http://127.0.0.1:9/a noch einmal versuchen").click()
    expect(failed).to_have_count(2, timeout=60_000)
    page.locator("#address input, #address textarea").fill("nonsense")
    page.get_by_role("button", name="Hinzufügen", exact=True).click()
    expect(page.locator(".job.failed", has_text="nonsense")).to_contain_text(
        "ist keine Webadresse: Sie muss mit https:// oder http:// beginnen", timeout=60_000
    )


def test_an_upload_says_what_it_replaces_and_both_are_kept(visit: Open, server: Server) -> None:
    texts = {text: f"The quay plan says: {text}.".encode() for text in ("first", "second", "third")}
    (accepted,) = server.call(
        "POST", "/api/documents", files=[("files", ("quay.txt", texts["first"]))]
    ).json()["jobs"]
    before = server.finished(accepted["id"])["document_id"]
    page = visit("/documents")
    expect(page.locator("#sending")).to_be_attached(timeout=30_000)
    upload(page, "quay.txt", texts["second"])
    row = page.locator(".job.done", has_text="quay")
    expect(row).to_contain_text("Replaces “quay” of", timeout=60_000)
    expect(page.locator("#undo")).to_contain_text("“quay” was replaced.")
    page.get_by_role("button", name="Keep both versions of quay").click()
    expect(row).to_contain_text("quay (2)")
    expect(row).not_to_contain_text("Replaces")
    expect(page.locator("#undo")).not_to_contain_text("“quay” was replaced.")
    assert "first" in server.call("GET", f"/api/documents/{before}/text").json()["text"]
    upload(page, "quay.txt", texts["third"])
    expect(page.locator("#undo")).to_contain_text("“quay” was replaced.")
    page.locator("#undo .removed", has_text="quay").get_by_role("button").click()
    # The version that is put back takes its place, and can be put back itself.
    page.wait_for_function(
        """async ([path]) => (await (await fetch(path)).json()).text.includes('first')""",
        arg=[f"/api/documents/{before}/text"],
    )
    for record in server.call("GET", "/api/documents", params={"query": "quay"}).json()["documents"]:
        server.call("DELETE", f"/api/documents/{record['id']}")


def test_deleting_is_undone_and_the_chat_asks_about_what_is_selected(visit: Open, server: Server) -> None:
    names = ("falter eins", "falter zwei", "falter drei")
    jobs = server.add(**{name: f"Ein Artikel über Falter, {name}." for name in names})
    before = {
        job["document_id"]: server.call("GET", f"/api/documents/{job['document_id']}").json() for job in jobs
    }
    page = visit("/documents")
    seek(page, "falter")
    expect(page.locator("tbody tr")).to_have_count(3, timeout=30_000)
    expect(page.locator("#delete")).to_be_disabled()
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("checkbox", name="Select falter zwei").uncheck()
    expect(page.locator("#delete")).to_be_enabled()
    page.locator("#delete").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#undo")).to_contain_text("2 documents were deleted.")
    gone = [job["document_id"] for job in jobs if job["source"] != "falter zwei.md"]
    assert [server.call("GET", f"/api/documents/{key}").status_code for key in gone] == [404, 404]
    page.locator("#undo .removed", has_text="2 documents").get_by_role("button").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert {key: server.call("GET", f"/api/documents/{key}").json() for key in before} == before
    page.get_by_role("checkbox", name="Select falter eins").check()
    page.get_by_role("checkbox", name="Select falter drei").check()
    expect(page.locator("#ask-about")).to_be_enabled()
    page.locator("#ask-about").click()
    page.wait_for_url("**/?documents=*")
    expect(page.locator("#chips")).to_contain_text("falter eins", timeout=30_000)
    expect(page.locator("#chips")).to_contain_text("falter drei")
    for key in before:
        server.call("DELETE", f"/api/documents/{key}")
