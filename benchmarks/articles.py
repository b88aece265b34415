"""What is kept of saved web pages: the words of the article, and not those around it.

    python -m benchmarks.articles --data DIR [--list]

Each page of ``news_pages`` comes with words that the text must have and words that it must not have. They are looked for in what the
product reads of the page and, in the same run, in what trafilatura gives by its defaults; white space does not count. ``--list``
names what is missing and what is too much.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import trafilatura

from ingest.errors import SourceError
from ingest.loaders import load

Read = Callable[[bytes, str], str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    folder = options.data / "news_pages"
    pages = json.loads((folder / "expected.json").read_text("utf-8"))
    print("| read by | pages | refused | kept | of | dropped | of |\n|---|---|---|---|---|---|---|")
    for name, read in {"trafilatura's defaults": by_defaults, "the product": by_product}.items():
        print(row(name, read, pages, folder / "pages"))
    if options.list:
        print("\n".join(faults(by_product, pages, folder / "pages")))


def by_product(data: bytes, name: str) -> str:
    try:
        content = load(data, name)
    except SourceError:
        return ""
    return f"{content.title}\n{content.text}" if content.title not in content.text else content.text


def by_defaults(data: bytes, name: str) -> str:
    return trafilatura.extract(data) or ""


def row(name: str, read: Read, pages: dict[str, dict[str, object]], folder: Path) -> str:
    texts = {
        url: plain(read((folder / str(page["file"])).read_bytes(), str(page["file"])))
        for url, page in pages.items()
    }
    kept = [plain(one) in texts[url] for url, page in pages.items() for one in listed(page, "with")]
    dropped = [plain(one) not in texts[url] for url, page in pages.items() for one in listed(page, "without")]
    refused = sum(not text for text in texts.values())
    return f"| {name} | {len(texts)} | {refused} | {share(kept)} | {len(kept)} | {share(dropped)} | {len(dropped)} |"


def faults(read: Read, pages: dict[str, dict[str, object]], folder: Path) -> list[str]:
    lines = []
    for page in pages.values():
        text = plain(read((folder / str(page["file"])).read_bytes(), str(page["file"])))
        lines += [f"{page['file']}: misses {one!r}" for one in listed(page, "with") if plain(one) not in text]
        lines += [f"{page['file']}: has {one!r}" for one in listed(page, "without") if plain(one) in text]
    return lines


def listed(page: dict[str, object], key: str) -> list[str]:
    found = page.get(key) or []
    assert isinstance(found, list)
    return [str(one) for one in found]


def plain(text: str) -> str:
    return " ".join(text.split())


def share(flags: Sequence[bool]) -> str:
    return f"{sum(flags) / max(1, len(flags)):.3f}"


if __name__ == "__main__":
    main()
