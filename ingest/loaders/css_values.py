"""What values of CSS mean: colours, lengths, and whether an element with them can be seen. Pure functions."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping

FAR = 500.0  # pixels; nothing lies so far outside a window to slide in
_PIXELS = {
    "px": 1.0,
    "": 1.0,
    "pt": 1.33,
    "em": 16.0,
    "rem": 16.0,
    "vw": 10.0,
    "vh": 10.0,
    "%": 10.0,
    "in": 96.0,
    "cm": 37.8,
}
_LENGTH = re.compile(r"(-?\d*\.?\d+)([a-z%]*)")
_FONT_SIZE = re.compile(r"(?:\A|\s)(\d*\.?\d+(?:px|pt|em|rem|%)?)(?=/|\s)")
_AWAY = re.compile(r"translate[xy3d]*\([^)]*-\d{4,}|scale[xy3d]*\(\s*0(?:\.0+)?\s*[,)]")
_CLIPPED = re.compile(
    r"inset\(\s*(?:50|100)%|circle\(\s*0|rect\(\s*([01])(?:px)?[,\s]+\1(?:px)?[,\s]+\1(?:px)?[,\s]+\1"
)

Colour = tuple[int, int, int]  # red, green, blue, each in 0..255

_NAMES: dict[str, Colour] = {
    "aqua": (0, 255, 255), "beige": (245, 245, 220), "black": (0, 0, 0), "blue": (0, 0, 255), "brown": (165, 42, 42),
    "cyan": (0, 255, 255), "darkblue": (0, 0, 139), "darkgray": (169, 169, 169), "darkgreen": (0, 100, 0),
    "darkgrey": (169, 169, 169), "darkred": (139, 0, 0), "fuchsia": (255, 0, 255), "gainsboro": (220, 220, 220),
    "ghostwhite": (248, 248, 255), "gold": (255, 215, 0), "gray": (128, 128, 128), "green": (0, 128, 0),
    "grey": (128, 128, 128), "ivory": (255, 255, 240), "lightblue": (173, 216, 230), "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211), "lightyellow": (255, 255, 224), "lime": (0, 255, 0), "linen": (250, 240, 230),
    "magenta": (255, 0, 255), "maroon": (128, 0, 0), "navy": (0, 0, 128), "olive": (128, 128, 0), "orange": (255, 165, 0),
    "pink": (255, 192, 203), "purple": (128, 0, 128), "red": (255, 0, 0), "silver": (192, 192, 192), "snow": (255, 250, 250),
    "teal": (0, 128, 128), "white": (255, 255, 255), "whitesmoke": (245, 245, 245), "yellow": (255, 255, 0),
}  # fmt: skip
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_NEAR = 12


def colour_of(text: str) -> Colour | None:
    """The colour that ``text`` states; None where it states none that is known, or one that is seen through."""
    text = text.strip().lower()
    if text in _NAMES:
        return _NAMES[text]
    if match := _HEX.fullmatch(text):
        return _of_digits(match[1])
    if match := _FUNCTION.fullmatch(text):
        parts = [part for part in re.split(r"[\s,/]+", match[2].strip()) if part]
        try:
            return _of_numbers(match[1], parts)
        except ValueError:
            return None
    return None


def alike(one: Colour, two: Colour) -> bool:
    """Can nobody tell them apart?"""
    return all(abs(a - b) <= _NEAR for a, b in zip(one, two, strict=True))


def _of_digits(digits: str) -> Colour | None:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[place : place + 2], 16) for place in (0, 2, 4))
    return None if digits[6:] not in ("", "ff") else (red, green, blue)


def _of_numbers(kind: str, parts: list[str]) -> Colour | None:
    """Raises `ValueError` where a part is no number."""
    if len(parts) not in (3, 4) or (len(parts) == 4 and _share(parts[3], 1) < 1):
        return None
    if kind == "rgb":
        red, green, blue = (round(255 * min(1, max(0, _share(part, 255)))) for part in parts[:3])
        return red, green, blue
    hue, saturation, lightness = (
        float(parts[0].removesuffix("deg")) / 360,
        _share(parts[1], 100),
        _share(parts[2], 100),
    )
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def _share(text: str, whole: float) -> float:
    return float(text[:-1]) / 100 if text.endswith("%") else float(text) / whole


def hides(name: str, stated: Mapping[str, str]) -> bool:
    """Does the property ``name`` hide the element for which these are ``stated``, with everything in it?"""
    value = stated[name]
    match name:
        case "display":
            return value == "none"
        case "visibility":  # which what is in it can undo
            return value in ("hidden", "collapse")
        case "content-visibility":
            return value == "hidden"
        case "opacity":
            number = _LENGTH.fullmatch(value)
            return number is not None and float(number[1]) <= 0.01 * (100 if number[2] == "%" else 1)
        case "left" | "top" | "right" | "bottom":
            return stated.get("position", "absolute") != "static" and (pixels(value) or 0) <= -FAR
        case "margin-left" | "margin-top":
            return (pixels(value) or 0) <= -FAR
        case "transform":
            return _AWAY.search(value) is not None
        case "clip" | "clip-path":
            return _CLIPPED.search(value) is not None
        case "width" | "height" | "max-height" | "max-width":
            size = pixels(value)
            closed = any(
                stated.get(way) in ("hidden", "clip") for way in ("overflow", "overflow-x", "overflow-y")
            )
            return closed and size is not None and size <= 1
    return False


def pixels(value: str) -> float | None:
    """A length in pixels, roughly; None where it is none that can be read."""
    match = _LENGTH.fullmatch(value.strip())
    return float(match[1]) * _PIXELS[match[2]] if match and match[2] in _PIXELS else None


def font_size(stated: Mapping[str, str]) -> str | None:
    if "font-size" in stated:
        return stated["font-size"]
    match = _FONT_SIZE.search(stated.get("font", ""))
    return match[1] if match else None


def is_tiny(size: str, above: bool) -> bool:
    """One pixel or less; what is given in parts of a tiny size is tiny as well."""
    match = _LENGTH.fullmatch(size)
    if match is None:
        return above and size in ("inherit", "smaller", "larger", "unset")
    number, unit = float(match[1]), match[2]
    if unit in ("em", "%", "rem"):
        return number <= (10 if unit == "%" else 0.1) or (above and unit != "rem")
    return number == 0 or (unit in ("px", "pt", "") and number <= 1)
