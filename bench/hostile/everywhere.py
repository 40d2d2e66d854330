"""One payload through every typed field of every form, and what became of it."""

from __future__ import annotations

import importlib
import json
import pkgutil
import secrets
import time
from collections.abc import Callable, Iterator
from functools import cached_property, partial

import lxml.html
from django import forms as django_forms
from django.db import transaction

from bench.client import Answer, Client
from bench.hostile import files, forms, payloads
from bench.hostile.forms import Form, Typed
from bench.scene.cast import BEFORE_CLEARANCE, small_files
from bench.stack import Stack
from ledger import jobs
from release.models import Release
from review.actions.comments import add_comment
from tests.cast import Cast
from tests.factories.releases import in_clearance, published, scheduled
from tests.house.doors import DOORS
from tests.house.routes import ROUTES, parameters

#: Routes that take a POST and no text, or text that other programs try.
NOT_TYPED = {
    "brief:steps": "hostile_steps",
    "brief:presence": "numbers and ids",
    "brief:suggestions": "a decision and ids",
    "brief:exports": "a choice among versions",
    "brief:remove_export": "a button",
    **dict.fromkeys(("brief:concept_note", "brief:remove_source", "brief:discard_sources"), "a button"),
    **dict.fromkeys(("brief:merge_source", "brief:citation_style"), "a choice among what is there"),
    **dict.fromkeys(("brief:replace", "brief:put_back"), "becomes steps, which hostile_steps sends"),
    **dict.fromkeys(("brief:remove_claim", "brief:remove_contradiction", "brief:remove_whole"), "a button"),
    **dict.fromkeys(("brief:remove_word", "brief:run_checks", "brief:take_up"), "a button"),
    "brief:set_aside": "asks for a finding of today",
    "brief:index": "shows the briefs, whatever is sent",
    "brief:bring_back": "numbers and ids",
    "brief:remove_point": "a button",
    **dict.fromkeys(("release:resume", "release:revise", "review:resume", "review:open", "review:send"), "a button"),
    **dict.fromkeys(("review:apply", "review:cancel", "review:discard_comment", "review:send_comment"), "a button"),
    **dict.fromkeys(("brief:seen", "brief:section_working", "brief:withdraw_comment"), "a button"),
    "socialaccount_connections": "a choice among connections",
}
#: What is right in a field that takes no words, by its kind or name.
PLAIN = {
    "date": "2099-01-01",
    "time": "12:00",
    "datetime-local": "2099-01-01T12:00",
    "number": "2024",
    "slug": "event-x",
}
#: Fields that are made when the form is, of a choice.
NOT_TEXT = {"citation_style"}
#: What ends something for those who come after: sent last.
LATE = (
    "exclude",
    "decline",
    "reopen",
    "return",
    "withdraw",
    "leave",
    "submit",
    "sign",
    "hold",
    "cancel",
    "withdraw_comment",
)


class Attack:
    """Three scenes, their forms, and a number for every field: the number is in the payload."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.numbers: dict[tuple[str, str], int] = {}
        self.routes: set[str] = set()
        self.shown: set[int] = set()
        self.kept: list[tuple[str, Answer]] = []
        self.broken: list[str] = []
        self.sent = self.looked_at = 0
        self._clients: dict[tuple[str, str], Client] = {}
        releases = {"open": None, "clearance": in_clearance, "launch": scheduled, "published": published}
        self.scenes = {name: _scene(make) for name, make in releases.items()}

    def client(self, scene: str, person: str) -> Client:
        known = self._clients.get((scene, person))
        if known is None:
            user = None if person == forms.NOBODY else self.scenes[scene][person]
            known = self._clients[scene, person] = self.stack.client(user)
        return known

    def forms(self, number: int) -> None:
        """Crawl every scene, then send each form once with payloads."""
        for scene, cast in self.scenes.items():
            found = forms.crawl(cast, partial(self.client, scene), _routes(scene))
            found += self._administration(scene) if scene == "open" else []
            self.routes |= {form.route for form in found}
            for form in sorted(found, key=lambda form: form.route.rpartition(":")[2] in LATE):
                if form.typed or form.hidden:
                    self._send(scene, form, number)

    def direct(self, number: int) -> None:
        """Texts whose form a page shows only in a state that passes: sent as the form would."""
        cast = self.scenes["open"]
        reviewer, editor = self.client("open", "reviewer"), self.client("open", "editor")
        room, question = f"/review/{cast.round.pk}/", cast.round.questions.get()
        kind = {"type": "general", "severity": "major"}
        words = {**kind, "draft": "1"}
        new = add_comment(actor=cast.reviewer, round=cast.round, body="A draft", draft=True, **kind)
        waived = f"/release/{self.scenes['clearance'].release.pk}/gates/objectives/waive/"
        for client, route, path, fields, more in (
            (reviewer, "review:edit_comment", f"{room}threads/{new.pk}/edit/", ("body", "proposed_change"), words),
            (reviewer, "review:answer_question", f"{room}charge/{question.pk}/", (f"q{question.pk}-text",), {}),
            (editor, "review:edit", f"{room}manage/edit/", ("title", "topic", "introduction"), {}),
            (self.client("clearance", "editor"), "release:waive", waived, ("reason",), {}),
        ):
            form = Form("", path, path, route, (), tuple(Typed(name, "textarea", 0) for name in fields))
            self.routes.add(route)
            self._post(client, form, {**more, **{each.name: self._payload(form, each, number) for each in form.typed}})

    def _administration(self, scene: str) -> list[Form]:
        client, found = self.client(scene, "admin"), list[Form]()
        for path in forms.ADMINISTRATION:
            found += [each for each in forms.forms_of("admin", path, client.get(path).text) if each.action == path]
        return found

    def number(self, form: Form, field: str) -> int:
        return self.numbers.setdefault((form.route, field), len(self.numbers) + 1)

    def _send(self, scene: str, form: Form, turn: int) -> None:
        client = self.client(scene, form.person)
        typed = {each.name: self._payload(form, each, turn) for each in form.typed}
        answer = self._post(client, form, typed)
        back = forms.again(form, answer)
        if back is not None and (back.faults or any(each.kind in PLAIN for each in form.typed)):
            # Once more, with what was wrong as it had been.
            kind = {each.name: each for each in form.typed}
            wrong = {each for each in kind if each in back.faults or kind[each].kind in PLAIN}
            mended = {name: self._mended(form, kind[name], typed[name], name in wrong, turn) for name in typed}
            self._post(client, form, {name: value for name, value in mended.items() if value is not None})
        for name in form.hidden if turn == 0 else ():
            self._post(client, form, {name: payloads.value(self.number(form, name), turn, 200)})

    def _payload(self, form: Form, field: Typed, turn: int) -> str:
        if field.name == "csl":
            return json.dumps(payloads.csl(self.number(form, field.name), turn)) if turn % 2 else ""
        lines = field.kind == "textarea"
        return payloads.value(self.number(form, field.name), turn * 7, field.most, lines=lines)

    def _mended(self, form: Form, field: Typed, value: str, wrong: bool, turn: int) -> str | None:
        """The value, or one that the field's own rule lets through; None for what the page had."""
        if not wrong:
            return value
        number = self.number(form, field.name)
        if field.kind == "email" or "mail" in field.name or field.name == "contact":
            return payloads.address(number)
        if field.kind == "url" or field.name in ("link", "url", "licence_url"):
            return payloads.link(number, turn)
        return dict(form.values).get(field.name) or PLAIN.get(field.kind) or PLAIN.get(field.name)

    def _post(self, client: Client, form: Form, typed: dict[str, str]) -> Answer:
        answer = form.send(client, typed)
        self.sent += 1
        if answer.status >= 500 or (answer.status == 403 and form.route != "release:sign"):
            self.broken.append(f"{form.route} {answer.status}")
        if answer.status < 400 and answer.status >= 300:
            answer = client.follow(answer)
        if payloads.numbers_in(answer.text) and "html" in answer.headers.get("content-type", ""):
            self.kept.append((form.page, answer))
        return answer

    def files(self) -> None:
        """Drafts and figures that carry payloads, inside and by name."""
        cast = self.scenes["open"]
        client = self.client("open", "lead")
        number = self.numbers.setdefault(("brief:imports", "file"), len(self.numbers) + 1)
        for name, content in files.drafts(number):
            self._import(client, cast, name, content, number)
        base = f"/write/{cast.brief.pk}/figures/"
        for name, content, kind in files.figures(number):
            answer = client.post(base, files={"file": (name, content, kind)})
            self.sent += 1
            if answer.status >= 500:
                self.broken.append(f"brief:add_figure {name} {answer.status}")
            if answer.status == 200 and content.lstrip()[:1] == b"<":
                self.broken.append(f"an SVG was taken as {name}")
        self.routes |= {"brief:add_figure", "brief:imports"}

    def _import(self, client: Client, cast: Cast, name: str, content: bytes, number: int) -> None:
        page = f"/write/{cast.brief.pk}/import/"
        answer = client.post(page, files={"file": (name, content, "application/octet-stream")})
        self.sent += 1
        if answer.status != 302:
            self.broken.append(f"brief:imports {name[-20:]} {answer.status}")
            return
        draft = answer.headers["location"]
        end = time.monotonic() + 60
        while 'name="do"' not in (shown := client.get(draft)).text and time.monotonic() < end:
            time.sleep(0.3)
        self.kept.append((draft, shown))
        self._rename(client, draft, shown.text, number)
        self.kept.append((draft, client.get(draft)))
        done = client.follow(client.post(f"{draft}confirm/"))
        self.kept.append((draft, done))
        if done.status >= 400:
            self.broken.append(f"brief:import_confirm {name[-20:]} {done.status}")

    def _rename(self, client: Client, draft: str, page: str, number: int) -> None:
        titles = [each.get("name") for each in lxml.html.document_fromstring(page).iter("input") if each.get("name")]
        for name in [each for each in titles if str(each).startswith("title-")][:2]:
            key = str(name).removeprefix("title-")
            value = payloads.value(number, 3, 280) + "\x00"
            answer = client.post(draft, {"do": f"rename-{key}", str(name): value})
            if answer.status >= 500:
                self.broken.append(f"brief:import {answer.status}")

    def plan(self) -> list[tuple[str, str]]:
        """(session, path) of every page that somebody may open, in every scene."""
        found: list[tuple[str, str]] = []
        for scene, cast in self.scenes.items():
            for person, path in dict.fromkeys(_few(forms.pages(cast, _routes(scene)))):
                # The live stream is no page, and has no end (text/event-stream, nosniff).
                if "logout" not in path and "files/" not in path and not path.startswith("/live/"):
                    found.append((self.client(scene, person).cookies.get("__Host-session", ""), path))
        open_ = self.scenes["open"]
        session = self.client("open", "lead").cookies["__Host-session"]
        for section in open_.brief.sections.filter(deleted_at=None):
            found.append((session, f"/write/{open_.brief.pk}/sections/{section.pk}/"))
        admin = self.client("open", "admin").cookies["__Host-session"]
        found += [(admin, path) for path in ("/admin/", "/admin/accounts/user/", "/admin/accounts/organisation/")]
        return found

    def mailed(self) -> list[str]:
        """Elements that would run in the HTML of any mail, and header lines that a payload made."""
        hits = []
        for message in self.stack.mailbox.messages:
            self.looked_at += 1
            for part in message.walk():
                if part.get_content_type() == "text/html":
                    hits += [f"mail: {each}" for each in files.runs(str(part.get_content()))]
        return hits

    @cached_property
    def writing(self) -> tuple[str, str]:
        """(session, path) of a writing room to paste into."""
        cast = self.scenes["open"]
        return self.client("open", "lead").cookies[
            "__Host-session"
        ], f"/write/{cast.brief.pk}/sections/{cast.section.pk}/"


def open_scene() -> Cast:
    """An open brief with everything that people work on, and no candidate."""
    return _scene(None)


def _scene(release: Callable[[Cast], Release] | None) -> Cast:
    """A cast with all that it works on, and its release as far as this one brings it; in one transaction."""
    with transaction.atomic(), small_files():
        cast = Cast(secrets.token_hex(4))
        if release is not None:
            cast.__dict__["release"] = release(cast)
        else:
            for name in (*BEFORE_CLEARANCE, "hold"):
                assert getattr(cast, name), name
        jobs.run_due()
    return cast


def _routes(scene: str) -> list[str]:
    """Where a scene is entered: the open brief everywhere but at a release, the others there."""
    of_release = [name for name in DOORS if name.startswith("release:") and "release" in parameters(name)]
    return sorted((ROUTES.keys() & DOORS.keys()) - {*of_release}) if scene == "open" else of_release


def _few(pages: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """At most three people a page: those who look differ by their part, not by their name."""
    seen: dict[str, int] = {}
    for person, path in pages:
        seen[path] = seen.get(path, 0) + 1
        if seen[path] <= 3:
            yield person, path


def uncovered_fields(attack: Attack) -> list[str]:
    """Text fields of form classes of ours whose name no attacked form had."""
    reached = {name.rpartition("-")[2] for _route, name in attack.numbers}
    return sorted({f"{form}.{name}" for form, name in _declared() if name not in reached | NOT_TEXT})


def _declared() -> Iterator[tuple[str, str]]:
    for package in ("accounts", "brief", "review", "release"):
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if "forms" not in found.name:
                continue
            for value in vars(importlib.import_module(found.name)).values():
                if isinstance(value, type) and issubclass(value, django_forms.BaseForm):
                    fields = getattr(value, "base_fields", {})
                    yield from ((value.__name__, name) for name, field in fields.items() if _is_text(field))


def _is_text(field: django_forms.Field) -> bool:
    return isinstance(field, django_forms.CharField) and not isinstance(field, django_forms.UUIDField)


def uncovered_routes(attack: Attack) -> list[str]:
    """Routes that take a POST from somebody and whose form was on no page that was crawled."""
    takes = {name for name, door in DOORS.items() if door.post and not door.because}
    return sorted(takes - attack.routes - NOT_TYPED.keys())
