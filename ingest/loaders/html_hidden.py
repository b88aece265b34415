"""A page without what none of its readers sees: text that its styles or attributes hide for good.

What can be opened stays: sections behind a button, panels of tabs, what other widths of the window or a script of the page
show. So does an article that is hidden until a script has run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from ingest.loaders.css import Styles
from ingest.loaders.css_values import FAR, Colour, alike, colour_of, font_size, hides, is_tiny, pixels

_WORDS = re.compile(r"[\w-]+")
_QUOTED = re.compile(r"""["'][#.]?([\w-]+)["']""")
_MOST_SCRIPT = 500_000  # characters
# Elements that styles from elsewhere hardly ever give a colour or size of their own.
_IN_LINE = frozenset({"b", "em", "font", "i", "s", "small", "span", "strong", "u"})
_OF_THE_SITE = ("nav", "header", "footer", "aside", "form", "dialog")
_OF_THE_SITE_BY_ROLE = {"alertdialog", "banner", "dialog", "menu", "menubar", "navigation", "search"}


def shown(root: Any) -> Any:
    """The page ``root`` as its readers see it: ``root`` itself where nothing is hidden, else a changed copy."""
    if root is None:
        return None
    page = deepcopy(root)
    return page if _Page(page).strip() else root


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element's text inherits: None is a colour that is not stated, or not known."""

    visible: bool = True
    tiny: bool = False
    away: bool = False
    colour: Colour | None = None
    ground: Colour | None = None

    @property
    def unseen(self) -> bool:
        same = self.colour is not None and self.ground is not None and alike(self.colour, self.ground)
        return not self.visible or self.tiny or self.away or same


class _Page:
    """A page while what is hidden is taken out of it."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._styles = Styles(root)
        self._openable = set(_openable(root))
        self._article = _around_article(root)

    def strip(self) -> bool:
        """Take out what is hidden, and the marks of what can be opened; returns whether there was any."""
        looks: dict[Any, _Look] = {}
        gone: list[Any] = []
        changed = False
        for element in self._root.iter():
            if not isinstance(element.tag, str):
                continue
            above = looks.get(element.getparent(), _Look())
            if (
                element.getparent() is not None
                and element.getparent() not in looks
                and element is not self._root
            ):
                continue  # below something hidden
            stated = self._styles.of(element)
            if element in self._article:
                looks[element] = replace(
                    self._look(element, stated, above), visible=True, tiny=False, away=False
                )
            elif reasons := list(_hidden_by(element, stated)):
                if not self._can_be_seen(element, reasons):
                    gone.append(element)
                    continue
                _unmark(element)
                changed, looks[element] = True, above
            else:
                looks[element] = self._look(element, stated, above)
        words = any(element.text_content().strip() for element in gone)
        for element in gone:
            _drop(element)
        return self._blank(looks) or words or changed

    def _look(self, element: Any, stated: Mapping[str, str], above: _Look) -> _Look:
        own = element.tag in _IN_LINE and not element.get("class") and not element.get("id")
        kept = (
            above
            if own or not self._styles.elsewhere
            else replace(above, colour=None, ground=None, tiny=False)
        )
        ground = _ground(element, stated, kept.ground)
        size = font_size(stated)
        visible = stated.get("visibility")
        if visible in ("hidden", "collapse") and self._can_be_seen(element, ["visibility"]):
            visible = None
        indent = pixels(stated.get("text-indent", ""))
        return _Look(
            visible=kept.visible
            if visible not in ("hidden", "collapse", "visible")
            else visible == "visible",
            tiny=kept.tiny if size is None else is_tiny(size, kept.tiny),
            away=kept.away if indent is None else indent <= -FAR,
            colour=_colour(element, stated, kept.colour),
            ground=ground,
        )

    def _can_be_seen(self, element: Any, reasons: list[str]) -> bool:
        """Is there something in the page that shows it: a button, a tab, another width, a script?"""
        if any(self._otherwise(element, name) for name in reasons):
            return True
        if _of_the_site(element):
            return False
        names = {element.get("id", ""), *element.get("class", "").split()} - {""}
        return element.get("role") == "tabpanel" or bool(names & self._openable)

    def _otherwise(self, element: Any, name: str) -> bool:
        return any(not hides(name, {name: value}) for value in self._styles.otherwise(element, name))

    def _blank(self, looks: Mapping[Any, _Look]) -> bool:
        """Take out the text, but not the elements in it, where it inherits what makes it unseen."""
        changed = False
        for element, look in looks.items():
            if look.unseen and element.tag not in ("html", "head", "title", "script", "style"):
                changed = changed or bool((element.text or "").strip())
                element.text = None
                for child in element:
                    changed = changed or bool((child.tail or "").strip())
                    child.tail = None
        return changed


def _hidden_by(element: Any, stated: Mapping[str, str]) -> Iterator[str]:
    """The attributes and properties that hide an element with everything in it."""
    if element.tag in ("html", "body", "head", "script", "style", "meta", "link", "title"):
        return
    if element.get("hidden", "until-found") != "until-found":
        yield "hidden"
    if element.get("aria-hidden") == "true" and not _first_letter(element):
        yield "aria-hidden"
    moves = any(name.startswith(("animation", "transition")) for name in stated)
    for name in stated:
        if name != "visibility" and hides(name, stated) and not (moves and name in ("opacity", "transform")):
            yield name


def _colour(element: Any, stated: Mapping[str, str], above: Colour | None) -> Colour | None:
    """The colour of the text; None where it is not known, or letters are painted in another way."""
    if any(
        name in stated
        for name in ("text-shadow", "-webkit-text-fill-color", "background-clip", "-webkit-background-clip")
    ):
        return None
    attribute = "color" if element.tag == "font" else "text" if element.tag == "body" else ""
    value = stated.get("color", element.get(attribute, "") if attribute else "")
    return above if value in ("", "inherit", "currentcolor") else colour_of(value)


def _ground(element: Any, stated: Mapping[str, str], above: Colour | None) -> Colour | None:
    """The colour behind the text; None where it is not known, or a picture may be there."""
    if stated.get("background-image", "none") != "none":
        return None
    value = stated.get("background-color", element.get("bgcolor", ""))
    if value in ("", "inherit", "none", "transparent", "initial", "unset"):
        return above
    return (
        next((found for word in value.split() if (found := colour_of(word))), None)
        if "(" not in value
        else colour_of(value)
    )


def _openable(root: Any) -> Iterator[str]:
    """The ids and classes that something in the page names: a button, a link, a script."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in ("aria-controls", "data-target", "data-bs-target", "popovertarget"):
            yield from _WORDS.findall(element.get(name, ""))
        if element.get("href", "").startswith("#"):
            yield element.get("href")[1:]
        for name in ("onclick", "onchange", "ontoggle"):
            yield from _QUOTED.findall(element.get(name, ""))
        if element.tag == "script":
            yield from _QUOTED.findall((element.text or "")[:_MOST_SCRIPT])


def _around_article(root: Any) -> set[Any]:
    """What the article of a page lies in, and the article itself: it may be hidden until a script has run."""
    main = next((one for one in root.iter() if one.tag == "main" or one.get("role") == "main"), None)
    found = [one for one in (main, next(root.iter("article"), None)) if one is not None]
    around = {above for one in (*found, *list(root.iter("h1"))[:1]) for above in one.iterancestors()}
    return {*around, *found}


def _of_the_site(element: Any) -> bool:
    """Does it belong to the site around an article, as a menu or a dialogue does?"""
    return any(
        one.tag in _OF_THE_SITE or one.get("role") in _OF_THE_SITE_BY_ROLE or one.get("aria-modal") == "true"
        for one in (element, *element.iterancestors())
    )


def _first_letter(element: Any) -> bool:
    """Is it the large first letter of a word that goes on behind it?"""
    return len(element.text_content().strip()) <= 2 and (element.tail or "")[:1].isalpha()


def _unmark(element: Any) -> None:
    """Take away the marks by which readers of pages leave an element out."""
    for name in ("hidden", "aria-hidden", "style"):
        element.attrib.pop(name, None)


def _drop(element: Any) -> None:
    """Take an element out; what stands behind it stays."""
    parent = element.getparent()
    if parent is not None:
        if element.tail:
            before = element.getprevious()
            if before is None:
                parent.text = (parent.text or "") + element.tail
            else:
                before.tail = (before.tail or "") + element.tail
        parent.remove(element)
