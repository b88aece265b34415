"""The compact chat in a frame of another site, and the button that opens it, in a browser that keeps no cookies there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Route, expect

from tests.support.accessibility import grave
from tests.support.browser import Open, becoming
from tests.support.embedding import page_of_the_document
from tests.support.hostile import ATTACKS
from tests.support.server import KEYS, Server
from tests.support.site import Site, site
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

QUESTION = "How many metres long was the old railway bridge at Remagen?"
FRAME = "article-assistant iframe"
OPTIONS = ("language", "theme", "accent", "documents", "greeting", "label", "position", "token", "tokenUrl")
# Styles that reach everything of the page that they are in.
LOUD = "<style>* { color: red !important; font-size: 40px !important; visibility: hidden !important }</style>"
# What the elements of the page look like, all of it.
LOOKS = """() => [...document.querySelectorAll('html, head, body, h1, p, a, input')].map((one) => {
  const style = getComputedStyle(one)
  return [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`).join()
})"""
COOKIE = "() => { document.cookie = 'a=b; SameSite=None; Secure'; return document.cookie }"


@pytest.fixture(scope="module")
def chat(guarded: Server) -> Server:
    """The server that asks who is asking, once its pages are there."""
    wait_until(lambda: guarded.call("GET", "/embed").status_code == 200)
    return guarded


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without cookies for frames of other sites, as `test_no_cookie_is_kept` makes sure."""
    context = browser.new_context(locale="en-GB")
    yield context
    context.close()


def token(server: Server, origin: str, **more: Any) -> str:
    asked = replace(server, key=KEYS["reader"]).call(
        "POST", "/api/embed-tokens", json={"origin": origin, **more}
    )
    return str(asked.json()["token"])


def script(server: Server, **data: str) -> str:
    attributes = " ".join(f"data-{name}='{value}'" for name, value in data.items())
    return f"<script src='{server.url}/widget.js' {attributes}></script>"


def asked(chat: FrameLocator | Page, question: str) -> None:
    """Ask, and wait for the end of the answer."""
    ended = chat.locator(".answer .about, .problem")
    before = ended.count()
    chat.get_by_role("textbox").fill(question)
    chat.get_by_role("textbox").press("Enter")
    expect(ended).to_have_count(before + 1, timeout=30_000)


def heard(page: Page, kind: str) -> list[dict[str, Any]]:
    """The events of a kind that the page has been told of; `LISTEN` must be on it."""
    return list(page.evaluate("(kind) => heard.filter((one) => one.type === kind)", kind))


def settled(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for what the browser tells of: it is heard while the page is waited for."""
    wait_until(lambda: page.wait_for_timeout(20) or holds())


LISTEN = """<script>heard = []
addEventListener('message', ({ origin, data }) => heard.push({ origin, ...data }))</script>"""


def test_a_page_made_as_documented_asks_and_cites(
    chat: Server, intranet: Site, context: BrowserContext
) -> None:
    example = page_of_the_document(chat)
    intranet.pages["/"] = example.replace("</h1>", f"</h1>{LISTEN}<p>Text <a href=/>link</a> <input>", 1)
    given = token(chat, intranet.origin)
    intranet.pages["/chat-token"] = lambda: {"token": given}
    requests: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: requests.append(f"{request.url} {request.headers.get('referer')}"))
    page = context.new_page()
    page.on("console", lambda message: wrong.extend([message.text] if message.type == "error" else []))
    page.goto(intranet.origin)
    button = page.locator("article-assistant").get_by_role("button", name="Ask our documents")
    button.focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator(FRAME)
    expect(frame.get_by_text("Ask about our articles.")).to_be_visible()
    expect(frame.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(frame.locator(".about")).to_be_visible(timeout=30_000)
    expect(frame.locator(".answer blockquote").first).to_contain_text("325 metres")
    expect(frame.locator("#send")).to_have_css("background-color", "rgb(10, 125, 51)")
    with context.expect_page() as opened:
        frame.locator("a.cite").first.click()
    viewer = opened.value
    expect(viewer.locator("#cited")).to_contain_text("325 metres long")
    expect(viewer.locator("#cited")).to_be_in_viewport()
    expect(viewer.get_by_role("navigation")).to_have_count(0)
    viewer.get_by_role("searchbox").fill("towers")
    expect(viewer.locator("#found")).to_have_text("1 of 1")
    original = viewer.get_by_role("link", name="Open original").get_attribute("href")
    assert viewer.evaluate("(address) => fetch(address).then((one) => one.status)", original) == 200
    assert viewer.evaluate("fetch('/api/documents').then((one) => one.status)") == 401
    viewer.close()
    page.wait_for_function("heard.some((one) => one.type === 'citation')")
    (answer,) = heard(page, "answer")
    (citation,) = heard(page, "citation")
    assert (answer["origin"], answer["question"], answer["refused"]) == (chat.url, QUESTION, False)
    assert citation["quote"] == answer["citations"][0]["quote"]
    assert citation["url"].startswith(f"{chat.url}/documents/{citation['document_id']}?start=")
    assert len(heard(page, "ready")) == 1
    thumb = frame.locator(".thumb.up")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    copied = frame.locator(".acts .copies button").first
    with becoming(copied, "Copied"):
        copied.click()
    frame.get_by_role("textbox").focus()
    expect(frame.get_by_role("tooltip")).to_be_hidden()  # the first Escape would be for that
    page.keyboard.press("Escape")
    expect(frame.get_by_role("textbox")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(frame.locator(".about")).to_be_visible()  # the conversation is still there
    assert wrong == []
    assert len(requests) > 10
    assert [one for one in requests if given in one] == []  # no address and no referrer has it


def test_no_cookie_is_kept(chat: Server, intranet: Site, context: BrowserContext) -> None:
    intranet.pages["/"] = f"<iframe src='{chat.url}/embed'></iframe>"
    page = context.new_page()
    page.goto(intranet.origin)
    frame = page.frames[1]
    frame.wait_for_load_state()
    assert frame.evaluate(COOKIE) == ""
    page.goto(f"{chat.url}/embed")
    assert page.evaluate(COOKIE) == "a=b"  # it is the frame that makes the difference


def test_the_page_and_the_chat_look_as_they_should(
    chat: Server, intranet: Site, context: BrowserContext
) -> None:
    body = "<h1>Intranet</h1><p>Text <a href=/>link</a></p><input>"
    intranet.pages |= {
        "/without": body,
        "/with": body + script(chat, theme="dark", open="true"),
        "/loud": LOUD + body + script(chat, theme="dark", open="true", position="left"),
    }
    page = context.new_page()
    page.goto(f"{intranet.origin}/without")
    before = page.evaluate(LOOKS)
    seen = []
    for path in ("/with", "/loud"):
        page.goto(intranet.origin + path)
        frame = page.frame_locator(FRAME)
        expect(frame.locator(".lead")).to_be_visible()
        if path == "/with":
            assert page.evaluate(LOOKS) == before
            assert page.evaluate("document.activeElement.localName") == "body"
        button = page.locator("article-assistant button")
        seen.append(
            [
                one.evaluate("(one) => JSON.stringify([...getComputedStyle(one)].map((n) => [n, getComputedStyle(one)[n]]))")
                for one in (button, frame.locator(".lead"), frame.locator("body"))
            ]
        )  # fmt: skip
        assert button.bounding_box()["width"] == 56  # type: ignore[index]  # it is there
    assert seen[0] == seen[1]
    assert button.bounding_box()["x"] < 100  # type: ignore[index]
    expect(frame.locator("body")).to_have_css("background-color", "rgb(15, 21, 35)")


def test_a_site_that_is_not_listed_is_told_what_to_set(
    chat: Server, intranet: Site, context: BrowserContext
) -> None:
    with site() as other:
        addresses = [
            f"{chat.url}/embed",
            f"{chat.url}/embed?origin={intranet.origin}",
            f"{chat.url}/embed?origin={other.origin}",
            f"{chat.url}/",
        ]
        other.pages["/"] = "".join(f"<iframe src='{one}'></iframe>" for one in addresses)
        other.pages["/widget"] = script(chat, open="true", token=token(chat, intranet.origin))
        refused: list[str] = []
        context.on("console", lambda message: refused.append(message.text))
        page = context.new_page()
        for path, count in (("/", len(addresses)), ("/widget", 1)):
            page.goto(other.origin + path)
            expect(page.locator("iframe")).to_have_count(count)
            page.wait_for_load_state("networkidle")
            if path == "/":  # the chat's own page
                settled(page, lambda: page.frames[-1].url.startswith("chrome-error"))
            for frame in page.frames[1:]:
                if not frame.url.startswith("chrome-error"):
                    expect(frame.get_by_text(f"ASSISTANT_EMBED_ORIGINS={other.origin}")).to_be_visible()
                    expect(frame.get_by_role("textbox")).to_have_count(0)
        assert not page.frames[-1].url.startswith("chrome-error")
        settled(page, lambda: any("frame-ancestors" in one for one in refused))


def test_a_token_that_has_ended_is_renewed_and_strangers_give_none(
    chat: Server, intranet: Site, context: BrowserContext
) -> None:
    tokens = iter(["of long ago", token(chat, intranet.origin)])
    intranet.pages["/"] = f"<p>Intranet</p>{LISTEN}" + script(
        chat, open="true", **{"token-function": "fetched"}
    )
    page = context.new_page()
    page.expose_function("fetched", lambda: next(tokens, ""))
    page.goto(intranet.origin)
    frame = page.frame_locator(FRAME)
    asked(frame, QUESTION)
    expect(frame.locator("blockquote").first).to_contain_text("325 metres")
    for origin, source in (("http://evil.example", "parent"), (intranet.origin, "window")):
        page.frames[1].evaluate(
            f"""(origin) => dispatchEvent(new MessageEvent('message', {{
              origin, source: {source}, data: {{ source: 'article-assistant', type: 'token', token: 'forged' }} }}))""",
            origin,
        )
    page.evaluate("postMessage({ source: 'article-assistant', type: 'close' }, '*')")
    asked(frame, "Who is mayor in Remagen?")
    expect(frame.locator(".answer").last).to_contain_text("Vossberg")
    asked(frame, "What did she say about the towers?")  # a follow-up, which needs what was said before
    expect(frame.locator(".answer").last).to_contain_text("monument to peace")


def test_what_goes_wrong_is_said_in_words(chat: Server, intranet: Site, context: BrowserContext) -> None:
    (other,) = chat.add(stork="# Storks\n\nThe stork Adele nests on the roof of the town hall of Linum.")
    (bridge,) = (one["id"] for one in chat.call("GET", "/api/documents?query=Remagen").json()["documents"])
    narrow = token(chat, intranet.origin, documents=[bridge])
    page = context.new_page()
    page.goto(f"{chat.url}/embed?language=de")
    asked(page, QUESTION)
    expect(page.locator(".problem")).to_contain_text("Laden Sie jene Seite neu")
    expect(page.get_by_role("textbox")).to_have_value(QUESTION)
    page.goto(f"{chat.url}/embed?documents={other['document_id']}#token={narrow}")
    expect(page).to_have_url(re.compile("documents=[^#]*$"))
    asked(page, QUESTION)
    expect(page.locator(".problem")).to_have_text("This is not open to you here.")
    page.goto(f"{chat.url}/embed#token={narrow}")
    asked(page, "Where does the stork Adele nest?")
    expect(page.locator(".refused")).to_be_visible()

    def refuse(status: int, seconds: str) -> None:
        headers = {"Retry-After": seconds}
        page.route("**/embed/ask", lambda route: route.fulfill(status=status, headers=headers))

    for status, seconds in ((429, "7"), (503, "2")):
        refuse(status, seconds)
        asked(page, QUESTION)
        expect(page.locator(".problem").last).to_contain_text(f"in {seconds} seconds")
    page.unroute_all()
    page.route("**/embed/ask", lambda route: route.abort())
    asked(page, QUESTION)
    expect(page.locator(".problem").last).to_contain_text("The connection was lost")


def test_axe_finds_nothing_serious_and_everything_fits(visit: Open) -> None:
    for theme, width, accent in (("light", 320, "#ffd400"), ("dark", 400, "#123")):
        page = visit(
            f"/embed?language=de&theme={theme}&accent={quote(accent)}",
            viewport={"width": width, "height": 560},
        )
        expect(page.locator("html")).to_have_attribute("lang", "de")
        assert grave(page) == []
        asked(page, "Was sagte Uschakow zu den Gebieten?")
        page.get_by_text("Quellen ·").click()
        asked(page, "Wie viele Zähne hat der Grottenolm?")
        page.get_by_text("am nächsten kommen").click()
        page.locator("a.cite").first.focus()
        expect(page.get_by_role("tooltip")).to_be_visible()
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_an_answer_is_stopped_and_a_conversation_begun_anew(visit: Open, bridge: str) -> None:
    page = visit(f"/embed?documents={bridge}")
    held: list[Route] = []
    page.route("**/embed/ask", lambda route: held.append(route))  # it takes for ever
    page.get_by_role("textbox").fill("How long?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".problem")).to_have_text("Stopped.")
    expect(page.get_by_role("textbox")).to_have_value("How long?")
    for route in held:
        route.abort()
    page.unroute_all()
    asked(page, QUESTION)
    expect(page.get_by_role("status")).to_contain_text("325 metres")
    with page.expect_popup() as popup:
        page.locator("a.cite").first.press("Enter")
    expect(popup.value.locator("#cited")).to_contain_text("325 metres")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_focused()


def test_hostile_options_are_only_text(chat: Server, intranet: Site, context: BrowserContext) -> None:
    wrong: list[str] = []
    context.on("dialog", lambda dialog: wrong.append(dialog.message))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    page = context.new_page()
    strings = [one for one in ATTACKS if "\0" not in one]
    for one in strings[::12]:
        page.goto(f"{chat.url}/embed?greeting={quote(one)}")
        assert " ".join(page.locator(".lead").inner_text().split()) == " ".join(one.split())
        assert page.locator(".welcome *").count() == 2
        assert not page.evaluate("'hacked' in window")
    intranet.pages["/"] = "<p>Intranet</p>"
    page.goto(intranet.origin)
    page.evaluate(
        """([address, strings, options]) => Promise.all(strings.map((text) => new Promise((resolve) => {
          const script = Object.assign(document.createElement('script'), { src: address, onload: resolve })
          for (const name of options) script.dataset[name] = text
          document.body.append(script)
        })))""",
        [f"{chat.url}/widget.js", strings, OPTIONS],
    )
    labels = "(all) => all.map((one) => one.getAttribute('aria-label'))"
    buttons = page.locator("article-assistant button")
    assert sorted(buttons.evaluate_all(labels)) == sorted(strings)
    colours = "(all) => [...new Set(all.map((one) => getComputedStyle(one).backgroundColor))]"
    assert buttons.evaluate_all(colours) == ["rgb(29, 78, 216)"]
    inside = """(all) => [...new Set(all.flatMap((one) => [...one.shadowRoot.querySelectorAll('*')].map((e) => e.localName)))]"""
    assert page.locator("article-assistant").evaluate_all(inside) == ["button", "svg", "path", "section"]
    buttons.last.focus()
    page.keyboard.press("Enter")  # a frame whose options make no sense
    expect(page.frame_locator(FRAME).get_by_role("heading", name="That did not work")).to_be_visible()
    assert not page.evaluate("'hacked' in window")
    assert wrong == []
