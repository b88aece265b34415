"""Addresses of a local site, through the command: one article is one document, and pages without an article are none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path

from benchmarks.fault_checks import Checked
from benchmarks.fault_checks.folders import run
from tests.support.site import site

KIND = "addresses"
_MORE = "Der zweite Absatz nennt weitere Einzelheiten und ist lang genug, damit die Seite wie ein Artikel aussieht und nicht wie eine Meldung."
# What is added to the address of one article; the page says which address is its own.
_VARIANTS = (
    "?utm_source=x", "?utm_medium=feed&utm_campaign=y", "#kommentare", "?fbclid=abc", "?gclid=1", "?print=1", "/", "?page=1",
    "?ref=start", "?share=mail#oben", "?amp", "?wt_mc=a", "?xing_share=news", "?output=amp",
)  # fmt: skip
# Pages without an article: their title and their body.
_EMPTY = (
    ("App", "<div id=root></div><noscript>Please enable JavaScript to view this page.</noscript><script src=x.js></script>"),
    ("Bote", "<noscript>Sie müssen JavaScript aktivieren, um diese App auszuführen.</noscript><div id=app></div>"),
    ("Portal", "<h1>JavaScript is required</h1><p>Our site works best with JavaScript turned on in your browser.</p>"),
    ("Bote", "<h1>Bitte stimmen Sie zu</h1><p>Um unsere Seite zu nutzen, stimmen Sie bitte der Verarbeitung Ihrer Daten durch uns und 187 Partner zu oder schließen Sie ein Abo für 3,99 Euro ab.</p><button>Zustimmen</button>"),
    ("Herald", "<h1>We value your privacy</h1><p>We and our 842 partners store and access information on a device, such as cookies. Accept all or manage your choices.</p><button>Accept all</button>"),
    ("Zeitung", "<h2>Weiter mit Werbung oder im Abo</h2><p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Ihre Zustimmung können Sie jederzeit widerrufen.</p><button>Einverstanden</button>"),
    ("Cookies", "<p>Diese Website verwendet Cookies. Wählen Sie, welche Cookies Sie akzeptieren.</p><button>Alle akzeptieren</button>"),
    ("Seite nicht gefunden", "<h1>Fehler 404</h1><p>Die gesuchte Seite existiert leider nicht mehr.</p>"),
    ("Page not found", "<h1>Oops!</h1><p>The page you are looking for could not be found. Try the search or go back to the homepage.</p>"),
    ("404", "<h1>404</h1><p>This article has been removed or is no longer available.</p>"),
    ("Nicht verfügbar", "<p>Dieser Artikel ist nicht mehr verfügbar.</p>"),
    ("Bote", "<p>Der Beitrag wurde gelöscht oder verschoben.</p><a href=/>Zur Startseite</a>"),
    ("Redirecting…", '<p>You are being redirected. <a href="/a2">Click here</a> if nothing happens.</p>'),
    ("Just a moment...", "<h1>Checking your browser before accessing</h1><p>Please complete the security check. Ray ID: 123</p>"),
    ("Anmelden", "<h1>Anmelden</h1><form><p>Bitte melden Sie sich an, um diesen Artikel zu lesen.</p><input name=u><input type=password name=p></form>"),
    ("Sign in", "<h1>Sign in to continue</h1><form><input name=u><input type=password name=p></form><p>Subscribers only. Log in or subscribe to read this article.</p>"),
)  # fmt: skip
# Short articles on the same matters, which are articles.
_ARTICLES = (
    ("Gericht: Cookie-Banner von Ostrau rechtswidrig", "Das Verwaltungsgericht hat am Montag das Cookie-Banner der Stadt Ostrau für rechtswidrig erklärt. Geklagt hatte der Verein Netzrecht. Die Stadt muss die Kosten von 4.300 Euro tragen, sagte Richterin Ute Born."),
    ("Why the council site needs JavaScript", "The council of Ostrau has rebuilt its site, which now needs JavaScript. Councillor Amy Reed said that 41 residents had complained. The old pages stay online until May, and a plain version is planned for the autumn."),
    ("Fehler 404: Ausstellung über verlorene Seiten", "Das Museum Ostrau zeigt ab Freitag eine Ausstellung über verschwundene Webseiten. Kuratorin Lea Brandt hat 340 Seiten gesammelt, von denen keine mehr erreichbar ist. Der Eintritt kostet sechs Euro."),
    ("Login-Pflicht für Bürgerportal", "Wer in Ostrau einen Termin braucht, muss sich ab Juni anmelden. Das beschloss der Rat mit 21 gegen 9 Stimmen. Datenschützer Ben Kahl nannte das unverhältnismäßig."),
    ("Steg", "Der Steg in Ostrau ist offen."),
)  # fmt: skip


def checks(work: Path) -> Iterator[Checked]:
    """Every address; the embedding model and that private addresses are allowed are configured."""
    with site() as there:
        for number, (title, text) in enumerate(_ARTICLES):
            there.pages[f"/s{number}"] = _article(title, text)
        for number, (title, body) in enumerate(_EMPTY):
            there.pages[f"/e{number}"] = (
                f"<html><head><title>{title}</title></head><body>{body}</body></html>"
            )
        there.pages["/meta"] = (
            '<html><head><meta http-equiv=refresh content="0;url=/s0"></head><body>Weiter</body></html>'
        )
        own = f'<link rel="canonical" href="{there.origin}/a1">'
        article = _article(
            "Deichbau in Nordhafen beginnt", "In Nordhafen hat der Bau des Deiches begonnen.", own
        )
        for variant in ("", *_VARIANTS):
            there.pages[f"/a1{variant.partition('#')[0]}"] = article
        days = {date(2025, 10, day): how for day, how in enumerate(_DAYS, 7)}
        there.pages["/feed.xml"] = _feed(there.origin, days)
        for day in days:
            there.pages[f"/f{day.day}"] = _article(
                f"Meldung {day.day}", f"Im Hafen Nummer {day.day} begann die Arbeit."
            )
        yield from _variants(there.origin)
        yield from _pages(there.origin)
        yield from _dates(there.origin, days)


def _variants(origin: str) -> Iterator[Checked]:
    results = _results(*(f"{origin}/a1{variant}" for variant in ("", *_VARIANTS)))
    outcomes = {result["source"]: result["outcome"] for result in results}
    for variant in _VARIANTS:
        seen = outcomes.get(f"{origin}/a1{variant}", "nothing")
        yield Checked(kind=KIND, name=f"one article, {variant}", right=seen == "unchanged", seen=seen)


def _pages(origin: str) -> Iterator[Checked]:
    paths = [*(f"/e{n}" for n in range(len(_EMPTY))), "/meta", *(f"/s{n}" for n in range(len(_ARTICLES)))]
    outcomes = {one["source"]: one["outcome"] for one in _results(*(origin + path for path in paths))}
    for path in paths:
        wanted = ("added", "unchanged") if path.startswith("/s") else ("failed",)
        seen = outcomes.get(origin + path, "led on" if path == "/meta" else "nothing")
        yield Checked(kind=KIND, name=f"{_named(path)}", right=seen in (*wanted, "led on"), seen=seen)


def _named(path: str) -> str:
    if path == "/meta":
        return "a page that leads on"
    table = _ARTICLES if path.startswith("/s") else _EMPTY
    return f"{'an article' if table is _ARTICLES else 'no article'}: {' '.join(table[int(path[2:])])[:90]}"


def _dates(origin: str, days: dict[date, str]) -> Iterator[Checked]:
    from assistant.core import Assistant

    _results(f"{origin}/feed.xml")
    assistant = Assistant.open()
    found = {record.source: record.published for record in assistant.index.records()}
    assistant.close()
    for day, how in days.items():
        seen = found.get(f"{origin}/f{day.day}")
        yield Checked(kind=KIND, name=f"a feed's date as {how}", right=seen == day, seen=str(seen))


_DAYS = ("pubDate", "dc:date", "published", "pubDate with a zone's name", "pubDate without a weekday")


def _feed(origin: str, days: dict[date, str]) -> str:
    items = []
    for day, how in days.items():
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        written = {
            "pubDate": f"<pubDate>{format_datetime(at)}</pubDate>",
            "dc:date": f"<dc:date>{at.isoformat()}</dc:date>",
            "published": f"<published>{day.isoformat()}</published>",
            "pubDate with a zone's name": f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>",
            "pubDate without a weekday": f"<pubDate>{at:%d %b %Y %H:%M:%S} +0000</pubDate>",
        }[how]
        items.append(f"<item><title>x</title><link>{origin}/f{day.day}?utm_source=rss</link>{written}</item>")
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title>{"".join(items)}</channel></rss>'


def _article(title: str, text: str, head: str = "") -> str:
    more = f"<p>{_MORE}</p>" if head else ""
    return f"<!doctype html><html lang=de><head><meta charset=utf-8><title>{title}</title>{head}</head><body><main><article><h1>{title}</h1><p>{text}</p>{more}</article></main></body></html>"


def _results(*addresses: str) -> list[dict[str, str]]:
    lines = [json.loads(line) for line in run(*addresses, "--json").splitlines() if line.startswith("{")]
    return [line for line in lines if "outcome" in line]
