"""1,000 visits of scanners to mailed links: nothing changes, nobody is signed in, the person still accepts (TRUST 2).

A visit opens the link (GET, HEAD, prefetch, the names that scanners of mail go by), follows every link of the page,
presses every button that only asks, and asks for what the others would send; some visits are a headless Chromium's.
The database must be as before, sessions included; then each person accepts by the same link and reads on.

Broken on purpose: with ``@require_POST`` taken from ``accept`` in review/views/invitations.py, 100 visits accepted 8
of 12 invitations: "changed" named 7 tables, "sessions" counted 16, and 4 people could still accept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from secrets import token_hex

from django.contrib.sessions.models import Session

from bench.client import SESSION, Answer, Client
from bench.figures import Figure, at_least, none
from bench.scene import chromium, database
from bench.scene.cast import stage
from bench.scene.links import Page, mailed, mailed_code
from bench.stack import Stack
from bench.stack.mailbox import text
from review import actions
from review.models import Invitation, Round
from tests.cast import Cast

PEOPLE = 12
#: Visits by Chromium among the thousand: a browser takes a second, a client a few milliseconds.
BROWSERS = 16
MOZILLA = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
#: How scanners of mail, previews of chats and guessing browsers announce themselves.
VISITORS: tuple[dict[str, str], ...] = (
    {"User-Agent": f"{MOZILLA} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0 SafeLinks"},
    {"User-Agent": f"{MOZILLA} BingPreview/1.0b"},
    {"User-Agent": "Mozilla/5.0 (compatible; Proofpoint URL Defense)"},
    {"User-Agent": "Barracuda Sentinel (EE)"},
    {"User-Agent": "Mimecast-URL-Protect/1.0"},
    {"User-Agent": "Mozilla/5.0 (compatible; TrendMicro WTP)"},
    {"User-Agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"},
    {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    {"User-Agent": "facebookexternalhit/1.1"},
    {"User-Agent": "WhatsApp/2.23.20.0"},
    {"User-Agent": "TelegramBot (like TwitterBot)"},
    {"User-Agent": "curl/8.5.0"},
    {"User-Agent": ""},
    {"Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Mode": "navigate"},
    {"X-Moz": "prefetch"},
    {"X-Purpose": "preview"},
    {"Accept": "application/json"},
    {"HX-Request": "true", "HX-Boosted": "true"},
    {"Range": "bytes=0-1023"},
    {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT", "If-None-Match": "*"},
    {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"},
)
METHODS = ("GET", "GET", "GET", "HEAD")


def run(stack: Stack) -> Iterable[Figure]:
    cast = stage()
    invited, links = invitations(stack, cast)
    others = [each for each in mailed(stack.mailbox.messages) if each not in links.values()]
    visits = stack.times(1000)
    by_browser = stack.times(BROWSERS) if chromium.program() else 0
    wanted = list(islice(_mixed(list(links.values()), others), visits))
    database.settle()
    before, sessions = database.prints(), Session.objects.count()
    told = visit_all(stack, wanted[by_browser:])
    seen = chromium.visit_all(stack, wanted[:by_browser]) if by_browser else chromium.Seen()
    database.settle()
    changed = database.differences(before, database.prints())
    for each in changed:
        sys.stderr.write(f"scanner: changed {each}\n")
    broken = [answer for answer in told if answer.status >= 500]
    given = sum(SESSION in value for answer in told for name, value in answer.pairs if name.lower() == "set-cookie")
    note = f"{len(told):,} requests, {by_browser} visits by Chromium with {seen.pages} pages and {seen.pressed} presses"
    yield none("scanner.changed", len(changed), visits, unit="tables", note=note)
    opened = Session.objects.count() - sessions + given + seen.sessions
    yield none("scanner.sessions", opened, visits, unit="sessions")
    yield none("scanner.server_errors", len(broken), len(told), unit="requests")
    still = Invitation.objects.filter(pk__in=[each.pk for each in invited], status="invited", user=None).count()
    yield none("scanner.no_longer_invited", PEOPLE - still, PEOPLE, unit="people")
    accepted = sum(accepts(stack, each.email, links[each.email]) for each in invited)
    yield at_least("scanner.people_who_then_accepted", accepted, "people", gate=PEOPLE)


def invitations(stack: Stack, cast: Cast) -> tuple[list[Invitation], dict[str, str]]:
    """(people invited by mail, address → path of their link); also a reminder, for a link of another kind."""
    round = Round.objects.select_related("brief", "version").get(pk=cast.round.pk)
    people = [(f"invited-{token_hex(4)}@elsewhere.example", f"Invited {number}") for number in range(PEOPLE)]
    made: list[Invitation] = actions.invite(actor=cast.editor, round=round, people=people)
    actions.send_invitations(actor=cast.editor, round=round)
    actions.remind(actor=cast.editor, invitation=cast.invitation)
    links = {}
    for address, _name in people:
        found = re.search(r"/invitations/[\w-]+/", text(stack.mailbox.wait_for(address, "/invitations/")))
        assert found
        links[address] = found.group()
    stack.mailbox.wait_for(cast.reviewer.email, "/review/")
    return made, links


def _mixed(links: list[str], others: list[str]) -> Iterable[str]:
    """Invitations three times as often as other links, for ever."""
    first, second = cycle(links), cycle(others or links)
    while True:
        yield from (next(first), next(first), next(first), next(second))


def visit_all(stack: Stack, paths: list[str]) -> list[Answer]:
    """As many scanners as threads, each with a way of its own; every answer they got."""
    at = "front" if stack.front else "web"
    numbered = list(enumerate(paths))

    def scan(part: list[tuple[int, str]]) -> list[Answer]:
        told: list[Answer] = []
        for number, path in part:
            # A visitor of its own each time: scanners keep no cookies.
            client = stack.client(at=at, address=f"198.51.100.{number % 250 + 1}")
            told += visit(client, path, VISITORS[number % len(VISITORS)], METHODS[number % len(METHODS)])
            client.close()
        return told

    with ThreadPoolExecutor(6) as pool:
        return [answer for told in pool.map(scan, [numbered[start::6] for start in range(6)]) for answer in told]


def visit(client: Client, path: str, headers: dict[str, str], method: str) -> list[Answer]:
    """Open a link, then whatever the page leads to; what would be sent is asked for instead."""
    told = [client.request(method, path, headers=headers)]
    if method == "HEAD" or "html" not in told[0].headers.get("content-type", ""):
        return told
    page = Page(path, told[0].text)
    onward = [*page.links, *page.asked(), *(form.action for form in page.forms)]
    # Styles and scripts are files: one visit fetches them, not each.
    for each in [path + "accept/", path + "decline/", *dict.fromkeys(onward)]:
        if not each.startswith("/static/"):
            told.append(client.request("GET", each, headers=headers))
    return told


def accepts(stack: Stack, address: str, path: str) -> bool:
    """What the person does: open, accept, type the mailed code, and find the declarations."""
    client = stack.client(address=f"203.0.113.{int(token_hex(1), 16) % 250 + 1}")
    if client.get(path).status != 200:
        return False
    answer = client.post(path + "accept/")
    if answer.status != 302 or "/account/login/code/" not in answer.headers["location"]:
        return False
    answer = client.post(answer.headers["location"], {"code": mailed_code(stack.mailbox, address)})
    return answer.status == 302 and client.get(answer.headers["location"]).status == 200
