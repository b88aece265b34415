"""What goes wrong on the pages, and what must stay apart, in a real browser against a real server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import QUESTION, Open, ask, upload
from tests.support.server import PASSWORD, Server

pytestmark = pytest.mark.browser


def test_what_cannot_be_added_says_why(visit: Open) -> None:
    page = visit("/documents")
    upload(page, "broken.pdf", b"%PDF-1.7\nnothing of the kind")
    expect(page.locator(".job.failed .reason")).to_contain_text("is damaged or no PDF", timeout=60_000)
    expect(page.locator(".job.failed")).to_contain_text("broken.pdf")
    page.locator("#address input, #address textarea").fill("http://127.0.0.1:9/private")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".job.failed .reason")).to_have_count(2, timeout=60_000)
    expect(page.locator(".job.failed", has_text="127.0.0.1")).to_contain_text(
        "an address inside your network"
    )


def test_conversations_do_not_mix_and_end_when_asked(visit: Open) -> None:
    one, other = visit(), visit()
    ask(one, QUESTION)
    ask(other, "How long did the talks last?")
    ask(one, "How long did the talks last?")
    expect(one.locator(".asked")).to_have_count(2)
    expect(other.locator(".asked")).to_have_count(1)
    one.get_by_role("button", name="New conversation").click()
    expect(one.locator(".asked")).to_have_count(0)
    expect(one.locator("#sources .card")).to_have_count(0)


def test_a_question_too_long_is_refused_and_kept(visit: Open) -> None:
    page = visit()
    question = "Warum? " * 700
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    expect(page.locator(".problem")).to_contain_text("too long", timeout=30_000)
    box = page.locator("#question textarea")
    expect(box).to_have_value(question)
    box.fill("And what next?")
    page.evaluate("document.dispatchEvent(new CustomEvent('unanswered', { detail: 'Too late' }))")
    expect(box).to_have_value("And what next?")


def test_who_has_signed_in_can_sign_out(visit: Open, guarded: Server) -> None:
    page = visit()
    expect(page.locator("#account button")).to_have_count(0)
    page.goto(f"{guarded.url}/login")
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out (rita)").click(timeout=30_000)
    page.wait_for_url("**/login")
    page.goto(guarded.url)
    expect(page.get_by_label("Password")).to_be_visible()
