"""A Word file in our own words with all that makes real reports hard to import.

``sample(35_000)`` gives one of the length of the real report: wrong heading styles, typed numbers and
contents, 54 footnotes, boxes, spans, pictures, comments with replies, tracked changes, split sentences.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from document.sample import parts
from document.sample.parts import changed, para, run
from document.sample.prose import BOXES, CHAPTERS, Writer

FOOTNOTES = 54
_AUTHORS = ("Amina Okafor", "Jonas Lind", "Priya Nair")
_WHEN = "2026-03-{day:02d}T09:{minute:02d}:00Z"
_GLOSSARY = (
    ("AI", "Artificial intelligence"),
    ("FIU", "Financial intelligence unit"),
    ("NGO", "Non-governmental organisation"),
)
_FIXED = (2026, 1, 1, 0, 0, 0)


@dataclass
class Draft:
    """The document while it is written."""

    writer: Writer
    words: int
    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: (author, text, parent's place or -1, resolved)
    comments: list[tuple[str, str, int, bool]] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    number: int = 0
    written: int = 0
    changes: int = 0
    pictures: int = 0

    def add(self, *content: str) -> None:
        self.body += content

    def spent(self, text: str) -> str:
        self.written += len(text.split())
        return text

    def change(self, tag: str, inside: str = "") -> str:
        self.changes += 1
        when = _WHEN.format(day=1 + self.changes % 27, minute=self.changes % 60)
        return changed(tag, 1000 + self.changes, _AUTHORS[self.changes % 3], when, inside)

    def note(self) -> str:
        text = self.spent(self.writer.note())
        self.notes.append(text)
        return parts.footnote(len(self.notes))

    def comment(self, on: str, replies: int = 0, resolved: bool = False) -> str:
        """Runs with a comment on them, and its replies on the same words."""
        first = len(self.comments)
        self.comments.append((_AUTHORS[first % 3], self.writer.sentence(), -1, resolved))
        for each in range(replies):
            self.comments.append((_AUTHORS[(first + each + 1) % 3], self.writer.sentence(), first, False))
        numbers = range(first, len(self.comments))
        start = "".join(f'<w:commentRangeStart w:id="{n}"/>' for n in numbers)
        end = "".join(f'<w:commentRangeEnd w:id="{n}"/><w:r><w:commentReference w:id="{n}"/></w:r>' for n in numbers)
        return f"{start}{on}{end}"


def sample(words: int = 35_000, seed: int = 1) -> bytes:
    """The file's bytes, about ``words`` long (2,000 at least); the same seed gives the same bytes."""
    draft = Draft(Writer(seed), max(words, 2000))
    _chapters(draft)
    _annex(draft)
    front = _front(draft)
    return _packed(draft, [*front, *draft.body])


def _front(draft: Draft) -> list[str]:
    """Title page in shouting headings, then a contents list typed by hand."""
    made = [para(style="Heading1"), para(run("JOINT POLICY BRIEF"), style="Heading6")]
    made += [para(run("TECHNOLOGY AND TRAFFICKING IN PERSONS"), style="Heading6"), para(run("MARCH 2026", "b"))]
    made += [para(style="Heading4"), para(run("Contents"), style="Heading9")]
    for place, title in enumerate(draft.contents):
        page = 1 + place * 3
        made.append(para(run(title), "<w:r><w:tab/></w:r>", run(str(page))))
    return [*made, para(style="Heading1")]


def _chapters(draft: Draft) -> None:
    share = draft.words * 0.94 / len(CHAPTERS)
    for place, title in enumerate(CHAPTERS):
        shown = f"{('I', 'II', 'III', 'IV')[place]}. {title}"
        draft.contents.append(shown)
        # Two chapters are styled as headings, two are plain lines, as in the wild.
        draft.add(para(run(shown), style="Heading1" if place < 2 else ""), para(style="Heading1"))
        _chapter(draft, place, share * (place + 1))
        draft.add(para(style="Heading2"))


def _chapter(draft: Draft, place: int, until: float) -> None:
    used: set[str] = set()
    section = 0
    while draft.written < until:
        section += 1
        title = f"{chr(64 + min(section, 26))}. {draft.writer.heading(used)}"
        draft.contents.append(title)
        style, look = (("Heading6", ()), ("", ("b",)), ("Heading3", ("b",)))[section % 3]
        draft.add(para(run(title, *look), style=style))
        _features(draft, place, section)
        for part in range(1, 4):
            if draft.written >= until:
                return
            draft.add(para(run(f"({chr(96 + part)}) {draft.writer.heading(set(used))}", "i")))
            for _ in range(draft.writer.random.randint(2, 4)):
                _numbered(draft)


def _numbered(draft: Draft) -> None:
    """A body paragraph with its typed number, one of the ways authors write them."""
    draft.number += 1
    text = draft.spent(draft.writer.paragraph())
    wanted = FOOTNOTES if draft.words >= 20_000 else max(6, draft.words // 650)
    due = len(draft.notes) < wanted * draft.written / (draft.words * 0.9)
    note = draft.note() if due and len(draft.notes) < wanted else ""
    lead = f"{draft.number}. "
    kind = draft.number % 19
    if kind == 7:
        draft.add(para(run(lead + text), note, style="Heading1"))
    elif kind == 11:
        _split(draft, lead + text, note)
    elif kind == 13:
        first, rest = text[:40], text[40:]
        more = int(draft.number % 2)
        draft.add(para(run(lead), draft.comment(run(first), more, bool(draft.number % 3)), run(rest), note))
    elif kind == 3:
        added = draft.change("ins", run(f" {draft.spent(draft.writer.sentence())}"))
        gone = draft.change("del", run(f" {draft.spent(draft.writer.sentence())}", kind="delText"))
        draft.add(para(run(lead + text), added, gone, note))
    else:
        draft.add(para(run(lead + text), note))


def _split(draft: Draft, text: str, note: str) -> None:
    """A sentence in two paragraphs, as a page break leaves it."""
    at = text.find(" ", len(text) // 2)
    while at > 0 and not (text[at + 1 : at + 3].isalpha() and text[at + 1].islower() and text[at - 1].isalpha()):
        at = text.find(" ", at + 1)
    if at < 0:
        draft.add(para(run(text), note))
        return
    draft.add(para(run(text[:at])), para(run(text[at + 1 :]), note))


def _features(draft: Draft, place: int, section: int) -> None:
    """Lists everywhere; boxes, tables, pictures, changes where it is their turn."""
    writer = draft.writer
    if section % 3 == 1:
        sign = ("✓", "•")[section % 2]
        draft.number += 1
        draft.add(para(run(f"{draft.number}. {draft.spent(writer.sentence())[:-1]}, in particular:")))
        draft.add(*(para(run(f"{sign} {draft.spent(writer.item())};")) for _ in range(4)))
    elif section % 3 == 2:
        draft.add(*(para(run(f"{draft.spent(writer.item())};"), list_=1) for _ in range(4)))
    if section == 1 and place < len(BOXES):
        _box(draft, place)
    if section == 1 and place in (2, 3):
        _table(draft)
        _picture(draft)
    if section == 1 and place == 1:
        _moved(draft)
        draft.add(para(run(f"The meeting on [insert date] heard {{{{ speaker }}}}. {draft.spent(writer.sentence())}")))


def _box(draft: Draft, place: int) -> None:
    writer = draft.writer
    title = f"Box {place + 1}: {BOXES[place]}"
    draft.contents.append(title)
    content = [para(run(title, "b"))]
    content += [para(run(draft.spent(writer.paragraph()))) for _ in range(2)]
    content += [para(run(draft.spent(writer.item())), list_=1) for _ in range(3)]
    draft.add(parts.table(1, parts.row(parts.cell("".join(content)))))


def _table(draft: Draft) -> None:
    """Header row, a cell over two columns, a cell over two rows."""
    writer = draft.writer

    def words(text: str, *looks: str) -> str:
        return para(run(draft.spent(text), *looks))

    head = parts.row(parts.cell(words("Stage", "b")), parts.cell(words("Risks and what helps", "b"), span=2), head=True)
    rows = [head]
    for stage in ("Recruitment", "Journey", "Exploitation"):
        first = parts.cell(words(stage, "b"), merge="restart")
        rows.append(parts.row(first, parts.cell(words(writer.item())), parts.cell(words(writer.item()))))
        more = parts.cell(para(), merge="continue")
        rows.append(parts.row(more, parts.cell(words(writer.item())), parts.cell(words(writer.item()))))
    draft.add(parts.table(3, *rows), para())


def _picture(draft: Draft) -> None:
    draft.pictures += 1
    alt = f"Bars of different heights: an invented count of cases in region {draft.pictures}"
    draft.add(para(parts.picture(f"rIdP{draft.pictures}", draft.pictures, alt, 3_000_000, 1_500_000)))


def _moved(draft: Draft) -> None:
    """A whole inserted paragraph, a move, a change of format only."""
    new = draft.change("ins", run(draft.spent(draft.writer.paragraph(2))))
    draft.add(para(run(draft.spent(draft.writer.paragraph(2))), mark=draft.change("ins")))
    draft.add(para(new))
    words = draft.spent(draft.writer.sentence())
    draft.add(para(draft.change("moveFrom", run(words)), run(f" {draft.spent(draft.writer.sentence())}")))
    draft.add(para(run(f"{draft.spent(draft.writer.sentence())} "), draft.change("moveTo", run(words))))
    draft.changes += 1
    was = f'<w:rPrChange w:id="{1000 + draft.changes}" w:author="{_AUTHORS[0]}" w:date="2026-03-02T10:00:00Z"><w:rPr/>'
    text = draft.spent(draft.writer.sentence())
    draft.add(f'<w:p><w:r><w:rPr><w:b/>{was}</w:rPrChange></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>')


def _annex(draft: Draft) -> None:
    draft.contents.append("Annex")
    draft.add(para(run("Annex", "b", "u")), para(run("Members of the working group"), style="Heading6"))
    for place in range(10):
        draft.add(para(run(f"Member {place + 1} of the working group", "b")))
        draft.add(para(run(f"Adviser for {draft.spent(draft.writer.pick('measure'))}; {draft.writer.pick('place')};")))
    rows = []
    for short, long in (
        ("AI", "Artificial intelligence"),
        ("FIU", "Financial intelligence unit"),
        ("NGO", "Non-governmental organisation"),
    ):
        rows.append(parts.row(parts.cell(para(run(short, "b"))), parts.cell(para(run(long)))))
    draft.add(para(run("Glossary", "b", "u")), parts.table(2, *rows), para())


def _chart(place: int, kind: str) -> bytes:
    """A small bar chart; the JPEG carries EXIF, which an import must lose."""
    image = Image.new("RGB", (600, 300), "white")
    draw = ImageDraw.Draw(image)
    for bar in range(6):
        height = 40 + (bar * 37 + place * 53) % 220
        draw.rectangle((40 + bar * 90, 290 - height, 100 + bar * 90, 290), fill="#1f5a7a")
    out = io.BytesIO()
    if kind == "jpg":
        exif = Image.Exif()
        exif[0x010F] = "Camera of the sample"
        image.save(out, "JPEG", quality=85, exif=exif)
    else:
        image.save(out, "PNG")
    return out.getvalue()


def _notes(draft: Draft) -> str:
    rows = [
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p/></w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    rows += [f'<w:footnote w:id="{n}">{para(run(" " + text))}</w:footnote>' for n, text in enumerate(draft.notes, 1)]
    return f"{parts.HEAD}<w:footnotes {parts.NAMESPACES}>{''.join(rows)}</w:footnotes>"


def _comments(draft: Draft) -> tuple[str, str]:
    """comments.xml and commentsExtended.xml: who answers whom, and what is resolved."""
    rows, states = [], []
    for number, (author, text, parent, resolved) in enumerate(draft.comments):
        at = _WHEN.format(day=1 + number % 27, minute=number % 60)
        about = f'w:id="{number}" w:author="{author}" w:date="{at}" w:initials="{author[0]}"'
        body = f'<w:p w14:paraId="{number + 1:08X}">{run(text)}</w:p>'
        rows.append(f"<w:comment {about}>{body}</w:comment>")
        above = f' w15:paraIdParent="{parent + 1:08X}"' if parent >= 0 else ""
        states.append(f'<w15:commentEx w15:paraId="{number + 1:08X}"{above} w15:done="{int(resolved)}"/>')
    comments = f"{parts.HEAD}<w:comments {parts.NAMESPACES}>{''.join(rows)}</w:comments>"
    extended = f"{parts.HEAD}<w15:commentsEx {parts.NAMESPACES}>{''.join(states)}</w15:commentsEx>"
    return comments, extended


def _packed(draft: Draft, body: list[str]) -> bytes:
    comments, extended = _comments(draft)
    kinds = ["jpg" if place % 2 else "png" for place in range(draft.pictures)]
    names = [f"image{place + 1}.{kind}" for place, kind in enumerate(kinds)]
    main = f'<Relationship Id="rId1" Type="{parts.OFFICE}/officeDocument" Target="word/document.xml"/>'
    files: dict[str, bytes] = {
        "[Content_Types].xml": parts.content_types().encode(),
        "_rels/.rels": f'{parts.HEAD}<Relationships xmlns="{parts.PACKAGE}">{main}</Relationships>'.encode(),
        "word/_rels/document.xml.rels": parts.relationships(names).encode(),
        "word/document.xml": (
            f"{parts.HEAD}<w:document {parts.NAMESPACES}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"
        ).encode(),
        "word/styles.xml": parts.styles().encode(),
        "word/numbering.xml": parts.numbering().encode(),
        "word/footnotes.xml": _notes(draft).encode(),
        "word/comments.xml": comments.encode(),
        "word/commentsExtended.xml": extended.encode(),
    }
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        files[f"word/media/{name}"] = _chart(place, kind)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
