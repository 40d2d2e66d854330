"""The library's search: what is public is found, ranked and marked; nothing else leaves a trace."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brief.actions import begin_edition
from brief.models import Brief
from ledger import clock, jobs
from release import actions, public_root
from release.models import Embargo, Passage, Release
from release.search import index, query, text
from release.search.languages import CONFIGURATIONS, configuration
from tests.cast import Cast
from tests.factories.releases import again, end_embargo, in_clearance, listed, published, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_files")]


def ask(client: Client, question: str, **more: Any) -> str:
    response = client.get("/search/", {"q": question, **more})
    assert response.status_code == 200
    return str(response.content.decode())


def links(page: str) -> list[str]:
    return re.findall(r'<h2><a href="([^"]+)">', page)


def passages(release: Release, **texts: str) -> None:
    """Stored as the index stores them: title → body."""
    last = Passage.objects.filter(release=release).count()
    rows = [
        index.passage(release=release, configuration="english", order=last + place, title=title, body=body, place="#x")
        for place, (title, body) in enumerate(texts.items())
    ]
    Passage.objects.bulk_create(rows)


# --- what is found --------------------------------------------------------------------------------


def test_a_section_is_found_by_a_word_of_its_text_and_leads_to_its_place(cast: Cast, client: Client) -> None:
    release = published(cast)
    page = ask(client, "canary")
    sections = [f"/briefs/{release.brief.slug}/#section-{each.pk}" for each in cast.sections]
    assert sorted(links(page)) == sorted(sections)
    assert "<mark>canary</mark>-bb61" in page
    assert "3 passages found" in page
    assert "North" in page


def test_the_brief_itself_is_found_by_its_title_before_its_sections(cast: Cast, client: Client) -> None:
    release = listed("Safe passage for seasonal workers")
    about = index.passage(release=release, configuration="english", order=0, title=release.brief.title, body="")
    Passage.objects.bulk_create([about])
    passages(release, Another="Seasonal workers, and safe passage for them.")
    page = ask(client, "safe passage")
    assert links(page)[0] == f"/briefs/{release.brief.slug}/"
    assert "<mark>Safe</mark> <mark>passage</mark> for seasonal workers" in page


def test_other_forms_of_a_word_are_found_and_marked(cast: Cast, client: Client) -> None:
    passages(listed(), Fees="Recruiters charge workers twice. " * 3)
    page = ask(client, "recruiter charging")
    assert "<mark>Recruiters</mark> <mark>charge</mark>" in page


def test_a_phrase_and_a_word_left_out(cast: Cast, client: Client) -> None:
    passages(listed(), One="Fees are charged twice.", Two="Twice charged, no fees before departure.")
    assert len(links(ask(client, "charged fees"))) == 2
    assert len(links(ask(client, '"charged twice"'))) == 1
    assert len(links(ask(client, "charged -departure"))) == 1
    assert len(links(ask(client, "departure or nothing-else"))) == 1


def test_more_is_nearer(cast: Cast, client: Client) -> None:
    padding = "Nothing of it is told here. "
    passages(
        listed(),
        Once=padding * 5 + "A ferry.",
        Often=padding * 2 + "The ferry of a ferry by ferry. Ferry.",
        Ferries=padding,
    )
    page = ask(client, "ferry")
    assert re.findall(r"<h2><a[^>]*>(.*?)</a>", page) == ["<mark>Ferries</mark>", "Often", "Once"]


def test_a_snippet_is_cut_around_the_hit_deep_in_a_long_text(cast: Cast, client: Client) -> None:
    body = "Much is said before it. " * 2_000 + "Then policies changed by night. " + "And much after. " * 2_000
    passages(listed(), Long=body)
    snippet = re.search(r'class="snippet">(.*?)</p>', ask(client, "policy night"), re.DOTALL)
    assert snippet
    assert "<mark>policies</mark> changed by <mark>night</mark>" in snippet[1]
    assert len(snippet[1]) < 600
    assert snippet[1].endswith(" …")


def test_each_language_in_its_own_way_and_unknown_ones_by_whole_words(cast: Cast, client: Client) -> None:
    release = listed()
    rows = [
        ("french", "Les recruteurs trompent les travailleurs.", 50),
        ("simple", "Təklif olunan işlər saxtadır.", 51),
    ]
    for language, body, order in rows:
        row = index.passage(release=release, configuration=language, order=order, title="-", body=body, place="#x")
        Passage.objects.bulk_create([row])
    assert "<mark>travailleurs</mark>" in ask(client, "travailleur")
    assert "<mark>saxtadır</mark>" in ask(client, "saxtadır")
    assert "Nothing is found" in ask(client, "saxta")


def test_every_configuration_is_one_that_the_database_brings() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        known = {row[0] for row in cursor.fetchall()}
    assert set(CONFIGURATIONS.values()) | {"simple"} <= known
    assert [configuration(tag) for tag in ("en-GB", "FR", "zh-Hans", "", "pt_BR")] == [
        *("english", "french", "simple", "simple", "portuguese")
    ]


# --- what is not ----------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [in_clearance, scheduled])
def test_before_its_time_nothing_of_it_is_stored_or_found(cast: Cast, client: Client, make: Any) -> None:
    unknown = ask(client, "canary")
    release = make(cast)
    index.catch_up()
    index.write_all()
    index.write(release.brief_id)
    assert not Passage.objects.exists()
    assert ask(client, "canary") == unknown


def test_the_database_refuses_a_passage_of_what_is_not_public(cast: Cast) -> None:
    release = scheduled(cast)
    with pytest.raises(IntegrityError, match="only what is public"), transaction.atomic():
        passages(release, Early="A word too early.")
    assert not Passage.objects.exists()


def test_what_is_not_public_any_more_is_not_found_even_while_its_passages_lie_there(cast: Cast, client: Client) -> None:
    unknown = ask(client, "canary")
    release = listed()
    passages(release, One="A canary.")
    assert "<mark>canary</mark>" in ask(client, "canary")
    before = Embargo.objects.get(release=release).instant
    later = {"instant": clock.database_now() + timedelta(hours=1)}
    held = {"held_at": clock.database_now(), "held_by": cast.press, "hold_reason": "Wait."}
    for change in (later, held):
        Embargo.objects.filter(release=release).update(**{"instant": before, **change})
        assert ask(client, "canary") == unknown
        assert Passage.objects.exists()


def test_a_withdrawal_removes_its_passages_with_it(cast: Cast, client: Client) -> None:
    unknown = ask(client, "canary")
    release = published(cast)
    actions.withdraw(actor=cast.press, release=release, reason="A figure is wrong.")
    assert not Passage.objects.exists()
    assert ask(client, "canary") == unknown
    jobs.run_due()
    assert not Passage.objects.exists()


def test_a_new_edition_takes_the_place_of_the_one_before(cast: Cast, client: Client) -> None:
    first = published(cast)
    begin_edition(actor=cast.lead, brief=Brief.objects.get(pk=first.brief_id))
    second = published(cast)
    assert set(Passage.objects.values_list("release", flat=True)) == {second.pk}
    actions.withdraw(actor=cast.press, release=again(second), reason="A figure is wrong.")
    jobs.run_due()
    assert not Passage.objects.exists()


def test_a_missed_publication_is_made_up_for(cast: Cast, client: Client) -> None:
    end_embargo(scheduled(cast))
    assert "Nothing is found" in ask(client, "canary")
    assert index.catch_up() == 1
    assert "canary" in ask(client, "canary")
    assert index.catch_up() == 0
    Passage.objects.all().delete()
    call_command("index_library", verbosity=0)
    count = Passage.objects.count()
    call_command("index_library", verbosity=0)
    assert Passage.objects.count() == count == 4


# --- the page -------------------------------------------------------------------------------------


def test_a_question_comes_back_as_text(cast: Cast, client: Client) -> None:
    passages(listed(), One="A canary, and x, and a question.")
    for question in (
        '"><script>alert(1)</script>',
        "<mark>x</mark>",
        "{{ question }}",
        "'; DROP TABLE x; --",
        f"{text.START}canary{text.STOP}",
    ):
        page = ask(client, question)
        assert "<script>alert" not in page
        assert text.START not in page
        assert "<mark>x" not in page


def test_a_text_is_never_html_on_the_page(cast: Cast, client: Client) -> None:
    release = listed()
    title = "Ferry <img src=x onerror=alert(1)>"
    Passage.objects.bulk_create(
        [
            index.passage(
                release=release,
                configuration="english",
                order=9,
                title=title,
                body=f"A ferry {text.START}< by night > &lt;script&gt;",
                place="#x",
            )
        ]
    )
    page = ask(client, "ferry")
    assert "<mark>Ferry</mark> &lt;img" in page
    assert "&lt; by night &gt; &amp;lt;script&amp;gt;" in page
    assert "onerror=alert(1)>" not in page


ODD: list[dict[str, Any]] = [
    {},
    {"q": ""},
    {"q": "  "},
    {"q": "\x00"},
    {"q": "a\x00b"},
    {"q": "the"},
    {"q": "-"},
    {"q": '"'},
    {"q": "-canary"},
    {"q": "a" * 10_000},
    {"q": "𝕏 & | ! ( ) <-> :* \\"},
    {"q": "canary", "page": "-1"},
    {"q": "canary", "page": "9" * 400},
    {"q": "canary", "page": "x"},
    {"q": ["canary", "two"]},
]


def test_no_question_is_too_odd(cast: Cast, client: Client) -> None:
    passages(listed(), **{f"Part {number}": "A canary." for number in range(12)})
    for asked in ODD:
        assert client.get("/search/", asked).status_code == 200, asked
        assert client.head("/search/", asked).status_code == 200, asked


def test_bytes_that_are_no_text_are_no_question(client: Client) -> None:
    assert client.get("/search/?q=%ff%fe%00").status_code == 200


def test_it_is_kept_nowhere_and_indexed_by_nobody(cast: Cast, client: Client) -> None:
    listed()
    response = client.get("/search/", {"q": "canary"})
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert b'<meta name="robots" content="noindex">' in response.content
    assert b"Disallow: /search/" in client.get("/robots.txt").content
    assert client.post("/search/", {"q": "canary"}).status_code == 405


def test_who_is_signed_in_is_answered_the_same(cast: Cast, client: Client) -> None:
    passages(listed(), One="A canary.")
    assert ask(cast.client(cast.editor), "canary") == ask(client, "canary")


def test_the_library_offers_it_once_there_is_something_to_find(cast: Cast, client: Client) -> None:
    form = b'<form class="search" action="/search/" method="get" role="search">'
    assert form not in client.get("/").content
    published(cast)
    assert form in client.get("/").content
    page = public_root.root() / "current" / "index.html"
    assert form in page.read_bytes()
    assert not (public_root.root() / "current" / "search").exists()


def test_many_hits_come_on_pages(cast: Cast, client: Client) -> None:
    passages(listed(), **{f"Part {number}": "A lighthouse." for number in range(23)})
    first, last = ask(client, "lighthouse"), ask(client, "lighthouse", page="3")
    assert len(links(first)) == 10
    assert "Page 1 of 3" in first
    assert 'href="/search/?q=lighthouse&amp;page=2"' in first
    assert re.search(r'<ol class="results" start="21">', last)
    assert len(links(last)) == 3


def test_what_finds_very_much_is_ranked_to_a_limit_and_says_so(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "RANKED", 5)
    passages(listed(), **{f"Part {number}": "A lighthouse." for number in range(8)}, Lighthouse="None.")
    page = ask(client, "lighthouse")
    assert "9 passages found, of which these are the nearest 5" in page
    assert "<mark>Lighthouse</mark>" in page


def test_it_asks_no_more_when_more_is_found(cast: Cast, client: Client) -> None:
    release = listed()
    passages(release, One="A lighthouse.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            ask(client, "lighthouse")
        return len(asked)

    few = queries()
    passages(release, **{f"Part {number}": "A lighthouse." for number in range(40)})
    assert queries() == few <= 6


def test_somebody_who_asks_without_end_is_told_to_wait(cast: Cast, client: Client, settings: Any) -> None:
    settings.SEARCHES_PER_MINUTE = 3
    listed()
    told = [client.get("/search/", {"q": "canary"}).status_code for _time in range(8)]
    assert told[:3] == [200] * 3
    assert 429 in told
    refused = client.get("/search/", {"q": "canary"})
    if refused.status_code == 429:  # else a minute has just begun
        assert refused["Retry-After"] == "60"
        assert "a minute" in refused.content.decode()
    assert client.get("/search/", {"q": "canary"}, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/search/").status_code == 200


def test_without_the_cache_nobody_is_refused(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("ledger.rates.cache.count", away)
    assert client.get("/search/", {"q": "canary"}).status_code == 200


# --- text ------------------------------------------------------------------------------------------


def test_of_a_page_only_the_words_are_taken() -> None:
    fragment = (
        '<section><h2 id="t">Title</h2><div class="para" id="p1"><a class="no" href="#p1">1</a>'
        "<p>Of <b>two</b> words<sup class='noteref'><a href='#n'>1</a></sup>;<br>a line &amp; more.</p>"
        '<div class="notes"><div class="note"><p><span class="note-no">1</span> A note. '
        '<a class="note-back" href="#r">↩</a></p></div></div></div><h3>Below</h3><ul><li>one</li><li>two</li></ul>'
        '<p class="para-action"><a href="#">Comment</a></p><img src="x" alt="y"><p>End\x00\ue000.</p></section>'
    )
    assert text.words(fragment) == "Of two words; a line & more. A note. Below one two End ."


def test_beginnings_are_shared_by_the_forms_of_a_word() -> None:
    assert query.beginnings("Policies fees -night x") == ["polic", "fee", "x"]


def test_settings_name_a_limit() -> None:
    assert configured.SEARCHES_PER_MINUTE >= 10
    assert json.dumps(query.RANKED % query.PAGE) == "0"
