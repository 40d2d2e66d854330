"""All files of a publication, built into a folder: the same publication gives the same bytes.

``brief.pdf``, ``brief.docx``, ``brief.epub`` · ``pages/``: HTML fragments that the public pages wrap
(``outline.html``, ``sections/<id>.html``, ``sources.html``, ``meta.json``; for a long brief also
``split/<id>.html`` and ``split/sources.html``, whose links fit a page for each section) ·
``figures/<asset>.<ending>`` · ``brief.zip`` with the readers' files · ``SHA256SUMS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from document import canonical, tree, typst, zips
from document.assembly import Assembly, assemble
from document.html import Context, render_bibliography, render_lists, render_outline, render_section
from document.html.element import Markup, element, join
from document.labels import Labels
from document.pandoc import epub
from document.publication import FigureFile, Publication
from document.word import docx

#: Words beyond which the web shows a page for each section (DECISIONS, *Weight*).
ONE_PAGE = 20_000
#: Words that a reader of reports reads in a minute.
PACE = 220

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg", "image/webp": "webp", "image/gif": "gif"}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "zip": "application/zip",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "": "text/plain; charset=utf-8",
    **{ending: kind for kind, ending in ENDINGS.items()},
}
#: ``progress(percent, what)``: percent from 0 to 100, and what is being made.
Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class Artefact:
    """A file that was built; ``name`` is its path in the folder, with slashes. ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def build(
    publication: Publication, folder: Path, *, progress: Progress | None = None, labels: Labels | None = None
) -> list[Artefact]:
    """Build everything into an existing folder and list it, sorted by name.

    Raises sandbox.SandboxError when a program fails, typst.fonts.NotBuilt without ``make build``.
    """
    tell = progress or _silent
    tell(0, "HTML")
    assembly = assemble(publication, labels)
    files = dict(_pages(assembly))
    files |= {figure_name(file): file.image.read_bytes() for file in publication.figures.values()}
    tell(15, "PDF")
    files["brief.pdf"] = typst.pdf(assembly)
    tell(50, "Word")
    files["brief.docx"] = docx(assembly)
    tell(70, "EPUB")
    files["brief.epub"] = epub(assembly)
    tell(85, "ZIP")
    files["brief.zip"] = _archive(files)
    files["SHA256SUMS"] = sums({name: data for name, data in files.items() if _for_readers(name)})
    built = [_keep(folder, name, files[name]) for name in sorted(files)]
    tell(100, "")
    return built


def _silent(percent: int, what: str) -> None:
    """Nobody asked how far it is."""


def figure_name(file: FigureFile) -> str:
    """Where a picture is found beside the brief's page."""
    return f"figures/{file.asset}.{ENDINGS.get(file.media_type, 'bin')}"


def _for_readers(name: str) -> bool:
    return not name.startswith("pages/")


def _archive(files: dict[str, bytes]) -> bytes:
    given = {name: data for name, data in files.items() if _for_readers(name)}
    return zips.write({**given, "SHA256SUMS": sums(given)})


def sums(files: dict[str, bytes]) -> bytes:
    """Checksums as ``sha256sum --check`` reads them."""
    return "".join(f"{canonical.sha256(files[name])}  {name}\n" for name in sorted(files)).encode()


def _keep(folder: Path, name: str, data: bytes) -> Artefact:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    ending = path.suffix.removeprefix(".")
    return Artefact(name, MEDIA_TYPES.get(ending, "application/octet-stream"), len(data), canonical.sha256(data))


# --- pages


def page_context(assembly: Assembly) -> Context:
    """The whole brief on one page."""
    return Context(assembly, figure_url=_figures(assembly, ""))


def split_context(assembly: Assembly) -> Context:
    """A page for each section, two folders below the brief's own: ``sections/<id>/``."""
    return Context(
        assembly,
        figure_url=_figures(assembly, "../../"),
        page_url=lambda section: f"../{section}/",
        sources_url="../../",
        nested=False,
    )


def _figures(assembly: Assembly, prefix: str) -> Callable[[str], str]:
    figures = assembly.publication.figures
    return lambda asset: prefix + figure_name(figures[asset])


def _pages(assembly: Assembly) -> Iterator[tuple[str, bytes]]:
    counts = {each.id: tree.words(each.doc) for each in assembly.publication.sections}
    yield from _fragments(assembly, page_context(assembly), "pages/sections", "pages/sources.html")
    yield "pages/outline.html", render_outline(page_context(assembly)).encode()
    if sum(counts.values()) > ONE_PAGE:
        yield from _fragments(assembly, split_context(assembly), "pages/split", "pages/split/sources.html")
    yield "pages/meta.json", _meta(assembly, counts).encode()


def _fragments(assembly: Assembly, context: Context, folder: str, sources: str) -> Iterator[tuple[str, bytes]]:
    for section in assembly.publication.sections:
        yield f"{folder}/{section.id}.html", render_section(section, context).encode()
    yield sources, _sources(context).encode()


def _sources(context: Context) -> Markup:
    """What follows the text: acronyms, glossary, and the list of sources with its heading; empty without any."""
    lists, items = render_lists(context), render_bibliography(context)
    if not items:
        return lists
    heading = element("h2", str(context.labels.sources), id="sources")
    return join([lists, element("section", join(heading, items), class_="section sources", aria_labelledby="sources")])


def _meta(assembly: Assembly, counts: dict[str, int]) -> str:
    words = sum(counts.values())
    sections = [
        {"id": each.id, "title": each.title, "words": counts[each.id], **({"depth": each.depth} if each.depth else {})}
        for each in assembly.publication.sections
    ]
    return canonical.dumps({"words": words, "minutes": max(1, round(words / PACE)), "sections": sections})
