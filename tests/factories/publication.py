"""A small publication in which every node and mark of the document language occurs."""

from __future__ import annotations

import io
import tempfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from document.publication import FigureFile, Imprint, Publication, SectionText
from tests.factories.documents import (
    Node,
    br,
    bullets,
    callout,
    cell,
    cite,
    doc,
    figure,
    footnote,
    heading,
    item,
    language,
    link,
    mark,
    numbers,
    p,
    quote,
    recommendation,
    ref,
    row,
    table,
    text,
    th,
)

SOURCES: dict[str, dict[str, Any]] = {
    "alpha2024": {
        "id": "alpha2024",
        "type": "report",
        "title": "Recruitment by message: what changed in three years",
        "publisher": "Alpha Institute",
        "publisher-place": "Vienna",
        "author": [{"family": "Okafor", "given": "Ada"}, {"family": "Lindqvist", "given": "Maja"}],
        "issued": {"date-parts": [[2024, 5, 2]]},
        "URL": "https://example.org/reports/recruitment?lang=en#:~:text=in%20three%20years",
    },
    "beta2019": {
        "id": "beta2019",
        "type": "article-journal",
        "title": "Help lines and trust",
        "container-title": "Journal of Plain Examples",
        "volume": "12",
        "issue": "3",
        "page": "45-67",
        "author": [{"family": "Haddad", "given": "Samir"}],
        "issued": {"date-parts": [[2019]]},
        "DOI": "10.1234/example.2019.3",
    },
    "gamma": {
        "id": "gamma",
        "type": "webpage",
        "title": "Notes for help lines",
        "author": [{"literal": "Gamma Network"}],
        "URL": "https://example.org/notes",
        "accessed": {"date-parts": [[2026, 1, 15]]},
    },
}

IMPRINT = Imprint(
    isbn="978-3-16-148410-0",
    copyright="© 2026 First Organisation and Second Organisation",
    licence="Creative Commons Attribution 4.0 International (CC BY 4.0)",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    disclaimer="The designations used do not imply the expression of any opinion by the publishers.",
    contact="briefs@example.org",
    acknowledgements="The publishers thank all who reviewed drafts of this brief.",
)

PROSE = (
    "Recruiters already use translation tools, and language no longer narrows the group of people who can "
    "be reached. What once took a speaker of the language now takes a prompt, and the cost of a convincing "
    "false offer has fallen with it."
)


@cache
def picture(width: int = 640, height: int = 360) -> bytes:
    """A chart-like PNG, the same bytes every time."""
    image = Image.new("RGB", (width, height), "#fbfaf6")
    draw = ImageDraw.Draw(image)
    for index, share in enumerate((0.35, 0.6, 0.8, 0.5)):
        left = 60 + index * (width - 120) // 4
        draw.rectangle([left, height - 40 - share * (height - 100), left + 90, height - 40], fill="#0b4f6c")
    draw.line([40, height - 40, width - 40, height - 40], fill="#1d2126", width=2)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@cache
def figure_file(asset: str = "chart") -> FigureFile:
    """The picture in a file that lives as long as the test run."""
    path = Path(tempfile.mkdtemp(prefix="figure-")) / f"{asset}.png"
    path.write_bytes(picture())
    return FigureFile(asset, path, "image/png", 640, 360)


def first_section() -> Node:
    """Prose with every inline node and mark."""
    return doc(
        p(
            text("Language no longer narrows "),
            text("who can be reached", "strong"),
            ". ",
            PROSE + " ",
            cite("alpha2024", locator="p. 12", prefix="see"),
            id="para00000001",
        ),
        p(
            "Of 27.6 million people, ",
            text("a quarter", mark("claim", id="c1")),
            " were reached online",
            footnote(
                "The figure refers to 2021 ",
                cite("beta2019"),
                "; see ",
                ref("table0000001"),
                ".",
                id="foot00000001",
            ),
            ". H",
            text("2", "subscript"),
            "O and m",
            text("2", "superscript"),
            text(" are set as they should be", "em"),
            ";",
            br(),
            "a new line; ",
            link("a link", "https://example.org/page?x=1&y=2#:~:text=one,two"),
            "; ",
            language("une expression française", "fr"),
            ", ",
            language("عبارة عربية", "ar", "rtl"),
            " and ",
            language("русские слова", "ru"),
            ". As said in ",
            ref("para00000001"),
            " and in ",
            ref("section-b"),
            ".",
            id="para00000002",
        ),
        heading(1, "What the numbers say", id="head00000001"),
        heading(2, "By channel", id="head00000002"),
        p("Three channels stand out:", id="para00000003"),
        bullets(
            item("messages,"),
            item(p("social media, where"), numbers(item("offers"), item("replies"), start=3)),
        ),
        table(
            "Contacts by channel and year",
            row(th("Channel"), th("2021"), th("2024")),
            row(th("Messages", scope="row"), cell("1,200"), cell("3,400")),
            row(th("Social media", scope="row"), cell("800", colspan=2)),
            id="table0000001",
        ),
        figure(
            "chart",
            "Contacts by quarter, ",
            text("all channels", "em"),
            alt="Bar chart: contacts rise until the third quarter, then fall.",
            credit="Alpha Institute",
            licence="CC BY 4.0",
            id="figure000001",
        ),
        quote(p("“We answered every call,” a worker said."), id="quote0000001"),
    )


def second_section() -> Node:
    """Callouts of each kind, recommendations, a second table."""
    return doc(
        p("A risk is told apart by word and colour, never by colour alone ", cite("gamma", "alpha2024"), "."),
        callout("key", "What to remember", p("Callouts are quiet: one rule, one label.")),
        callout("risk", "", p("False offers are cheaper to make than to check.")),
        callout(
            "opportunity",
            "",
            p("The same tools help those who answer calls."),
            bullets(item("in more languages")),
        ),
        callout("case", "A help line", p("One help line halved its waiting time.")),
        callout("definition", "Contact", p("A first message that was answered.")),
        callout("note", "", p("Figures are rounded.")),
        p("We therefore recommend:"),
        recommendation("legislation", "legislators", p("Require that offers name the employer.", id="rec000000001")),
        recommendation(
            "investment",
            "governments",
            p("Fund help lines for five years."),
            bullets(item("staff"), item("tools")),
        ),
        recommendation("cooperation", "", p("Exchange patterns, not people’s data.")),
        recommendation("partnership", "technology companies", p("Label machine translation.")),
        recommendation("other", "", p("Read this brief again in a year.")),
    )


def suggested_section() -> Node:
    """Suggestions on words and on a block; in drafts only."""
    return doc(
        p("Kept ", text("new ", mark("insertion", id="s1")), text("old ", mark("deletion", id="s1")), "end."),
        p("A whole new paragraph.", marks=[mark("insertion", id="s2")]),
        p("It was ", text("set in bold", "strong", mark("modification", id="s3")), "."),
    )


def publication(**changes: Any) -> Publication:
    """The sample; keyword arguments replace fields of the Publication."""
    fields: dict[str, Any] = {
        "title": "A policy brief set as a long read",
        "subtitle": "What changed, what it means, and what to do about it",
        "language": "en",
        "organisations": ("First Organisation", "Second Organisation"),
        "sections": (
            SectionText("section-a", "What has changed", first_section()),
            SectionText(
                "section-b",
                "Risks and answers",
                second_section(),
                first_number=6,
                content_notice="This section speaks of exploitation.",
            ),
        ),
        "sources": SOURCES,
        "figures": {"chart": figure_file("chart")},
        "imprint": IMPRINT,
        "slug": "long-read",
        "content_hash": "3f9a" * 16,
        "dated": date(2026, 3, 12),
        "built_at": datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        "summary": "One sentence that says what the brief found and for whom it was written.",
    }
    return Publication(**{**fields, **changes})


def of(*docs: Node, **changes: Any) -> Publication:
    """A publication whose sections are these documents."""
    sections = tuple(SectionText(f"section-{n}", f"Section {n}", each) for n, each in enumerate(docs, start=1))
    return publication(sections=sections, **changes)
