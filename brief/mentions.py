"""Calling a fellow author into a conversation: ``@`` and their name, as it is written anywhere else.

The words stay plain, so that they survive a trip through Word; whom they named is kept beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from brief.models import Brief, Comment, Mention
from brief.permissions import AUTHORS
from ledger import mail

#: A name ends where the next character is no part of a word.
_AFTER = re.compile(r"\w")


def people_of(brief: Brief) -> list[User]:
    """Who can be mentioned: those who may read the answer, by name. One query."""
    rows = User.objects.filter(roles__brief=brief, roles__role__in=AUTHORS, is_active=True)
    return list(rows.distinct().order_by("name", "email"))


def _found(body: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where ``@name`` stands and which of the names it is: the longest that fits."""
    known = sorted({name for name in names if name}, key=len, reverse=True)
    for at in (match.start() for match in re.finditer("@", body)):
        rest = body[at + 1 :]
        for name in known:
            if rest[: len(name)].casefold() == name.casefold() and not _AFTER.match(rest[len(name) :]):
                yield at, body[at : at + 1 + len(name)]
                break


def named(body: str, people: Iterable[User]) -> list[User]:
    """Who of these people is mentioned. Two of one name are both meant."""
    known = list(people)
    called = {words[1:].casefold() for _at, words in _found(body, (str(user) for user in known))}
    return [user for user in known if str(user).casefold() in called]


def marked(body: str, names: Iterable[str]) -> SafeString:
    """The words for a page, with the names of those who were mentioned set apart."""
    pieces: list[tuple[str | SafeString]] = []
    end = 0
    for at, words in _found(body, names):
        if at >= end:
            pieces += [(body[end:at],), (format_html('<b class="mention">{}</b>', words),)]
            end = at + len(words)
    return format_html_join("", "{}", [*pieces, (body[end:],)])


def note(comment: Comment, *, actor: Any) -> list[Mention]:
    """Keep whom a comment of the authors mentions and write to those who were not mentioned in it before."""
    made: list[Mention] = []
    if "@" not in comment.body:
        return made
    brief = comment.thread.brief
    for user in named(comment.body, people_of(brief)):
        if user.pk == actor.pk:
            continue
        mention, new = Mention.objects.get_or_create(comment=comment, user=user)
        if new:
            mail.post("mentioned", key=str(mention.pk), payload={"mention": mention.pk}, scope=brief.pk)
            made.append(mention)
    return made
