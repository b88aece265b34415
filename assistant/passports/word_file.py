"""Text with footnotes as a Word file: the parts of an Office Open XML package, no more than readers of it need. Pure.

python-docx has no footnotes, so the parts are written here, by the names of ECMA-376: a document, its footnotes, its
styles, and for both texts the addresses that their links lead to.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from assistant.passports.rich_text import CopiedParagraph, TextRun
from ingest.text.showable import showable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMES = f'xmlns:w="{_WORD}" xmlns:r="{_RELATIONS}"'
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STYLE_OF = {"heading": "Heading2", "label": "Label", "quote": "Quote", "note": "FootnoteText"}
# Footnotes 0 and 1 are the lines between text and notes; ours begin after them.
_FIRST = 2
_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the same text gives the same file


@dataclass(slots=True)
class _Links:
    """The addresses that the links of one part lead to, by the ids of its relations."""

    ids: dict[str, str] = field(default_factory=dict)

    def of(self, address: str) -> str:
        return self.ids.setdefault(address, f"link{len(self.ids) + 1}")

    def part(self, *fixed: str) -> str:
        links = (
            f'<Relationship Id="{key}" Type="{_RELATIONS}/hyperlink" Target={quoteattr(address)} TargetMode="External"/>'
            for address, key in self.ids.items()
        )
        inner = "".join([*fixed, *links])
        return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def word_file(title: str, paragraphs: Sequence[CopiedParagraph]) -> bytes:
    """The bytes of a .docx file with ``title`` as its first heading; the paragraphs that are notes become footnotes."""
    in_text, in_notes = _Links(), _Links()
    texts = [one for one in paragraphs if one.kind != "note"]
    notes = [one for one in paragraphs if one.kind == "note"]
    head = _paragraph("Title", _run(title))
    document = head + "".join(_paragraph(_STYLE_OF.get(one.kind, ""), _runs(one, in_text)) for one in texts)
    footnotes = "".join(_note(one, in_notes) for one in notes)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("document", f"{_RELATIONS}/officeDocument", "word/document.xml"),
            ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(title),
        "word/document.xml": f"{_HEAD}<w:document {_NAMES}><w:body>{document}{_SECTION}</w:body></w:document>",
        "word/_rels/document.xml.rels": in_text.part(
            *(
                f'<Relationship Id="{name}" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
                for name in ("styles", "settings", "footnotes")
            )
        ),
        "word/footnotes.xml": f"{_HEAD}<w:footnotes {_NAMES}>{_SEPARATORS}{footnotes}</w:footnotes>",
        "word/_rels/footnotes.xml.rels": in_notes.part(),
        "word/settings.xml": f"{_HEAD}<w:settings {_NAMES}>{_NOTE_SETTINGS}</w:settings>",
        "word/styles.xml": f"{_HEAD}<w:styles {_NAMES}>{''.join(_styles())}</w:styles>",
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _SAME_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content.encode())
    return written.getvalue()


def _paragraph(style: str, runs: str) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def _runs(paragraph: CopiedParagraph, links: _Links) -> str:
    return "".join(_written(run, links) for run in paragraph.runs)


def _written(run: TextRun, links: _Links) -> str:
    if run.note:
        mark = f'<w:footnoteReference w:id="{run.note - 1 + _FIRST}"/>'
        return f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>{mark}</w:r>'
    if run.href:
        return f'<w:hyperlink r:id="{links.of(showable(run.href))}" w:history="1">{_run(run.text, "Hyperlink")}</w:hyperlink>'
    return _run(run.text)


def _run(text: str, style: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    in_line = " ".join(showable(text).split())
    kept = (" " if text[:1].isspace() else "") + in_line + (" " if text[1:] and text[-1:].isspace() else "")
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(kept)}</w:t></w:r>'


def _note(note: CopiedParagraph, links: _Links) -> str:
    mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>' + _run(" ")
    inner = _paragraph(_STYLE_OF["note"], mark + _runs(note, links))
    return f'<w:footnote w:id="{note.number - 1 + _FIRST}">{inner}</w:footnote>'


_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    for number, kind in enumerate(("separator", "continuationSeparator"))
)
_NOTE_SETTINGS = '<w:footnotePr><w:footnote w:id="0"/><w:footnote w:id="1"/></w:footnotePr>'
_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
)


def _styles() -> Iterator[str]:
    yield (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/>'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
    )
    yield '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    yield _style("paragraph", "Title", "Title", run='<w:b/><w:sz w:val="36"/>')
    yield _style(
        "paragraph",
        "Heading2",
        "heading 2",
        '<w:keepNext/><w:outlineLvl w:val="1"/>',
        '<w:b/><w:sz w:val="26"/>',
    )
    yield _style("paragraph", "Label", "Label", "<w:keepNext/>", "<w:b/>")
    yield _style("paragraph", "Quote", "Quote", '<w:ind w:left="567" w:right="567"/>')
    yield _style(
        "paragraph",
        "FootnoteText",
        "footnote text",
        '<w:spacing w:after="40" w:line="240" w:lineRule="auto"/>',
        '<w:sz w:val="18"/>',
    )
    yield _style(
        "character", "FootnoteReference", "footnote reference", run='<w:vertAlign w:val="superscript"/>'
    )
    yield _style("character", "Hyperlink", "Hyperlink", run='<w:color w:val="0B57D0"/><w:u w:val="single"/>')


def _style(kind: str, key: str, name: str, paragraph: str = "", run: str = "") -> str:
    inner = f'<w:name w:val="{name}"/>' + ('<w:basedOn w:val="Normal"/>' if kind == "paragraph" else "")
    inner += f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    inner += f"<w:rPr>{run}</w:rPr>" if run else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}">{inner}</w:style>'


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_PART}.{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"),
            ("footnotes", "footnotes"),
            ("settings", "settings"),
            ("styles", "styles"),
        )
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'{overrides}<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{part}"/>' for key, kind, part in relations
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _core(title: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(showable(title))}</dc:title></cp:coreProperties>"
    )
