"""Pages that hold no article say why instead of being stored; short articles about the same things are articles."""

from __future__ import annotations

import pytest

from ingest.errors import EmptySource
from ingest.loaders import load

LONG = (
    "The council of Brill met on Monday and talked for four hours about the harbour, which has to be dredged before the "
    "winter. Three of its members voted against the plan because of what it costs; the others said that a harbour without "
    "water is of no use to anybody. Work will begin in October, said the mayor, Jette Holm, and end before the ice comes."
)


def page(body: str, *, title: str = "The Brill Courier", head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()
    )


NO_ARTICLE = {
    "needs_script": [
        page("<div id=app></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=a.js></script>"),
        page("<h1>Brill</h1><p>Diese Anwendung benötigt JavaScript. Bitte aktivieren Sie es.</p>"),
        page("<p>JavaScript ist in Ihrem Browser deaktiviert.</p><script>start()</script>"),
    ],
    "asks_consent": [
        page(
            "<h1>Weiterlesen mit Werbung</h1><p>Stimmen Sie zu, dass wir und unsere 90 Partner Cookies setzen, oder "
            "nehmen Sie ein Abo.</p><button>Zustimmen und weiter</button>"
        ),
        page("<h2>Your privacy</h2><p>We use cookies. Do you accept them?</p><form><input type=submit value='Accept all'></form>"),
    ],
    "asks_payment": [
        page(f"<h1>Harbour</h1><p>{LONG}</p><div class=paywall><p>Subscribe to continue reading.</p></div>"),
        page(
            f"<h1>Hafen</h1><p>{LONG}</p><div><h2>Diesen Artikel weiterlesen mit Bote+</h2><p>Sie haben bereits ein "
            "Abo? Melden Sie sich an.</p></div>"
        ),
        page(
            f"<h1>Harbour</h1><p>{LONG}</p><p>This story is for subscribers only.</p>",
            head='<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>',
        ),
        page(
            f"<h1>Hafen</h1><p>{LONG}</p><aside><p>Jetzt für 1 Euro abonnieren und weiterlesen</p></aside>",
            head='<meta property="article:content_tier" content="locked">',
        ),
    ],
    "says_missing": [
        page("<h1>Fehler 404</h1><p>Die angeforderte Seite wurde nicht gefunden.</p>", title="Nicht gefunden"),
        page("<h1>Oops!</h1><p>The page you are looking for has moved.</p>", title="Page not found"),
        page("<p>Diese Seite gibt es leider nicht mehr.</p>", title="404 – Der Bote"),
        page("<p>Dieser Artikel ist nicht mehr verfügbar.</p><a href=/>Startseite</a>"),
    ],
    "asks_to_sign_in": [
        page("<h1>Anmelden</h1><form><p>Für Abonnenten: Bitte melden Sie sich an.</p><input name=u><input type=password></form>"),
        page("<h1>Members</h1><p>Log in to read on.</p><form><input type=PASSWORD></form>"),
    ],
    "asks_human": [
        page("<h1>Checking your browser</h1><p>This takes a moment. Ray ID: 7f</p>", title="Just a moment..."),
        page("<h1>Sicherheitsüberprüfung</h1><p>Bestätigen Sie, dass Sie kein Roboter sind.</p>"),
    ],
    "leads_on": [
        page("<p>Sie werden weitergeleitet.</p>", head='<meta http-equiv="refresh" content="0; url=/harbour">'),
        page("<p>You are being redirected. <a href='/harbour'>Go on</a></p>"),
        page("", head="<meta http-equiv=Refresh content=\"3;URL='/harbour'\">"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "data"), [(code, data) for code, pages in NO_ARTICLE.items() for data in pages]
)
def test_a_page_without_an_article_says_why(code: str, data: bytes) -> None:
    with pytest.raises(EmptySource) as caught:
        load(data, "https://brill.example/harbour.html")
    assert caught.value.code == code
    assert caught.value.values == ({"address": "/harbour"} if code == "leads_on" else {})


@pytest.mark.parametrize(
    "data",
    [
        page(f"<h1>Cookies</h1><p>Sites must ask before they set cookies, and readers may accept or not.</p><p>{LONG}</p><button>Accept</button>"),
        page(f"<h1>Is JavaScript required?</h1><p>Many sites need JavaScript.</p><p>{LONG}</p>"),
        page("<h1>Wreck not found</h1><p>Divers looked for the ship in vain.</p>", title="Wreck not found"),
        page("<h1>Robots in the harbour</h1><p>A robot now cleans the quay. It cost 4,000 euros.</p>"),
        page("<h1>Storm, live</h1><p>It rains.</p>", head='<meta http-equiv="refresh" content="60;url=/storm">'),
        page(f"<h1>Harbour</h1><p>{LONG}</p>", head='<meta http-equiv="refresh" content="5;url=/next">'),
        page(f"<h1>Harbour</h1><p>{LONG}</p><noscript>Please enable JavaScript.</noscript>"),
        page(f"<h1>Paywalls</h1><p>More sites ask readers to subscribe to continue reading.</p><p>{LONG}</p><p>{LONG[::-1]}</p>"),
        page(f"<h1>Harbour</h1><p>{LONG}</p><p>Already a subscriber? Sign in.</p>"),
        page(f"<h1>Harbour</h1><p>{LONG}</p>", head='<script type="application/ld+json">{"isAccessibleForFree":false}</script>'),
        page(
            f"<h1>Harbour</h1><p>{LONG}</p><div class=paywall><p>Subscribe to continue reading. Already a member?</p></div>",
            head='<script type="application/ld+json">{"isAccessibleForFree": true}</script>',
        ),
        page("<p>Two words.</p>"),
        page(
            "<h1>Why the harbour's site needs JavaScript</h1><p>The harbour's new site needs JavaScript, and 41 of its skippers have complained. "
            "The old pages stay until May, said Amy Reed.</p>", title="Why the harbour's site needs JavaScript",
        ),
        page(
            "<h1>Error 404: a show of lost pages</h1><p>The museum shows pages that have gone. Its curator, Lea Brandt, has found 340 of them "
            "in eleven years, most of them in an attic.</p>", title="Error 404: a show of lost pages",
        ),
    ],
)  # fmt: skip
def test_an_article_is_read(data: bytes) -> None:
    assert load(data, "harbour.html").text
