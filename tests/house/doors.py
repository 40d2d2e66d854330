"""Every address of the product, and who of the cast gets through its door.

A route that is not here fails the build. ``get`` and ``post`` name who may; everybody else is refused:
who has a part in the brief by 403 or 404, all others by 404 alone; strangers are sent to sign in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.cast import Cast

Who = frozenset[str]


def who(*names: str) -> Who:
    return frozenset(names)


NOBODY = who()
AUTHORS = who("lead", "colleague", "partner")
INNER = AUTHORS | {"editor", "safeguarding", "observer"}
PART = INNER | {"approver", "partner_approver", "press"}
ASSESSORS = AUTHORS | {"editor", "safeguarding"}
LEAD = who("lead")
EDITOR = who("editor")
HEADS = LEAD | EDITOR
REVIEWER = who("reviewer")
REVIEWERS = REVIEWER | {"second_reviewer"}
ADMIN = who("admin")
#: Of an organisation: may begin a brief.
STAFFED = PART | {"former", "outsider"}
EVERYONE = STAFFED | REVIEWERS | ADMIN

#: Parameter of a route → its value, from what the cast works on.
VALUES: dict[str, Callable[[Cast], Any]] = {
    "brief": lambda cast: cast.brief.pk,
    "section": lambda cast: cast.section.pk,
    "role": lambda cast: cast.brief.roles.get(user=cast.observer).pk,
    "objective": lambda cast: (cast.sections, cast.brief.objectives.all()[0].pk)[1],
    "source": lambda cast: cast.source.pk,
    "batch": lambda cast: cast.batch.pk,
    "stakeholder": lambda cast: cast.stakeholder.pk,
    "thread": lambda cast: cast.thread.pk,
    "comment": lambda cast: cast.thread.comments.earliest("at", "id").pk,
    "claim": lambda cast: cast.claim.pk,
    "pair": lambda cast: cast.contradiction.pk,
    "whole": lambda cast: cast.whole.pk,
    "kind": lambda cast: "term",
    "word": lambda cast: cast.preferred_term.pk,
    "row": lambda cast: cast.set_aside.pk,
    "figure": lambda cast: cast.figure.pk,
    "draft": lambda cast: cast.draft.pk,
    "export": lambda cast: cast.export.pk,
    "entry": lambda cast: 0,
    "number": lambda cast: cast.version.number,
    "point": lambda cast: cast.named_point.pk,
    "step": lambda cast: 0,
    "round": lambda cast: cast.invitation.round.pk,
    "invitation": lambda cast: cast.second_invitation.pk,
    "question": lambda cast: cast.round.questions.get().pk,
    "secret": lambda cast: cast.open_invitation[1],
    "slug": lambda cast: cast.brief.slug,
    "person": lambda cast: cast.former.pk,
    "hold": lambda cast: cast.hold.pk,
    "provider_id": lambda cast: "nobody",
    "pk": lambda cast: 1,
    "release": lambda cast: cast.release.pk,
    "gate": lambda cast: "objectives",
    "name": lambda cast: "brief.pdf",
    "rest": lambda cast: f"{cast.brief.slug}/",
}


@dataclass(frozen=True)
class Door:
    """Who may GET and who may POST; ``public`` doors are open to strangers too."""

    get: Who = NOBODY
    post: Who = NOBODY
    public: bool = False
    #: What a POST brings, so that it is the person who is refused and not the form.
    data: dict[str, Any] | str = field(default_factory=dict)
    #: Who is told 403 rather than 404: people who know of the brief or the round anyway.
    knows: Who = frozenset()
    #: Overrides of VALUES for this route.
    values: dict[str, Callable[[Cast], Any]] = field(default_factory=dict)
    #: Who must be on the scene before the round or release is met.
    before: Callable[[Cast], Any] | None = None
    #: Why a refused person may get something other than 403 or 404 (an own page of a library).
    because: str = ""


ACCOUNTS = {
    "desk": Door(get=EVERYONE),
    "account_profile": Door(get=EVERYONE, post=EVERYONE),
    "account_data": Door(get=EVERYONE, post=EVERYONE),
    "keeping_periods": Door(get=ADMIN, post=ADMIN, data={"class": "mails", "days": "30"}),
    "keeping_holds": Door(get=ADMIN, post=ADMIN),
    "keeping_lift": Door(post=ADMIN, data={"reason": "It is over."}),
    "keeping_people": Door(get=ADMIN),
    "keeping_person": Door(get=ADMIN),
    "keeping_data": Door(post=ADMIN),
    "keeping_erase": Door(post=ADMIN, data={"act": "ask", "typed": "former@people.example"}),
    "account_logout": Door(post=EVERYONE, public=True),
    "account_reauthenticate": Door(get=EVERYONE, post=EVERYONE, because="only who has what is asked for"),
    "mfa_reauthenticate": Door(get=EVERYONE, post=EVERYONE, because="only who has what is asked for"),
    "mfa_reauthenticate_webauthn": Door(get=EVERYONE, post=EVERYONE, because="only who has what is asked for"),
    "usersessions_list": Door(get=EVERYONE, post=EVERYONE, because="the library takes PUT for POST"),
    "socialaccount_connections": Door(get=EVERYONE, post=EVERYONE),
    "mfa_index": Door(get=EVERYONE),
    "mfa_activate_totp": Door(get=EVERYONE, post=EVERYONE, because="the seed to be confirmed is kept in the session"),
    "mfa_deactivate_totp": Door(get=EVERYONE, post=EVERYONE, because="only who has one has it to remove"),
    "mfa_view_recovery_codes": Door(get=EVERYONE, because="only who has codes sees them"),
    "mfa_generate_recovery_codes": Door(get=EVERYONE, post=EVERYONE),
    "mfa_download_recovery_codes": Door(get=EVERYONE, because="only who has codes sees them"),
    "mfa_list_webauthn": Door(get=EVERYONE),
    "mfa_add_webauthn": Door(get=EVERYONE, post=EVERYONE, because="the challenge is kept in the session"),
    "mfa_edit_webauthn": Door(because="a passkey of somebody else does not exist"),
    "mfa_remove_webauthn": Door(because="a passkey of somebody else does not exist"),
    **{
        name: Door()
        for name in (
            *("account_signup", "account_email", "account_change_password", "account_set_password"),
            *("account_reset_password", "account_email_verification_sent"),
        )
    },
}
ENTRANCE = {
    name: Door(get=EVERYONE, post=EVERYONE, public=True, because="the way in, as the library keeps it")
    for name in (
        *("account_login", "account_request_login_code", "account_confirm_login_code", "mfa_authenticate"),
        *("mfa_login_webauthn", "account_inactive", "socialaccount_login_error", "socialaccount_login_cancelled"),
        *("openid_connect_login", "openid_connect_callback", "socialaccount_signup"),
    )
}
PUBLIC = {
    "health": Door(get=EVERYONE, public=True, because="503 names the part that is down"),
    "alive": Door(get=EVERYONE, public=True),
    "ready": Door(get=EVERYONE, public=True, because="503 names the part that is down"),
    "components": Door(public=True, because="exists in the demonstration only"),
    "demo": Door(public=True, because="exists in the demonstration only"),
}
HOUSE = {"live": Door(get=PART), "operations": Door(get=ADMIN)}
COMMENT = {"body": "These words."}
BRIEF = {
    "brief:index": Door(get=EVERYONE, post=EVERYONE),
    "brief:new": Door(get=STAFFED | ADMIN, post=STAFFED | ADMIN, knows=EVERYONE),
    "brief:home": Door(get=PART),
    "brief:edit": Door(get=HEADS, post=HEADS),
    "brief:people": Door(get=LEAD, post=LEAD),
    "brief:take_role": Door(post=LEAD),
    "brief:objectives": Door(get=HEADS, post=HEADS, data={"text": "Say what can be done"}),
    "brief:cover_objective": Door(post=HEADS),
    "brief:edit_objective": Door(post=HEADS, data={"text": "Say it otherwise"}),
    "brief:remove_objective": Door(post=HEADS),
    "brief:concept_note": Door(get=INNER, post=AUTHORS),
    "brief:scope": Door(get=INNER),
    "brief:stakeholders": Door(
        get=HEADS, post=HEADS, data={"name": "Consular staff", "sector": "government", "stake": "addressee"}
    ),
    "brief:remove_stakeholder": Door(post=HEADS),
    "brief:add_section": Door(post=AUTHORS, data={"title": "More"}),
    "brief:section": Door(get=INNER),
    "brief:edit_section": Door(get=AUTHORS, post=AUTHORS),
    "brief:move_section": Door(post=AUTHORS, data={"place": "1"}),
    "brief:remove_section": Door(post=AUTHORS),
    "brief:restore_section": Door(post=AUTHORS, values={"section": lambda cast: cast.removed_section.pk}),
    "brief:section_status": Door(post=AUTHORS, data={"transition": "finish"}),
    "brief:section_working": Door(post=AUTHORS),
    "brief:section_rights": Door(get=LEAD, post=LEAD, data={"authors_may": "suggest"}),
    "brief:outline": Door(get=INNER),
    "brief:document": Door(get=INNER),
    "brief:numbers": Door(get=INNER),
    "brief:steps": Door(
        get=INNER, post=AUTHORS, data='{"version":0,"client":"c","key":"k","schema":1,"steps":[{"stepType":"no"}]}'
    ),
    "brief:suggestions": Door(get=INNER, post=AUTHORS, data='{"decision":"accepted","suggestions":null}'),
    "brief:start_thread": Door(get=AUTHORS, post=AUTHORS, data=COMMENT),
    "brief:talk": Door(get=AUTHORS, post=AUTHORS, data=COMMENT),
    "brief:talk_people": Door(get=AUTHORS),
    "brief:seen": Door(post=AUTHORS),
    "brief:edit_comment": Door(get=LEAD, post=LEAD, data=COMMENT, knows=AUTHORS),
    "brief:withdraw_comment": Door(post=LEAD, knows=AUTHORS),
    "brief:reply": Door(post=AUTHORS, data=COMMENT),
    "brief:resolve": Door(post=AUTHORS),
    "brief:find": Door(get=INNER),
    "brief:replace": Door(post=AUTHORS, data='{"text":"recruiters","replacement":"brokers","sections":[]}'),
    "brief:put_back": Door(post=AUTHORS, data='{"sections":[]}'),
    "brief:presence": Door(post=INNER, data="{}"),
    "brief:add_figure": Door(post=AUTHORS),
    "brief:figure": Door(get=PART),
    "brief:claims": Door(get=INNER, post=AUTHORS, data={"statement": "Half of them pay"}),
    "brief:new_claim": Door(get=AUTHORS),
    "brief:claims_csv": Door(get=INNER),
    "brief:claims_xlsx": Door(get=INNER),
    "brief:add_whole": Door(get=AUTHORS, post=AUTHORS, data={"name": "All", "whole": "100"}),
    "brief:whole": Door(get=AUTHORS, post=AUTHORS, data={"name": "All", "whole": "100"}),
    "brief:remove_whole": Door(post=AUTHORS),
    "brief:remove_contradiction": Door(post=AUTHORS),
    "brief:claim": Door(get=INNER, post=AUTHORS, data={"statement": "Half of them pay"}),
    "brief:remove_claim": Door(post=AUTHORS),
    "brief:contradict": Door(post=AUTHORS),
    "brief:words": Door(get=INNER),
    "brief:add_acronym": Door(get=AUTHORS, post=AUTHORS, data={"short": "RSO", "long": "Regional Support Office"}),
    "brief:add_term": Door(get=AUTHORS, post=AUTHORS, data={"avoid": "a", "prefer": "b", "reason": "c"}),
    "brief:add_definition": Door(get=AUTHORS, post=AUTHORS, data={"term": "a", "text": "b"}),
    "brief:add_quotation": Door(
        get=AUTHORS, post=AUTHORS, data={"words": "a", "speaker": "b", "attribution": "named", "consent": "asked"}
    ),
    "brief:word": Door(get=AUTHORS, post=AUTHORS, data={"avoid": "a", "prefer": "b", "reason": "c"}),
    "brief:remove_word": Door(post=AUTHORS),
    "brief:checks": Door(get=INNER),
    "brief:run_checks": Door(post=AUTHORS),
    "brief:set_aside": Door(post=AUTHORS, data={"mark": "", "reason": "It may stand."}),
    "brief:take_up": Door(post=AUTHORS),
    "brief:section_checks": Door(get=INNER),
    "brief:checklist": Door(get=ASSESSORS, post=ASSESSORS, data={"jigsaw": "no"}),
    "brief:sources": Door(get=INNER, post=AUTHORS, data={"text": "https://example.org/fees"}),
    "brief:new_source": Door(get=AUTHORS, post=AUTHORS, data={"type": "report", "title": "A report"}),
    "brief:citation_style": Door(get=INNER, post=HEADS, data={"style": "ieee"}),
    "brief:source": Door(get=INNER, post=AUTHORS, data={"type": "report", "title": "A report"}),
    "brief:remove_source": Door(post=AUTHORS),
    "brief:merge_source": Door(post=AUTHORS, data={"into": ""}),
    "brief:sources_batch": Door(get=AUTHORS, post=AUTHORS, data={"entry": "0"}),
    "brief:sources_progress": Door(get=AUTHORS),
    "brief:discard_sources": Door(post=AUTHORS),
    "brief:imports": Door(get=AUTHORS, post=AUTHORS),
    "brief:import": Door(get=AUTHORS, post=AUTHORS),
    "brief:import_progress": Door(get=AUTHORS),
    "brief:import_inside": Door(get=AUTHORS, post=AUTHORS),
    "brief:import_report": Door(get=AUTHORS),
    "brief:import_confirm": Door(post=AUTHORS),
    "brief:import_discard": Door(post=AUTHORS),
    "brief:exports": Door(get=AUTHORS, post=AUTHORS, data={"suggestions": "tracked", "comments": "on"}),
    "brief:export": Door(get=AUTHORS),
    "brief:export_progress": Door(get=AUTHORS),
    "brief:export_file": Door(get=AUTHORS),
    "brief:remove_export": Door(post=AUTHORS),
    "brief:history": Door(get=INNER),
    "brief:name_point": Door(post=AUTHORS, data={"name": "Before the workshop"}),
    "brief:remove_point": Door(post=AUTHORS),
    "brief:section_history": Door(get=INNER),
    "brief:authorship": Door(get=INNER),
    "brief:moment": Door(get=INNER),
    "brief:bring_back": Door(post=AUTHORS, data={"seen": "0"}),
    "brief:compare": Door(get=PART),
    "brief:versions": Door(get=PART, post=EDITOR),
    "brief:version": Door(get=PART),
}
REASON = {"reason": "There is one."}
HANDED = AUTHORS | EDITOR | {"safeguarding"}
ROUND = PART | REVIEWERS
INVITATION = {
    # Whoever holds the link may look; only its account, or none, goes on.
    "review:invitation": Door(get=EVERYONE, public=True, because="the link itself is the key; looking changes nothing"),
    "review:accept": Door(post=EVERYONE, public=True, because="the link itself is the key"),
    "review:decline": Door(get=EVERYONE, post=EVERYONE, public=True, because="the link itself is the key"),
}
READING = {
    "review:room": Door(get=REVIEWERS | HANDED),
    "review:declarations": Door(get=REVIEWERS, post=REVIEWERS),
    "review:section": Door(get=REVIEWER | EDITOR),
    "review:mark": Door(post=REVIEWER),
    "review:figure": Door(get=REVIEWER | EDITOR, values={"figure": lambda cast: cast.figure.pk}),
    "review:comments": Door(get=REVIEWER),
    "review:new_comment": Door(get=REVIEWER, post=REVIEWER, data={**COMMENT, "type": "general", "severity": "major"}),
    "review:charge": Door(get=REVIEWER, post=REVIEWER),
    "review:answer_question": Door(post=REVIEWER),
    "review:naming": Door(get=REVIEWER, post=REVIEWER),
    "review:submit": Door(get=REVIEWER, post=REVIEWER),
    "review:resume": Door(post=REVIEWER),
    "review:leave": Door(get=REVIEWERS, post=REVIEWERS),
    "review:receipt": Door(get=REVIEWER, values={"number": lambda cast: cast.receipt}),
    "review:outcome": Door(get=REVIEWER),
    **{
        f"review:{name}": Door(get=get, post=post, data=COMMENT, values={"thread": lambda cast: cast.comment.pk})
        for name, get, post in (
            ("thread", REVIEWER | EDITOR, NOBODY),
            ("edit_comment", REVIEWER, REVIEWER),
            ("reply", NOBODY, REVIEWER | EDITOR),
            ("send_comment", NOBODY, REVIEWER),
            ("discard_comment", NOBODY, REVIEWER),
            ("withdraw_comment", NOBODY, REVIEWER),
        )
    },
}
ANSWERS = {
    "review:answers": Door(get=HANDED),
    "review:csv": Door(get=HANDED),
    "review:xlsx": Door(get=HANDED),
    **{
        f"review:{name}": Door(get=get, post=post, data=data, values={"thread": lambda cast: cast.comment.pk})
        for name, get, post, data in (
            ("answer", HANDED, AUTHORS, {"outcome": "noted", "response": "We took note."}),
            ("answer_reply", NOBODY, HANDED, COMMENT),
            ("apply", NOBODY, AUTHORS, {}),
            ("confirm", NOBODY, EDITOR, {}),
            ("return", NOBODY, EDITOR, {"reason": "Say more."}),
            ("clear", NOBODY, EDITOR | {"safeguarding"}, REASON),
        )
    },
}
DAY = {"deadline_date": "2099-01-01", "deadline_time": "12:00", "deadline_zone": "Europe/Vienna"}
MANAGE = {
    "review:new": Door(get=EDITOR, post=EDITOR),
    "review:manage": Door(get=EDITOR),
    "review:edit": Door(get=EDITOR, post=EDITOR),
    "review:open": Door(post=EDITOR),
    "review:close": Door(post=EDITOR),
    "review:deadline": Door(get=EDITOR, post=EDITOR, data=DAY),
    "review:invite": Door(post=EDITOR, data={"people": "a@b.example"}),
    "review:send": Door(post=EDITOR),
    "review:reviewer": Door(get=EDITOR),
    "review:preview": Door(get=EDITOR),
    "review:resend": Door(post=EDITOR),
    "review:remind": Door(post=EDITOR),
    "review:extend": Door(post=EDITOR, data=DAY),
    "review:cancel": Door(post=EDITOR),
    "review:exclude": Door(post=EDITOR, data={"reason": "An interest came to light."}),
}
REVIEW = {name: replace(door, knows=ROUND) for name, door in {**READING, **ANSWERS, **MANAGE}.items()} | INVITATION
APPROVERS = who("approver", "partner_approver")
PRESS = who("press")
RELEASE = {
    "release:brief": Door(get=PART, post=EDITOR),
    "release:revise": Door(post=LEAD),
    "release:clearance": Door(get=PART),
    "release:progress": Door(get=PART),
    "release:sign": Door(post=APPROVERS, data={"manifest": "0" * 64, "code": "000000"}),
    "release:return": Door(post=APPROVERS, data=REASON),
    "release:check": Door(post=HEADS),
    "release:waive": Door(post=EDITOR, data=REASON),
    "release:reopen": Door(post=HEADS, data=REASON),
    "release:artefact": Door(get=PART),
    "release:preview": Door(get=PART),
    "release:preview_figure": Door(because="the small release of the cast has no figure"),
    "release:launch": Door(get=PART),
    "release:embargo": Door(post=PRESS, data={"date": "2099-01-01", "time": "12:00", "zone": "Europe/Vienna"}),
    "release:hold": Door(post=PRESS, data=REASON),
    "release:resume": Door(post=PRESS),
    "release:event": Door(post=PRESS),
    "release:withdraw": Door(post=EDITOR | PRESS, data=REASON),
    "library": Door(get=EVERYONE, public=True),
    "feed": Door(get=EVERYONE, public=True),
    "sitemap": Door(get=EVERYONE, public=True),
    "robots": Door(get=EVERYONE, public=True),
    "search": Door(get=EVERYONE, public=True),
    # Nothing is published in the cast: the same 404 for everybody (tests/pages/release has the rest).
    "public_brief": Door(public=True),
    "public_event": Door(public=True),
}
DOORS: dict[str, Door] = {**ACCOUNTS, **ENTRANCE, **PUBLIC, **HOUSE, **BRIEF, **REVIEW, **RELEASE}
