"""Text files: headings with typed numbers, and words that a line's end parted."""

from __future__ import annotations

from document import importing, tree
from document.importing import Imported
from document.importing.headings import word_count

LONG = "Recruiters promise work abroad, and some of the promises are kept by those who made them."


def imported(*paragraphs: str) -> Imported:
    return importing.read("\n\n".join(paragraphs).encode(), "a.txt", "text").assembled()


def headings(made: Imported) -> list[tuple[str, int]]:
    """Sections as level 0, headings by theirs."""
    found = []
    for section in made.sections:
        found.append((section["title"], 0))
        for block in tree.children(section["doc"]):
            if block["type"] == "heading":
                found.append((tree.text(block), block["attrs"]["level"]))
    return found


def told(made: Imported, code: str) -> list[str]:
    return [finding.excerpt for finding in made.report.findings if finding.code == code]


def test_typed_numbers_that_count_on_are_headings() -> None:
    made = imported(
        *("On fees", "1. Introduction", LONG, "2. Method", "2.1 Scope", LONG, "2.1.1 Places", LONG),
        *("2.2 Sources", LONG, "3. Findings", LONG),
    )
    assert made.title == "On fees"
    assert headings(made) == [
        *(("1. Introduction", 0), ("2. Method", 0), ("2.1 Scope", 1), ("2.1.1 Places", 2), ("2.2 Sources", 1)),
        ("3. Findings", 0),
    ]
    assert len(told(made, "plain-heading")) == 6
    assert made.report.found["headings"] == made.report.kept["headings"] == 6


def test_a_file_may_begin_with_its_first_number() -> None:
    assert [title for title, _level in headings(imported("1. Why", LONG, "2. How", LONG))] == ["1. Why", "2. How"]


def test_items_of_a_list_and_numbers_that_leap_are_none() -> None:
    listed = ("On fees", LONG, "1. Pay no fees", "2. Keep papers", "3. Ask for a contract", LONG)
    assert headings(imported(*listed)) == [("On fees", 0)]
    leaping = ("On fees", LONG, "3. Third", LONG, "12 May 2024", LONG, "7. Seventh", LONG)
    assert headings(imported(*leaping)) == [("On fees", 0)]
    alone = ("On fees", LONG, "1. Only one", LONG)
    assert headings(imported(*alone)) == [("On fees", 0)]


def test_a_list_within_numbered_sections_stays_text() -> None:
    made = imported("1. Introduction", LONG, "1. Pay no fees", "2. Keep papers", LONG, "2. Method", LONG)
    assert [title for title, _level in headings(made)] == ["1. Introduction", "2. Method"]
    assert "2. Keep papers" in tree.text(made.sections[0]["doc"])


def test_a_word_that_a_lines_end_parted_is_put_together_and_told() -> None:
    made = imported(
        "On fees", "Rules of good govern-\nance, and of pro\u00ad\ntection, are known to all who write them."
    )
    assert tree.text(made.sections[0]["doc"]).startswith("Rules of good governance, and of protection, are")
    assert told(made, "hyphen-joined") == ["govern-/ance → governance", "pro-/tection → protection"]
    assert made.report.found["words"] == made.report.kept["words"]


def test_a_hyphen_of_the_words_own_is_kept_and_told() -> None:
    text = "The anti-\ntrafficking rules of 2019-\n2020 and a long-\nterm view of Afro-\nAmerican people who work."
    made = imported("On fees", text)
    assert tree.text(made.sections[0]["doc"]) == text.replace("\n", "")
    assert len(told(made, "hyphen-kept")) == 4 and not told(made, "hyphen-joined")
    assert all(finding.section for finding in made.report.findings if finding.code == "hyphen-kept")


def test_the_text_itself_says_how_a_word_is_written() -> None:
    made = imported(
        "On fees", "A co-owner, coordinated by others, met a co-\nowner and a co-\nordinated group of them."
    )
    assert "met a co-owner and a coordinated group" in tree.text(made.sections[0]["doc"])


def test_a_hyphen_that_hangs_and_a_dash_are_left_alone() -> None:
    made = imported("On fees", "Both pre-\nand post-war rules -\nall of them - hold for those who go.")
    assert "Both pre- and post-war rules - all of them" in tree.text(made.sections[0]["doc"])
    assert not told(made, "hyphen-joined") and not told(made, "hyphen-kept")


def test_counts_stay_right_with_many_parted_words() -> None:
    made = imported("On fees", *["The govern-\nance of " + LONG] * 50)
    assert len(told(made, "hyphen-joined")) == 50
    assert (
        made.report.found["words"] == made.report.kept["words"] == word_count("On fees") + 50 * (3 + word_count(LONG))
    )
