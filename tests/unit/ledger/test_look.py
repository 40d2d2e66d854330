"""Template tags of the look: times with their zone, hashes, built assets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template

from ledger import assets
from ledger.templatetags import look

MOMENT = datetime(2026, 3, 28, 15, 0, tzinfo=UTC)


def render(source: str, **context: Any) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_a_time_shows_the_place_whose_clock_it_is() -> None:
    shown = render('{% when moment "Africa/Nairobi" %}', moment=MOMENT)
    assert shown == '<time datetime="2026-03-28T15:00:00+00:00">28 March 2026, 18:00 Nairobi</time>'


def test_a_second_zone_is_added_where_its_clock_differs() -> None:
    shown = render('{% when moment "Africa/Nairobi" also="Europe/Vienna" %}', moment=MOMENT)
    assert "18:00 Nairobi (16:00 Vienna)" in shown
    same = render('{% when moment "Europe/Paris" also="Europe/Vienna" %}', moment=MOMENT)
    assert "(" not in same


def test_a_second_zone_on_another_day_says_the_day() -> None:
    late = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    assert "(29 March, 01:30 Nairobi)" in render('{% when moment "UTC" also="Africa/Nairobi" %}', moment=late)


def test_without_a_zone_it_is_universal_time() -> None:
    assert "15:00 UTC" in render("{% when moment %}", moment=MOMENT)
    assert "15:00 UTC" in render('{% when moment "" %}', moment=MOMENT)
    assert render("{% when nothing %}", nothing=None) == ""


@pytest.mark.parametrize(("zone", "place"), [("America/Port_of_Spain", "Port of Spain"), ("UTC", "UTC"), ("", "UTC")])
def test_a_zone_is_called_by_its_place(zone: str, place: str) -> None:
    assert look.place(zone) == place


def test_a_hash_is_short_and_whole() -> None:
    value = "3f9a12cd" * 8
    assert look.short_hash(value) == "3f9a 12cd … 12cd"
    assert look.hash_groups(value).replace(" ", "") == value


def test_an_asset_brings_its_imports_and_styles(tmp_path: Path, settings: Any) -> None:
    manifest = {
        "a.ts": {"file": "a-1.js", "imports": ["b.ts"], "css": ["a-1.css"]},
        "b.ts": {"file": "b-2.js", "imports": ["a.ts"], "css": ["b-2.css"]},
        "s.scss": {"file": "s-3.css"},
    }
    folder = tmp_path / "web" / ".vite"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    settings.BUILD_DIR = tmp_path
    assert assets.built("a.ts") == assets.Built("a-1.js", ("b-2.js",), ("a-1.css", "b-2.css"))
    shown = render('{% asset "a.ts" %}')
    assert shown.index("a-1.css") < shown.index("modulepreload") < shown.index('<script type="module"')
    assert render('{% asset "s.scss" %}') == '<link rel="stylesheet" href="/static/build/s-3.css">'


def test_what_is_not_built_names_the_command(tmp_path: Path, settings: Any) -> None:
    settings.BUILD_DIR = tmp_path
    with pytest.raises(ImproperlyConfigured, match="make build"):
        assets.built("editor/styles/site.scss")
