"""Standing questions as HTML: the form to keep one, and each with what is new to it and where that is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.asked_text import LONGEST_QUESTION
from assistant.citation_links import place, viewer_link
from assistant.service.standing_list import StandingView
from assistant.service.telling import WAYS
from assistant.standing.types import NewFinding
from assistant.types import Filters
from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words
from ingest.store.catalogue import Catalogue

MOST_QUESTIONS = 25  # shown at first, and how many further ones "Show more" shows
MOST_SHOWN = 20  # findings that have been looked at, of each question


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """All that the page shows: the first ``views`` of ``total``, in their order; ``findings`` by question, the newest first.

    ``waiting`` documents are yet to be looked through; ``problem`` says that the file of questions was damaged.
    ``base`` is the server's address, which the feeds' begin with; ``mail`` is whether mails can be sent.
    """

    views: Sequence[StandingView]
    total: int
    findings: dict[str, list[NewFinding]]
    catalogue: Catalogue | None
    problem: str
    waiting: int
    base: str
    mail: bool


def form(words: Words) -> Html:
    """The field for another question, and the place that the page's script fills."""
    field = element(
        "input",
        type="text",
        name="question",
        required=True,
        maxlength=LONGEST_QUESTION,
        autocomplete="off",
        placeholder=words("standing_placeholder"),
    )
    line = element(
        "div",
        element("label", text(words("standing_question") + " "), field),
        element("button", text(words("standing_keep")), type="submit"),
        class_="line",
    )
    said = element("p", class_="said", role="status", data_failed=words("standing_failed"))
    kept = element("div", class_="kept", data_failed=words("find_texts_failed"))
    lead = element("p", text(words("standing_lead")), class_="hint")
    return join([element("form", line, class_="keep"), lead, said, kept])


def kept_list(page: QuestionPage, words: Words) -> Html:
    """The questions, and how to see more of them."""
    problem = element("p", text(page.problem), class_="wrong", lang="en") if page.problem else NOTHING
    if not page.views:
        return join([problem, element("p", text(words("standing_none")), class_="none")])
    waiting = (
        element("p", text(words.count("standing_waiting", page.waiting)), class_="hint")
        if page.waiting
        else NOTHING
    )
    questions = [_question(view, page, words) for view in page.views]
    return join([problem, waiting, *questions, _more(page, words)])


def _more(page: QuestionPage, words: Words) -> Html:
    """Which of the questions are shown, and the button for further ones; nothing where all are."""
    shown = len(page.views)
    if shown == page.total:
        return NOTHING
    count = text(words("standing_shown", n=words.number(shown), total=words.number(page.total)))
    button = element(
        "button",
        text(words("find_texts_more")),
        type="button",
        data_limit=str(shown + MOST_QUESTIONS),
    )
    return element("p", element("span", count), button, class_="hint further")


def _question(view: StandingView, page: QuestionPage, words: Words) -> Html:
    question = view.question
    found = page.findings.get(question.id, [])
    new = [one for one in found if one.number > question.seen]
    seen = [one for one in found if one.number <= question.seen]
    return element(
        "section",
        element("h2", text(question.question), dir="auto"),
        _facts(view, words),
        *(_trouble(way, view.troubles[way], words) for way in WAYS if way in view.troubles),
        element("ol", *(_finding(one, page, words) for one in new), class_="findings") if new else NOTHING,
        _seen_before(seen, page, view, words),
        _acts(view, words),
        _telling(view, page, words),
        class_="question new" if new else "question",
        data_id=question.id,
        data_question=question.question,
        data_removed=words("standing_removed", question=question.question),
        data_undo=words("undo"),
        data_save=words("save"),
        data_cancel=words("cancel"),
        data_label=words("standing_question"),
    )


def _facts(view: StandingView, words: Words) -> Html:
    question = view.question
    parts = [
        element("strong", text(words.count("standing_new", view.new)), class_="count")
        if view.new
        else text(words("standing_nothing_new"))
    ]
    parts.append(text(words.count("standing_total", view.total)))
    parts.append(join([text(words("standing_since") + " "), _moment(question.created, words)]))
    if question.paused:
        parts.append(element("strong", text(words("standing_paused"))))
    parts += [text(one) for one in _restrictions(question.filters, words)]
    return element("p", join(parts, text(" · ")), class_="facts")


def _restrictions(filters: Filters, words: Words) -> list[str]:
    parts = []
    if filters.documents:
        parts.append(words.count("standing_documents", len(filters.documents)))
    if filters.published_from:
        parts.append(f"{words('from_day')} {words.date(filters.published_from)}")
    if filters.published_to:
        parts.append(f"{words('to_day')} {words.date(filters.published_to)}")
    return parts


def _moment(moment: datetime, words: Words) -> Html:
    """A day and a time; the script shows it in the reader's time zone."""
    return element(
        "time", text(f"{words.date(moment.date())}, {moment:%H:%M} UTC"), datetime=moment.isoformat()
    )


def _trouble(way: str, reason: str, words: Words) -> Html:
    return element(
        "p",
        text(words(f"standing_trouble_{way}") + " "),
        element("span", text(reason), lang="en"),
        class_="wrong",
    )


def _finding(finding: NewFinding, page: QuestionPage, words: Words) -> Html:
    record = page.catalogue.by_id.get(finding.document_id) if page.catalogue else None
    href = viewer_link(finding.document_id, finding.start, finding.end, finding.version, finding.quote)
    link = element("a", text(" ".join(finding.quote.split())), href=href, target="_blank")
    where = [element("bdi", text((record.title or place(record)) if record else finding.title))]
    if record and record.title and record.title != place(record):
        where.append(element("bdi", text(place(record))))
    if record and record.published:
        where.append(date_element(record.published, words))
    where.append(join([text(words("standing_found") + " "), _moment(finding.found, words)]))
    return element(
        "li",
        element("blockquote", link, lang=finding.language or None, dir="auto"),
        element("p", join(where, text(" · ")), class_="about"),
    )


def _seen_before(seen: Sequence[NewFinding], page: QuestionPage, view: StandingView, words: Words) -> Html:
    if not seen:
        return NOTHING
    summary = element("summary", text(words.count("standing_earlier", len(seen))))
    shown = element("ol", *(_finding(one, page, words) for one in seen[:MOST_SHOWN]), class_="findings")
    return element("details", summary, shown, data_key=f"seen-{view.question.id}")


def _acts(view: StandingView, words: Words) -> Html:
    acts = [
        ("seen", "standing_seen") if view.new else None,
        ("edit", "edit"),
        ("go_on", "go_on") if view.question.paused else ("pause", "pause"),
        ("remove", "standing_remove"),
    ]
    return element(
        "p",
        *(_act(act, words(phrase), view.question.question, words) for act, phrase in filter(None, acts)),
        class_="acts",
    )


def _act(act: str, label: str, question: str, words: Words) -> Html:
    name = words("act_on", act=label, name=question)
    return element("button", text(label), type="button", data_act=act, aria_label=name)


def _telling(view: StandingView, page: QuestionPage, words: Words) -> Html:
    """Where else what is new is told, folded away."""
    question, telling = view.question, view.question.telling
    address = f"{page.base}/api/questions/{question.id}/feed?token={question.token}"
    renew = element("button", text(words("standing_renew")), type="button", data_act="renew")
    feed = element("div", _shown("standing_feed", address, words), renew, class_="place")
    webhook = _field("webhook", "standing_webhook", "url", "https://", telling.webhook, words)
    secret = (
        element("div", _shown("standing_secret", telling.secret, words), class_="place")
        if telling.webhook
        else NOTHING
    )
    mail = (
        _field("mail", "standing_mail", "email", "", telling.mail, words)
        if page.mail
        else element("p", text(words("standing_no_mail")), class_="hint")
    )
    save = element("button", text(words("save")), type="submit")
    test = (
        element(
            "button",
            text(words("standing_test")),
            type="button",
            data_act="test",
            data_done=words("standing_tested"),
        )
        if telling.ways
        else NOTHING
    )
    places = element("form", webhook, mail, element("p", save, test, class_="acts"), class_="places")
    return element(
        "details",
        element("summary", text(words("standing_tell"))),
        element("div", feed, places, secret, class_="tell"),
        data_key=f"tell-{question.id}",
    )


def _shown(phrase: str, value: str, words: Words) -> Html:
    """A value that is copied rather than changed."""
    field = element("input", type="text", readonly=True, value=value)
    copy = element(
        "button", text(words("standing_copy")), type="button", data_copy=value, data_done=words("copied")
    )
    return join([element("label", text(words(phrase) + " "), field), copy])


def _field(name: str, phrase: str, kind: str, placeholder: str, value: str, words: Words) -> Html:
    field = element(
        "input",
        type=kind,
        name=name,
        value=value,
        placeholder=placeholder or None,
        autocomplete="off",
        spellcheck="false",
        maxlength=2_000,
    )
    return element("label", text(words(phrase) + " "), field)
