"""What a page's own styles say of its elements: enough of CSS to tell what is hidden, and no more.

Rules with conditions that depend on a reader (a pointer over it, a width of the window) hold nothing here, but it is known
what they would say. What a page fetches from elsewhere is never fetched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

_MOST = 2_000_000  # characters of styles that are looked at
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_STRING = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
_ADDRESS = re.compile(r"url\([^)]*\)", re.I)
_BRACE = re.compile(r"[{};]")
_MEDIA_OF_SCREENS = re.compile(r"\s*(?:only\s+)?(?:screen|all)?\s*")
_PREFERENCE = re.compile(r"prefers-|forced-colors|scripting|\bprint\b|\bspeech\b")
_SELECTOR = re.compile(
    r"(?P<combinator>\s*[>+~]\s*|\s+)|(?P<tag>[a-z*][\w-]*|\*)|#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)"
    r"|\[(?P<attribute>[^\]]*)\]|(?P<pseudo>::?[\w-]+(?:\([^()]*\))?)",
    re.I,
)
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z")

# The properties that tell what is hidden; no others are kept.
_TOLD = {
    "animation", "animation-name", "background-clip", "background-color", "background-image", "bottom", "clip",
    "clip-path", "color", "content-visibility", "display", "font", "font-size", "height", "left", "margin-left",
    "margin-top", "max-height", "max-width", "opacity", "overflow", "overflow-x", "overflow-y", "position", "right",
    "text-indent", "text-shadow", "top", "transform", "transition", "transition-property", "visibility", "width",
    "-webkit-background-clip", "-webkit-text-fill-color",
}  # fmt: skip

Reach = Literal["always", "sometimes", "never"]
Weight = tuple[bool, int, int]  # is it important, the selector's specificity, its place among all rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """What a selector asks of one element; ``conditional`` where that is more than can be told here."""

    tag: str = ""
    ids: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    conditional: bool = False

    @property
    def names(self) -> frozenset[str]:
        return frozenset({f"#{name}" for name in self.ids} | {f".{name}" for name in self.classes})

    def fits(self, element: Any) -> bool:
        if self.conditional or (self.tag and element.tag != self.tag):
            return False
        return self.ids <= {element.get("id", "")} and self.classes <= set(element.get("class", "").split())


@dataclass(frozen=True, kw_only=True)
class StyleRule:
    """One selector with its declarations. ``parts`` are from right to left, each with what stands before it."""

    parts: tuple[tuple[Compound, str], ...]
    declarations: Mapping[str, tuple[str, bool]]
    order: int
    reach: Reach

    @cached_property
    def specificity(self) -> int:
        compounds = [compound for compound, _ in self.parts]
        return sum(10_000 * len(one.ids) + 100 * len(one.classes) + bool(one.tag) for one in compounds)

    @cached_property
    def _asked_above(self) -> frozenset[str]:
        """The ids and classes that elements around must have."""
        return frozenset().union(*(compound.names for compound, _ in self.parts[1:]))

    def fits(self, element: Any, names_above: Set[str]) -> bool:
        """Does it hold for the element as the page comes? ``names_above`` are of all elements around it."""
        return self.reach == "always" and self._asked_above <= names_above and self._fits(element)

    def _fits(self, element: Any) -> bool:
        found = [element]  # what may stand for the part looked at, from the inside out
        before = ""
        for compound, combinator in self.parts:
            if before == " ":
                found = list(found[0].iterancestors())
            elif before == ">":
                found = [parent for one in found if (parent := one.getparent()) is not None]
            found = [one for one in found if compound.fits(one)]
            if not found:
                return False
            before = combinator
        return True


class Styles:
    """The rules of a page's ``style`` elements. ``elsewhere`` says that it has more, which are not known."""

    def __init__(self, root: Any) -> None:
        self.elsewhere = any("stylesheet" in link.get("rel", "").lower() for link in root.iter("link"))
        self._rules: dict[str, list[StyleRule]] = defaultdict(
            list
        )  # by what they ask for: "#id", ".class", "tag"
        self._above: dict[Any, Set[str]] = {None: frozenset()}
        order = 0
        for style in root.iter("style"):
            if next(style.iterancestors("noscript", "template"), None) is not None:
                continue
            reach = _reach_of_media(style.get("media", ""))
            for parts, declarations, held in _rules((style.text or "")[:_MOST], reach):
                order += 1
                rule = StyleRule(parts=parts, declarations=declarations, order=order, reach=held)
                self._rules[_key(parts[0][0])].append(rule)

    def of(self, element: Any) -> dict[str, str]:
        """The value of every property that the page states for ``element`` itself, in lower case."""
        found: dict[str, tuple[Weight, str]] = {}
        above = self._names_above(element)
        for rule in self._near(element):
            if rule.fits(element, above):
                for name, (value, important) in rule.declarations.items():
                    weight = (important, rule.specificity, rule.order)
                    if name not in found or weight >= found[name][0]:
                        found[name] = weight, value
        for name, (value, important) in declarations_of(element.get("style", "")).items():
            if important or name not in found or not found[name][0][0]:
                found[name] = (important, 1_000_000, 0), value
        return {name: value for name, (_, value) in found.items()}

    def otherwise(self, element: Any, name: str) -> Iterator[str]:
        """What a property of ``element`` would be in other circumstances: rules of its id or class that do not hold now."""
        names = {element.get("id", "")} | set(element.get("class", "").split())
        above = self._names_above(element)
        for rule in self._near(element):
            compound = rule.parts[0][0]
            same = name in rule.declarations and names & (compound.ids | compound.classes)
            if same and rule.reach != "never" and not rule.fits(element, above):
                yield rule.declarations[name][0]

    def _names_above(self, element: Any) -> Set[str]:
        """The ids and classes of the elements around ``element``."""
        parent = element.getparent()
        if parent not in self._above:
            own = {f".{name}" for name in parent.get("class", "").split()} | {f"#{parent.get('id', '')}"}
            self._above[parent] = self._names_above(parent) | own
        return self._above[parent]

    def _near(self, element: Any) -> Iterator[StyleRule]:
        """The rules that could be for ``element``."""
        if not self._rules:
            return
        for key in ("*", str(element.tag), f"#{element.get('id', '')}"):
            yield from self._rules.get(key, ())
        for name in set(element.get("class", "").split()):
            yield from self._rules.get(f".{name}", ())


def declarations_of(block: str) -> dict[str, tuple[str, bool]]:
    """Each property of ``a: b; c: d !important`` with its value in lower case, and whether that is important."""
    found: dict[str, tuple[str, bool]] = {}
    for declaration in block.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if colon and value and re.fullmatch(r"-?[a-z-]+", name):
            important = _IMPORTANT.search(value) is not None
            name = "background-color" if name == "background" else name
            if name in _TOLD and (important or name not in found or not found[name][1]):
                found[name] = _IMPORTANT.sub("", value), important
    return found


_Parts = tuple[tuple[Compound, str], ...]
_Found = tuple[_Parts, dict[str, tuple[str, bool]], Reach]


def _rules(css: str, reach: Reach) -> Iterator[_Found]:
    """The rules in a style sheet, one for each selector of a list."""
    yield from _nested(_ADDRESS.sub("url()", _STRING.sub("''", _COMMENT.sub(" ", css))), reach)


def _nested(css: str, reach: Reach) -> Iterator[_Found]:
    for prelude, block in _blocks(css):
        if prelude.startswith("@"):
            inside = _reach_of_condition(prelude)
            if inside != "never" and block:
                yield from _nested(block, reach if inside == "always" else inside)
            continue
        declarations = declarations_of(block)
        for selector in prelude.split(",") if declarations else ():
            if parts := _selector(selector.strip()):
                yield parts, declarations, reach


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """What stands before each ``{`` of the outermost level, and within its braces."""
    start, opened, depth, prelude = 0, 0, 0, ""
    for match in _BRACE.finditer(css):
        sign = match[0]
        if sign == "{":
            depth += 1
            if depth == 1:
                prelude, opened = css[start : match.start()].strip(), match.end()
        elif sign == "}" and depth:
            depth -= 1
            if depth == 0:
                yield prelude, css[opened : match.start()]
                start = match.end()
        elif depth == 0:
            start = match.end()


def _reach_of_condition(prelude: str) -> Reach:
    """Whether what is in ``@media …`` and the like holds for a reader at a screen."""
    name, _, condition = prelude[1:].lower().partition(" ")
    if name.startswith("layer"):
        return "always"
    if name.startswith("media"):
        return _reach_of_media(f"{name[5:]} {condition}")
    return "sometimes" if name.startswith(("supports", "container", "scope")) else "never"


def _reach_of_media(condition: str) -> Reach:
    queries = [query.strip().lower() for query in condition.split(",")]
    if any(_MEDIA_OF_SCREENS.fullmatch(query) for query in queries):
        return "always"
    return "never" if all(_PREFERENCE.search(query) for query in queries) else "sometimes"


def _selector(selector: str) -> _Parts | None:
    """A selector's compounds from right to left; None for what can stand for no element."""
    parts: list[tuple[Compound, str]] = []
    before, place = "", 0
    tag, ids, classes, conditional = "", set[str](), set[str](), False

    def finish() -> None:
        compound = Compound(
            tag=tag,
            ids=frozenset(ids),
            classes=frozenset(classes),
            conditional=conditional or before in ("+", "~"),
        )
        parts.append((compound, " " if before in ("+", "~") else before))

    while place < len(selector):
        match = _SELECTOR.match(selector, place)
        if match is None or (match["pseudo"] or "").startswith("::"):
            return None
        place = match.end()
        if match["combinator"]:
            finish()
            before = match["combinator"].strip() or " "
            tag, ids, classes, conditional = "", set(), set(), False
        elif match["tag"]:
            tag = "" if match["tag"] == "*" else match["tag"].lower()
        elif match["id"]:
            ids.add(match["id"])
        elif match["class"]:
            classes.add(match["class"])
        else:
            conditional = True
    finish()
    return tuple(reversed(parts))


def _key(compound: Compound) -> str:
    """What the rule is found by: the rarest thing that it asks for."""
    if compound.ids:
        return f"#{min(compound.ids)}"
    return f".{min(compound.classes)}" if compound.classes else compound.tag or "*"
