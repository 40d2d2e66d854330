"""Beginning a brief, its people, its sections, its sources: who may, and what is refused."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image

from brief import actions, steps
from brief.actions.sections import living
from brief.actions.sources import split_directive
from brief.forms import SectionForm
from brief.models import Brief, Figure, Role, Section, Source
from brief.permissions import PERMISSIONS
from brief.states import BRIEF, RoleName
from document import images
from ledger.models import Event
from ledger.refusals import Hidden, NotAllowed, NotNow, Refusal, allowed
from ledger.transitions import move
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def png(width: int = 4, height: int = 3) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()


# --- beginning ------------------------------------------------------------------------------------


def test_who_begins_a_brief_is_its_lead_author(cast: Cast) -> None:
    role = Role.objects.get(brief=cast.brief, user=cast.lead)
    assert (role.role, role.organisation) == (RoleName.LEAD_AUTHOR, cast.north)
    assert Event.objects.filter(verb="brief.created", actor=cast.lead, scope=cast.brief.pk).exists()


def test_one_organisation_alone_is_no_joint_brief(cast: Cast) -> None:
    with pytest.raises(NotNow, match="at least two"):
        actions.create_brief(actor=cast.lead, title="Alone", organisations=[cast.north])
    assert not Brief.objects.exists()


def test_nobody_begins_a_brief_for_others(cast: Cast) -> None:
    from accounts.models import Organisation

    third = Organisation.objects.create(name="Third", short_name="Third", slug="third")
    with pytest.raises(NotNow, match="Your own organisation"):
        actions.create_brief(actor=cast.lead, title="Others", organisations=[cast.south, third])


def test_a_reviewers_account_begins_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.create_brief(actor=cast.reviewer, title="Mine", organisations=[cast.north, cast.south])


def test_two_briefs_of_one_title_have_two_addresses(cast: Cast) -> None:
    other = actions.create_brief(actor=cast.lead, title=cast.brief.title, organisations=[cast.north, cast.south])
    assert other.slug == f"{cast.brief.slug}-2"


# --- roles ----------------------------------------------------------------------------------------


def give(cast: Cast, who: str, role: str, organisation: Any = None, actor: str = "lead") -> Role:
    given: Role = actions.give_role(
        actor=cast[actor], brief=cast.brief, user=cast[who], organisation=organisation or cast.south, role=role
    )
    return given


@pytest.mark.parametrize("who", ["lead", "partner"])
def test_an_author_is_never_an_approver(cast: Cast, who: str) -> None:
    Role.objects.filter(brief=cast.brief, role=RoleName.APPROVER).delete()
    with pytest.raises(NotNow, match="never an author"):
        give(cast, who, RoleName.APPROVER)


def test_an_approver_is_never_made_an_author(cast: Cast) -> None:
    with pytest.raises(NotNow, match="never an author"):
        give(cast, "partner_approver", RoleName.AUTHOR)


def test_who_has_written_the_text_does_not_approve_it_even_without_the_role(cast: Cast) -> None:
    steps.edit(
        actor=cast.colleague,
        section=cast.section,
        edits=[{"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Agents"}],
    )
    for role in Role.objects.filter(brief=cast.brief, user=cast.colleague):
        actions.take_role(actor=cast.lead, brief=cast.brief, role=role)
    Role.objects.filter(brief=cast.brief, role=RoleName.APPROVER).delete()
    with pytest.raises(NotNow, match="has written text"):
        give(cast, "colleague", RoleName.APPROVER)


def test_a_role_is_taken_away_once(cast: Cast) -> None:
    role = Role.objects.get(brief=cast.brief, user=cast.partner)
    actions.take_role(actor=cast.lead, brief=cast.brief, role=Role.objects.get(pk=role.pk))
    with pytest.raises(NotNow, match="already"):
        actions.take_role(actor=cast.lead, brief=cast.brief, role=role)


def test_an_organisation_has_one_approver(cast: Cast) -> None:
    with pytest.raises(NotNow, match="has an approver already"):
        give(cast, "outsider", RoleName.APPROVER)
    assert not Role.objects.filter(user=cast.outsider).exists()


def test_roles_are_held_for_a_publisher(cast: Cast) -> None:
    from accounts.models import Organisation

    third = Organisation.objects.create(name="Third", short_name="Third", slug="third")
    with pytest.raises(NotNow, match="publishing organisations"):
        give(cast, "outsider", RoleName.OBSERVER, third)


@pytest.mark.parametrize("actor", ["partner", "editor", "observer"])
def test_only_the_lead_author_gives_roles(cast: Cast, actor: str) -> None:
    with pytest.raises(NotAllowed, match="lead author"):
        give(cast, "outsider", RoleName.OBSERVER, actor=actor)


def test_the_last_lead_author_stays(cast: Cast) -> None:
    role = Role.objects.get(brief=cast.brief, role=RoleName.LEAD_AUTHOR)
    with pytest.raises(NotNow, match="at least one lead"):
        actions.take_role(actor=cast.lead, brief=cast.brief, role=role)


def test_a_role_taken_away_is_refused_at_the_next_question(cast: Cast) -> None:
    role = Role.objects.get(brief=cast.brief, user=cast.partner)
    assert allowed(PERMISSIONS.rules["write"], cast.partner, cast.brief)
    actions.take_role(actor=cast.lead, brief=cast.brief, role=role)
    assert not allowed(PERMISSIONS.rules["write"], cast.partner, cast.brief)


#: Rule → who of the cast may. Everybody with a role who is not named is refused with a sentence;
#: everybody without one is told nothing.
MAY = {
    "open a brief": "lead colleague partner editor approver partner_approver press safeguarding observer",
    "read the living draft": "lead colleague partner editor safeguarding observer",
    "write": "lead colleague partner",
    "arrange sections": "lead colleague partner",
    "edit the brief's own page": "lead editor",
    "give and take roles": "lead",
    "freeze a version": "editor",
    "say who may write in a section": "lead",
    "read frozen versions": "lead colleague partner editor approver partner_approver press safeguarding observer",
    "talk among authors": "lead colleague partner",
    "begin a new edition": "lead",
    "answer the sensitivity checklist": "lead colleague partner editor safeguarding",
    "take the draft away as a Word file": "lead colleague partner",
}


def test_every_rule_is_in_the_table() -> None:
    assert set(MAY) == set(PERMISSIONS.rules)


@pytest.mark.parametrize("rule", sorted(MAY))
def test_a_rule_lets_pass_whom_it_names_and_nobody_else(cast: Cast, rule: str) -> None:
    permit = PERMISSIONS.rules[rule]
    passing = {name for name, person in cast.people.items() if allowed(permit, person, cast.brief)}
    assert passing == set(MAY[rule].split())


@pytest.mark.parametrize("name", ["outsider", "former", "reviewer", "admin"])
@pytest.mark.parametrize("rule", sorted(MAY))
def test_strangers_are_hidden_from_every_rule(cast: Cast, rule: str, name: str) -> None:
    with pytest.raises(Hidden):
        PERMISSIONS.rules[rule](cast[name], cast.brief)


# --- sections -------------------------------------------------------------------------------------


def titles(cast: Cast) -> list[str]:
    return [section.title for section in living(cast.brief)]


def test_sections_move_and_keep_the_others_in_order(cast: Cast) -> None:
    actions.move_section(actor=cast.lead, section=cast.sections[2], place=0)
    assert titles(cast) == ["What States can do", "Recruitment", "Journeys"]


def test_a_place_beyond_the_end_is_the_end(cast: Cast) -> None:
    actions.move_section(actor=cast.lead, section=cast.sections[0], place=99)
    assert titles(cast) == ["Journeys", "What States can do", "Recruitment"]


def test_a_removed_section_can_be_brought_back_with_its_words(cast: Cast) -> None:
    actions.remove_section(actor=cast.lead, section=cast.section)
    assert titles(cast) == ["Journeys", "What States can do"]
    actions.restore_section(actor=cast.lead, section=Section.objects.get(pk=cast.section.pk))
    assert titles(cast) == ["Recruitment", "Journeys", "What States can do"]
    assert "Recruiters" in Section.objects.get(pk=cast.section.pk).snapshot


def test_a_section_with_an_unsound_text_is_refused(cast: Cast) -> None:
    with pytest.raises(NotNow):
        actions.add_section(
            actor=cast.lead, brief=cast.brief, title="Bad", doc='{"type":"doc","content":[{"type":"x"}]}'
        )


@pytest.mark.parametrize("person", ["outsider", "approver", "editor", "observer"])
def test_sections_are_assigned_to_who_writes(cast: Cast, person: str) -> None:
    actions.edit_section(actor=cast.lead, section=cast.section, assignee=cast.partner)
    with pytest.raises(NotNow, match="authors of this brief"):
        actions.edit_section(actor=cast.lead, section=cast.section, assignee=cast[person])


def test_whom_a_section_was_given_may_keep_it(cast: Cast) -> None:
    """Their role was taken away since; a new title must not fail for that, nor forget them."""
    Section.objects.filter(pk=cast.section.pk).update(assignee=cast.former)
    actions.edit_section(actor=cast.lead, section=cast.section, title="New", assignee=cast.former)
    form = SectionForm(brief=cast.brief, instance=Section.objects.get(pk=cast.section.pk))
    assert set(form.fields["assignee"].queryset) == {cast.former, cast.lead, cast.partner, cast.colleague}


@pytest.mark.parametrize(
    "act",
    [
        lambda cast: actions.add_section(actor=cast.lead, brief=cast.brief, title="New"),
        lambda cast: actions.move_section(actor=cast.lead, section=cast.section, place=1),
        lambda cast: actions.remove_section(actor=cast.lead, section=cast.section),
        lambda cast: actions.edit_section(actor=cast.lead, section=cast.section, title="New"),
        lambda cast: actions.edit_brief(actor=cast.lead, brief=cast.brief, title="New"),
        lambda cast: actions.add_source(actor=cast.lead, brief=cast.brief, csl={"title": "New"}),
        lambda cast: actions.add_figure(actor=cast.lead, brief=cast.brief, content=png()),
        lambda cast: actions.add_objective(actor=cast.lead, brief=cast.brief, text="New"),
    ],
)
def test_in_clearance_nothing_of_the_brief_changes(cast: Cast, act: Any) -> None:
    assert cast.sections
    move(BRIEF, cast.brief, "close", actor=cast.editor)
    with pytest.raises(NotNow, match="in clearance"):
        act(cast)


# --- sources and figures --------------------------------------------------------------------------

DIRECTED = "https://news.example/a%20b?x=1#:~:text=What%27s%20new,today"


def test_a_text_directive_is_kept_apart_and_as_it_came() -> None:
    assert split_directive(DIRECTED) == ("https://news.example/a%20b?x=1", "text=What%27s%20new,today")
    assert split_directive("https://news.example/#part:~:text=x") == ("https://news.example/#part", "text=x")
    assert split_directive("https://news.example/#part") == ("https://news.example/#part", "")


def test_the_same_address_with_another_directive_is_the_same_source(cast: Cast) -> None:
    csl = {"type": "webpage", "title": "News", "URL": DIRECTED}
    first = actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl)
    assert first.text_directive == "text=What%27s%20new,today"
    with pytest.raises(NotNow, match=first.key):
        actions.add_source(actor=cast.lead, brief=cast.brief, csl={**csl, "URL": "https://news.example/a%20b?x=1"})
    assert Source.objects.count() == 1


def test_keys_come_from_author_and_year_and_differ(cast: Cast) -> None:
    csl = {"type": "report", "author": [{"family": "Núñez", "given": "A."}], "issued": {"date-parts": [[2024]]}}
    keys = [actions.add_source(actor=cast.lead, brief=cast.brief, csl={**csl, "title": str(n)}).key for n in range(3)]
    assert keys == ["nunez2024", "nunez2024b", "nunez2024c"]


def test_a_source_without_a_date_says_so(cast: Cast) -> None:
    key = actions.add_source(actor=cast.lead, brief=cast.brief, csl={"title": "Undated"}).key
    assert key == "undatednd"


def test_a_figure_is_kept_without_its_metadata(cast: Cast) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Somebody Atrisk"
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif, comment=b"Somebody Atrisk")
    figure = actions.add_figure(actor=cast.lead, brief=cast.brief, content=out.getvalue(), name="Atrisk.jpg")
    with Figure.objects.get(pk=figure.pk).file.open() as file:
        kept = file.read()
    assert b"Atrisk" in out.getvalue()
    assert b"Atrisk" not in kept and b"Exif" not in kept
    assert "Atrisk" not in figure.file.name


@pytest.mark.parametrize("content", [b"", b"not an image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", png()[:40]])
def test_what_is_no_image_is_refused(cast: Cast, content: bytes) -> None:
    with pytest.raises(Refusal, match="image"):
        actions.add_figure(actor=cast.lead, brief=cast.brief, content=content)
    assert not Figure.objects.exists()


@pytest.mark.parametrize("raised", [TypeError, struct.error, SyntaxError])
def test_whatever_a_broken_image_does_to_its_reader_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, raised: type[Exception]
) -> None:
    def breaks(*args: Any, **kwargs: Any) -> None:
        raise raised("a tag of another type")

    monkeypatch.setattr(images.Image, "open", breaks)
    with pytest.raises(images.ImageRefused):
        images.clean(b"II*\x00")


def test_an_image_of_too_many_pixels_is_refused_unread(cast: Cast) -> None:
    flat = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(flat, "PNG")
    with pytest.raises(NotNow, match="50 million"):
        actions.add_figure(actor=cast.lead, brief=cast.brief, content=flat.getvalue())


# --- conversation ---------------------------------------------------------------------------------


def test_a_thread_is_settled_and_taken_up_again(cast: Cast) -> None:
    thread = actions.start_thread(
        actor=cast.lead, section=cast.section, body="Really?", block="recruit00001", start=0, end=4
    )
    actions.reply_to_thread(actor=cast.partner, thread=thread, body="Yes.")
    actions.resolve_thread(actor=cast.partner, thread=thread)
    thread.refresh_from_db()
    assert thread.resolved_by == cast.partner
    actions.resolve_thread(actor=cast.lead, thread=thread, resolved=False)
    thread.refresh_from_db()
    assert thread.resolved_at is None
    assert [comment.body for comment in thread.comments.all()] == ["Really?", "Yes."]


@pytest.mark.parametrize("name", ["editor", "observer", "approver"])
def test_only_authors_talk_among_authors(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.start_thread(actor=cast[name], section=cast.section, body="May I?")
