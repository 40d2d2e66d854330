"""How the house is kept: rooms with a purpose, nothing of anybody's machine, pages without inline code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "release", "review", "brief", "accounts", "ledger", "document")
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """The files git knows; in an exported tree without git, everything outside ignored folders."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def texts(paths: list[Path]) -> list[tuple[Path, str]]:
    found = []
    for path in paths:
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_room_is_without_a_purpose(tracked: list[Path]) -> None:
    nameless = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
    assert [named(path) for path in tracked if nameless & {*path.relative_to(ROOT).parts[:-1], path.stem}] == []


def test_nothing_of_a_machine_is_committed(tracked: list[Path]) -> None:
    # Spelt apart, so that this file does not find itself.
    paths = re.compile("|".join(["/wor" + "k/main", "/wor" + "k/shared", "/ho" + "me/[a-z]", "/ro" + "ot/[.a-z]"]))
    assert [named(path) for path, text in texts(tracked) if paths.search(text)] == []


def test_no_registry_is_named_in_the_locks() -> None:
    locks = [ROOT / "package-lock.json", ROOT / ".npmrc", *(ROOT / "requirements").glob("*.txt")]
    addresses = re.compile(r'"resolved"|registry\s*=|index-url|find-links|--trusted-host')
    assert [named(path) for path, text in texts(locks) if addresses.search(text)] == []


def test_every_requirement_has_its_hashes() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = path.read_text().splitlines()
        pins = [number for number, line in enumerate(lines) if re.match(r"^[a-z0-9].*==", line, re.IGNORECASE)]
        without = [lines[number] for number in pins if "--hash=" not in lines[number] + lines[number + 1]]
        assert pins, named(path)
        assert without == [], named(path)


def test_no_file_grows_beyond_reading(tracked: list[Path]) -> None:
    """Near 400 lines a file becomes a folder of the same name."""
    kinds = (".py", ".ts", ".html", ".scss")
    code = [path for path in tracked if path.suffix in kinds and "migrations" not in path.parts]
    long = {named(path): text.count("\n") for path, text in texts(code) if text.count("\n") > 450}
    assert {name: lines for name, lines in long.items() if not name.startswith("tests/")} == {}


def test_functions_stay_short() -> None:
    """Over 50 lines: at most 2.5 % of functions (STYLE, Measures)."""
    import ast

    lengths = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    lengths[f"{named(path)}:{node.name}"] = (node.end_lineno or node.lineno) - node.lineno + 1
    long = {name: lines for name, lines in lengths.items() if lines > 50}
    assert len(long) <= 0.025 * len(lengths), long


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_has_inline_code(path: Path) -> None:
    """One constant policy without nonces: nothing inline would run or show (DECISIONS, CSP)."""
    if "email" in path.parts:
        pytest.skip("mail clients have no other way to be styled")
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{% comment.*?endcomment %\}|<!--.*?-->", "", text, flags=re.DOTALL)
    # Data for scripts is no script.
    scripts = [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src" not in tag and "application/" not in tag]
    assert scripts == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+|hx-on[^=\s]*)\s*=", text) == []
    assert "javascript:" not in text


WORD = re.compile(r"[A-Za-zÀ-ž]{2,}")
#: What is the same in every language.
SAME = {"Countersign", "PDF", "DOCX", "EPUB", "ZIP", "HTML", "CSV", "XLSX", "JSON", "Word"}
SAME |= {"SHA", "ISBN", "DOI", "URL", "UTC", "BibTeX", "RIS", "CSL", "ORCID"}


def bare_words(text: str) -> list[str]:
    """Words a reader would see that no translation reaches."""
    text = re.sub(r"\{#.*?#\}", "", text)
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", text, flags=re.DOTALL)
    # Blocks that name a style's class or a page's width.
    text = re.sub(r"\{%\s*block \w*(?:class|width|measure)\w*\s*%\}.*?\{%\s*endblock", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<!doctype[^>]*>", "", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"<(script|style|code|kbd|samp)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", text, flags=re.DOTALL)
    attributes = re.findall(r'\s(?:title|alt|aria-label|placeholder|content)="([^"\x00]*[A-Za-z]{3}[^"]*)"', text)
    # A template may hold a few attributes of a tag that another opens; their names are nobody's words.
    shown = re.sub(r"<[^>]*>|(?<=\s)[a-z-]+=\"\x00\"", "\x00", text)
    pieces = [piece.strip() for piece in shown.split("\x00")] + [
        value for value in attributes if not re.fullmatch(r"[a-z0-9=,.:\- ]+", value)
    ]
    return [piece for piece in pieces if set(WORD.findall(re.sub(r"&\w+;", "", piece))) - SAME]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_status_is_a_class_by_its_bare_name(path: Path) -> None:
    """A section "empty" took the looks of an empty list: a status is named `is-…`."""
    bare = re.findall(r'class="[^"]*(?<!-)\{\{ *[\w.]*\bstatus *\}\}', path.read_text(encoding="utf-8"))
    assert not bare


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_word_a_reader_sees_can_be_translated(path: Path) -> None:
    if path.name.startswith("showcase"):
        pytest.skip("for developers")
    if path.suffix == ".txt" and "email" not in path.parts:
        pytest.skip("not for readers")
    assert bare_words(path.read_text(encoding="utf-8")) == []
