"""Addresses: the directive apart, every escape as it came, one page known again in other clothes."""

from __future__ import annotations

import random

import pytest

from document.addresses import doi, is_web, join_directive, sameness, split_directive


@pytest.mark.parametrize(
    ("whole", "address", "directive"),
    [
        ("https://x.example/a#:~:text=one%20two", "https://x.example/a", "text=one%20two"),
        ("https://x.example/a#part:~:text=a-,b,c,-d", "https://x.example/a#part", "text=a-,b,c,-d"),
        (
            "https://x.example/a%2Fb?q=%C3%A9&r=+#:~:text=%E2%80%9Cx%E2%80%9D",
            "https://x.example/a%2Fb?q=%C3%A9&r=+",
            None,
        ),
        ("https://x.example/a#part", "https://x.example/a#part", ""),
        ("https://x.example/", "https://x.example/", ""),
    ],
)
def test_a_directive_stands_apart_and_comes_back(whole: str, address: str, directive: str | None) -> None:
    found = split_directive(whole)
    assert found[0] == address
    assert directive is None or found[1] == directive
    assert join_directive(*found) == whole


def test_nothing_is_ever_encoded_or_decoded() -> None:
    """Any address goes apart and together again, byte for byte."""
    chance = random.Random(7)
    signs = ["%20", "%2C", "%2c", "%E2%80%9C", "a", "é", "&", ",", "-", "=", "/", "?", "~", "+", "(", ")"]
    for _round in range(2_000):
        parts = ["".join(chance.choices(signs, k=chance.randint(0, 12))) for _part in range(3)]
        whole = f"https://x.example/{parts[0]}#{parts[1].replace('?', '')}:~:text={parts[2]}"
        assert join_directive(*split_directive(whole)) == whole


@pytest.mark.parametrize(
    "other",
    [
        "http://www.X.example/a%2fb/",
        "https://x.example:443/a%2Fb",
        "https://x.example/a%2Fb#:~:text=anything",
    ],
)
def test_one_page_in_other_clothes(other: str) -> None:
    assert sameness(other) == sameness("https://x.example/a%2Fb")


@pytest.mark.parametrize("other", ["https://x.example/a/b", "https://x.example/A%2Fb", "https://x.example/a%2Fb?p=2"])
def test_other_pages_are_others(other: str) -> None:
    assert sameness(other) != sameness("https://x.example/a%2Fb")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://x.example/",
        "https://",
        "https://x.example/a b",
        "https://[",
        "x" * 2_000,
        "https://x.example/\u202ea",
    ],
)
def test_what_is_not_of_the_web(url: str) -> None:
    assert not is_web(url)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.1000/ABC.1", "10.1000/abc.1"),
        ("doi: 10.1000/abc.1", "10.1000/abc.1"),
        ("https://doi.org/10.1000/abc.1", "10.1000/abc.1"),
        ("https://x.example/10.1000/abc", ""),
        ("none", ""),
    ],
)
def test_a_doi_without_its_resolver(text: str, found: str) -> None:
    assert doi(text) == found
