"""Every form of the product as a browser meets it: found by walking the table of doors with the cast.

A form is what a page shows to a person: its action, its values, and which of them are typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from django.urls import Resolver404, resolve
from lxml.html import HtmlElement

from bench.client import Answer, Client
from tests.cast import Cast
from tests.house.doors import DOORS
from tests.house.routes import ROUTES, address

#: Inputs whose value a person types, or a program that is none of ours sends: dates and numbers are text on the wire.
TYPED = {"text", "email", "url", "search", "tel", "date", "time", "datetime-local", "number", ""}
#: Who looks: enough to meet every form, in this order.
LOOKING = (
    *(
        "lead",
        "editor",
        "partner",
        "approver",
        "press",
        "safeguarding",
        "reviewer",
        "second_reviewer",
        "outsider",
        "admin",
    ),
)
#: A visitor who has not signed in.
NOBODY = "nobody"
ADMINISTRATION = ("admin:accounts_user_add", "admin:accounts_organisation_add", "admin:accounts_state_add")


@dataclass(frozen=True)
class Typed:
    """A field that is typed: its name, kind (text, email, url, textarea), and how much it takes (0: no bound)."""

    name: str
    kind: str
    most: int


@dataclass(frozen=True)
class Form:
    """One form on one person's page. ``values`` are what a press of its first button would send."""

    person: str
    page: str
    action: str
    route: str
    values: tuple[tuple[str, str], ...]
    typed: tuple[Typed, ...]
    files: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    #: Field → what the page said about it, when it came back.
    faults: tuple[str, ...] = field(default=(), compare=False)

    def send(self, client: Client, typed: dict[str, str]) -> Answer:
        """Post the form as the page has it, with these values typed."""
        values = [(name, typed.get(name, value)) for name, value in self.values]
        values += [(name, value) for name, value in typed.items() if name not in dict(self.values)]
        return client.post(self.action, values)


def forms_of(person: str, page: str, content: str) -> Iterator[Form]:
    """The forms of a page that are sent by POST."""
    tree = lxml.html.document_fromstring(content or "<p>")
    for element in tree.iter("form"):
        if (element.get("method") or "get").lower() == "post":
            action = urlsplit(urljoin(page, element.get("action") or page)).path
            yield _form(person, page, action, element, _own(tree, element))


def _own(tree: HtmlElement, form: HtmlElement) -> list[HtmlElement]:
    """The form's fields, those included that only name it."""
    inside = [each for each in form.iter("input", "textarea", "select", "button") if each.get("name")]
    name = form.get("id")
    return inside + ([each for each in tree.iter() if each.get("form") == name and each.get("name")] if name else [])


def _form(person: str, page: str, action: str, element: HtmlElement, fields: list[HtmlElement]) -> Form:
    values: list[tuple[str, str]] = []
    typed, files, hidden, faults = [], [], [], []
    pressed = False
    for each in fields:
        name, kind = str(each.get("name")), (each.get("type") or "").lower()
        most = int(each.get("maxlength") or 0)
        if each.get("aria-invalid") == "true" or "is-invalid" in (each.get("class") or "").split():
            faults.append(name)
        if each.tag == "button" or kind in ("submit", "image"):
            if not pressed:
                values.append((name, each.get("value") or ""))
            pressed = True
        elif each.tag == "textarea":
            typed.append(Typed(name, "textarea", most))
            values.append((name, each.text or ""))
        elif each.tag == "select":
            values += _chosen(name, each)
        elif kind == "file":
            files.append(name)
        elif kind in ("checkbox", "radio"):
            if each.get("checked") is not None:
                values.append((name, each.get("value") or "on"))
        else:
            if kind in TYPED:
                typed.append(Typed(name, kind or "text", most))
            elif kind == "hidden" and name != "csrfmiddlewaretoken":
                hidden.append(name)
            values.append((name, each.get("value") or ""))
    return Form(
        person,
        page,
        action,
        _route(action),
        _with_choices(values, fields),
        tuple(typed),
        tuple(files),
        tuple(hidden),
        tuple(faults),
    )


def _chosen(name: str, select: HtmlElement) -> list[tuple[str, str]]:
    options = list(select.iter("option"))
    chosen = [each for each in options if each.get("selected") is not None]
    if not chosen or not (chosen[0].get("value") or ""):
        # A person who sends the form has chosen something.
        chosen = [each for each in options if each.get("value")][:1] or chosen
    return [(name, each.get("value") or "") for each in chosen[: None if select.get("multiple") is not None else 1]]


def _with_choices(values: list[tuple[str, str]], fields: list[HtmlElement]) -> tuple[tuple[str, str], ...]:
    """The first choice of every group of radio buttons, and every box, where nothing is chosen yet."""
    known = {name for name, _value in values}
    for each in fields:
        name, kind = str(each.get("name")), (each.get("type") or "").lower()
        if kind in ("radio", "checkbox") and (name not in known or kind == "checkbox"):
            known.add(name)
            values.append((name, each.get("value") or "on"))
    return tuple(dict.fromkeys(values))


def _route(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def pages(cast: Cast, routes: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """(person, path) of every page of the doors that somebody who looks may open."""
    for name in sorted(routes or (ROUTES.keys() & DOORS.keys())):
        door = DOORS[name]
        who = [each for each in LOOKING if each in door.get] + ([NOBODY] if door.public else [])
        for person in who:
            yield person, address(name, cast)


def crawl(cast: Cast, clients: Callable[[str], Client], routes: Iterable[str] = ()) -> list[Form]:
    """Every form that somebody meets, once: the same action with the same fields is one form."""
    found: dict[Any, Form] = {}
    for person, path in pages(cast, routes):
        answer = clients(person).get(path)
        if answer.status == 200 and "html" in answer.headers.get("content-type", ""):
            for form in forms_of(person, path, answer.text):
                names = (*(each.name for each in form.typed), *form.files, *form.hidden)
                found.setdefault((form.route, names if form.route else form.action), form)
    return list(found.values())


def again(form: Form, answer: Answer) -> Form | None:
    """The same form as the answer shows it, when it came back with faults."""
    if "html" not in answer.headers.get("content-type", ""):
        return None
    back = [each for each in forms_of(form.person, form.page, answer.text) if each.route == form.route]
    match = next((each for each in back if {*each.typed} == {*form.typed}), None)
    return replace(match, page=form.page) if match else None
