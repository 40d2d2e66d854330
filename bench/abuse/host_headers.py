"""What a visitor claims in headers is in no link, mail, redirect or kept page; names break no header (TRUST 9).

Forged and doubled Host, X-Forwarded-Host, -Proto, -Port, -Prefix, Forwarded, absolute request lines, as bytes, to a web
process and through nginx: the claimed name comes back nowhere, redirects stay in the house, what is public is the
same before, during and after. Mails asked for with such headers lead to BASE_URL alone. ``next`` leads nowhere else.
Line breaks in every name that a mail's or a file's header could carry add no header and no recipient.

Broken on purpose: with USE_X_FORWARDED_HOST on and ALLOWED_HOSTS of "*", 175 of 2,048 answers told the claimed name or
were given in another host's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache

from accounts.models import Organisation, User
from bench.figures import Figure, at_least, none
from bench.scene import database, raw
from bench.scene.cast import small_files
from bench.scene.links import ADDRESS, mailed_code
from bench.stack import Stack
from brief.models import Brief
from release.models import Release
from review import actions
from review.models import Round
from tests.cast import Cast
from tests.factories import releases

EVIL = "evil-claims.example"
LINE = f"\r\nX-Evil: 1\r\nSet-Cookie: evil=1\r\nBcc: bcc@{EVIL}\r\n\r\n<p>{EVIL}</p>"
#: Honest {host} and what is claimed beside or instead of it.
CLAIMS: tuple[list[str], ...] = (
    [f"Host: {EVIL}"],
    [f"Host: {EVIL}:443"],
    [f"Host: localhost.{EVIL}"],
    ["Host: {host}." + EVIL],
    ["Host: {host}@" + EVIL],
    ["Host: {host}#" + EVIL],
    ["Host: {host}", f"Host: {EVIL}"],
    [f"Host: {EVIL}", "Host: {host}"],
    ["Host:"],
    [],
    ["Host: {host}", f"X-Forwarded-Host: {EVIL}"],
    ["Host: {host}", f"X_Forwarded_Host: {EVIL}"],
    ["Host: {host}", f"X-Forwarded-Server: {EVIL}", f"X-Host: {EVIL}", f"X-Original-Host: {EVIL}"],
    ["Host: {host}", f"Forwarded: for=1.2.3.4;host={EVIL};proto=http"],
    ["Host: {host}", "X-Forwarded-Proto: http"],
    [f"Host: {EVIL}", "X-Forwarded-Proto: http"],
    ["Host: {host}", "X-Forwarded-Proto: http", f"X-Forwarded-Host: {EVIL}"],
    ["Host: {host}", f"X-Forwarded-Proto: {EVIL}"],
    ["Host: {host}", "X-Forwarded-Port: 1337", "X-Forwarded-Ssl: off", "Front-End-Https: off"],
    ["Host: {host}", f"X-Forwarded-Prefix: //{EVIL}", f"X-Script-Name: /{EVIL}", f"Script-Name: /{EVIL}"],
    ["Host: {host}", f"X-Forwarded-For: {EVIL}", f"X-Real-IP: {EVIL}"],
    ["Host: {host}", f"X-Original-URL: /{EVIL}", f"X-Rewrite-URL: /{EVIL}"],
    ["Host: {host}", f"Referer: https://{EVIL}/", f"Origin: https://{EVIL}"],
    ["Host: {host}", f"Accept-Language: {EVIL}", f"User-Agent: {EVIL}", f"X-Request-ID: {EVIL}"],
    ["Host: {host}", f"Cookie: django_language={EVIL}; sessionid={EVIL}; __Host-csrf={EVIL}"],
    ["Host: {host}", "X-HTTP-Method-Override: DELETE", f"Destination: https://{EVIL}/"],
)
PATHS: tuple[str, ...] = ("/", "/account/login/", "/desk/", "/write/", "/admin/", "/feed/", "/sitemap.xml")
PATHS += ("/robots.txt", "/nowhere/")
PATHS += ("/invitations/none/", "/health/", "/account/login/sso/none/", "/static/none.css", "/briefs/none", "/live/")
STRANGERS = ([f"Host: {EVIL}"], [f"Host: {EVIL}:443"], [f"Host: localhost.{EVIL}"])
PUBLIC = frozenset({"/", "/feed/", "/sitemap.xml", "/robots.txt"})
#: What a request may hear of itself again: the redirect to https keeps its query.
QUERY = f"?utm={EVIL}"
ELSEWHERE = (
    *(f"https://{EVIL}/", f"//{EVIL}/", f"///{EVIL}", f"////{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}", f"https:{EVIL}"),
    *(f"http:///{EVIL}", f"/\t/{EVIL}", f"\t//{EVIL}", f"https://localhost@{EVIL}/", f"//localhost:443@{EVIL}/"),
    *(f"/desk/\r\nLocation: https://{EVIL}/", f"javascript:alert('{EVIL}')", f"data:text/html,{EVIL}"),
)


def run(stack: Stack) -> Iterable[Figure]:
    cache.clear()
    begun = len(stack.mailbox.messages)
    cast = Cast(token_hex(4))
    yield from claims(stack, cast)
    yield from asked_for_mail(stack, cast)
    yield from onward(stack)
    yield from names(stack)
    database.settle()
    yield from mails(stack.mailbox.messages[begun:])
    cache.clear()


def _ways(stack: Stack) -> list[str]:
    return ["web", "front"] if stack.front else ["web"]


# --- claims ---------------------------------------------------------------------------------------


def claims(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """A page that was never asked for before meets the claims first: what is kept of it must not hold them."""
    with small_files():
        release = releases.published(cast)
    page = f"/briefs/{release.brief.slug}/"
    told: list[str] = []
    answers = 0
    for at in _ways(stack):
        for path in (page, *PATHS):
            asked = [(lines, each) for lines in CLAIMS for each in _requests(stack, at, path, lines)]
            with ThreadPoolExecutor(6) as pool:
                found = list(pool.map(lambda question: raw.ask(stack, at, question[1]), asked))  # noqa: B023
            answers += len(found)
            for (lines, _request), answer in zip(asked, found, strict=True):
                told += [f"{at} {path} {lines}: {words}" for words in _wrong(answer)]
                # Nobody answers to another's name; the live check of a container is asked by its own.
                if lines[:1] in STRANGERS and answer[9:10] in (b"2", b"3"):
                    told.append(f"{at} {path} {lines}: answered as another host")
            kept = [stack.client(at=each).get(path) for each in (at, at)]
            if EVIL.encode() in kept[0].body or (path in PUBLIC and kept[0].body != kept[1].body):
                told.append(f"{at} {path}: another page than before")
    tell(told)
    yield none("host_headers.claims_told", len(told), answers, unit="answers")


def _requests(stack: Stack, at: str, path: str, lines: list[str]) -> Iterator[bytes]:
    name = raw.host(stack, at)
    headers = [line.replace("{host}", name) for line in lines]
    # Straight to a web process we are the proxy, who says that it was https, unless the claim is about that.
    proxied = at == "web" and not any(line.startswith("X-Forwarded-Proto") for line in lines)
    headers += ["X-Forwarded-Proto: https"] if proxied else []
    yield raw.request(f"GET {path} HTTP/1.1", headers)
    if lines and "{host}" in lines[0]:
        yield raw.request(f"GET https://{EVIL}{path} HTTP/1.1", headers)
        yield raw.request(f"GET {path}{QUERY} HTTP/1.1", headers)


def _wrong(answer: bytes) -> Iterator[str]:
    """What gives the claim back, or leads out of the house."""
    answer = answer.replace(QUERY.encode(), b"")
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    if EVIL.encode() in answer or "1337" in head:
        yield f"told back in {head[:200]!r}"
    if found := re.search(r"^location: *(\S*)", head, re.IGNORECASE | re.MULTILINE):
        target = found[1]
        if not re.match(r"/(?![/\\])", target) and not re.match(r"https://(localhost|127\.0\.0\.1)[:/]", target):
            yield f"leads to {target}"
    if re.match(r"HTTP/1\.[01] 5", head) and "/health/" not in head and "503" not in head[:14]:
        yield f"breaks: {head[:60]!r}"


# --- mails ----------------------------------------------------------------------------------------


def asked_for_mail(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """A code asked for under each claim; the letters are looked at together, at the end."""
    asked = 0
    for number, lines in enumerate(CLAIMS):
        if not lines or "{host}" not in lines[0] or len(lines) < 2 or lines[1].startswith(("Host", "Cookie", "Origin")):
            continue
        user = User.objects.create_user(f"claims{number}.{cast.mark}@people.example", "Claims")
        client = stack.client(address=f"198.51.100.{number + 1}")
        given = dict(line.split(": ", 1) for line in lines[1:] if not line.startswith(("Referer", "Origin")))
        given.pop("X-Forwarded-Proto", None)
        answer = client.post("/account/login/", {"email": user.email}, headers=given)
        asked += answer.status == 302
    yield at_least("host_headers.codes_asked_for", asked, "mails", gate=10)


def mails(messages: list[EmailMessage]) -> Iterator[Figure]:
    """No mail leads elsewhere, carries a header that is not ours, or goes to somebody who was not asked."""
    ours = {"content-type", "mime-version", "subject", "from", "to", "date", "message-id", "auto-submitted"}
    ours |= {"x-to", "x-from", "content-transfer-encoding", "reply-to", "list-unsubscribe"}
    wrong = []
    for message in messages:
        strange = {name.lower() for name in message} - ours
        led = [
            found for part in message.walk() for found in _addresses(part) if not found.startswith(settings.BASE_URL)
        ]
        if strange or led or EVIL in str(message["X-To"]) or EVIL in str(message["To"]):
            wrong.append(f"{message['Subject']}: {strange} {led} {message['X-To']}")
    tell(wrong)
    yield none("host_headers.mails_wrong", len(wrong), len(messages), unit="mails")


def _addresses(part: Any) -> list[str]:
    if part.get_content_maintype() != "text":
        return []
    # Addresses of people stand behind an @; only links lead anywhere.
    return [each for each in ADDRESS.findall(str(part.get_content())) if "w3.org" not in each]


# --- redirects ------------------------------------------------------------------------------------


def onward(stack: Stack) -> Iterator[Figure]:
    """The whole way in, with a ``next`` that leads out of the house."""
    wrong, mark = [], token_hex(4)
    for number, target in enumerate(ELSEWHERE):
        user = User.objects.create_user(f"next{number}@next{mark}.example", "Next")
        client = stack.client(address=f"192.0.2.{number + 1}")
        query = f"?next={quote(target, safe='')}"
        answers = [client.get(f"/account/login/{query}")]
        answers.append(client.post(f"/account/login/{query}", {"email": user.email, "next": target}))
        code = {"code": mailed_code(stack.mailbox, user.email), "next": target}
        answers.append(client.post(f"/account/login/code/{query}", code))
        if answers[-1].status != 302:
            wrong.append(f"{target!r}: nobody got in, {answers[-1].status}")
        for answer in answers:
            head = "\r\n".join(f"{name}: {value}" for name, value in answer.pairs)
            wrong += [f"{target!r}: {words}" for words in _leads_out(head)]
    tell(wrong)
    yield none("host_headers.led_elsewhere", len(wrong), len(ELSEWHERE), unit="ways in")


def _leads_out(head: str) -> Iterator[str]:
    for location in re.findall(r"(?im)^location: *(.*)$", head):
        if urlsplit(urljoin(settings.BASE_URL, location.strip())).netloc != urlsplit(settings.BASE_URL).netloc:
            yield f"Location: {location}"
        if not re.match(r"/(?![/\\\t])", location):
            yield f"Location: {location}"
    if "x-evil" in head.lower() or "evil=1" in head:
        yield f"a header of the visitor's: {head[:200]!r}"


# --- names ----------------------------------------------------------------------------------------


def names(stack: Stack) -> Iterator[Figure]:
    """Line breaks and quotes in names, first as people can type them, then as no form lets them in."""
    cast = Cast(token_hex(4))
    client, editor = stack.client(cast.lead), stack.client(cast.editor)
    told: list[str] = []
    nasty = f'chart"; filename="{EVIL}.html{LINE}.png'
    picture = {"file": (nasty.replace("\r\n", "%0D%0A"), cast.figure.file.read(), "image/png")}
    tried = [
        client.post("/account/", {"name": f"Lea{LINE}", "zone": "UTC"}),
        client.post(f"/write/{cast.brief.pk}/sections/", {"title": f"Title{LINE}"}),
        client.post(f"/write/{cast.brief.pk}/figures/", {"caption": "x"}, files=picture),
        editor.post(
            f"/review/{cast.round.pk}/manage/invite/", {"people": f"Nia{LINE} <nia@people{cast.mark}.example>"}
        ),
    ]
    # Past every form, as an import or an older release may have left it.
    User.objects.filter(pk=cast.lead.pk).update(name=f"Lea{LINE}"[:120])
    Brief.objects.filter(pk=cast.brief.pk).update(title=f'Brief"{LINE}'[:300], subtitle=LINE)
    Round.objects.filter(pk=cast.round.pk).update(title=f'Round"{LINE}'[:120], topic=f"Topic{LINE}"[:200])
    Organisation.objects.filter(pk=cast.north.pk).update(name=f"North{cast.mark}{LINE}"[:200])
    assert cast.comment
    round = Round.objects.select_related("brief", "version").get(pk=cast.round.pk)
    who = f"nasty@people{cast.mark}.example"
    actions.invite(actor=cast.editor, round=round, people=[(who, f"Nasty{LINE}"[:120])])
    actions.send_invitations(actor=cast.editor, round=round)
    actions.remind(actor=cast.editor, invitation=cast.invitation)
    actions.submit(actor=cast.reviewer, round=Round.objects.select_related("brief", "version").get(pk=round.pk))
    with small_files():
        release: Release = cast.release
    downloads = _downloads(cast, release)
    tried += [each.get(path) for each in (client, editor) for path in downloads]
    for answer in tried:
        head = "\n".join(f"{name}: {value}" for name, value in answer.pairs)
        disposition = answer.headers.get("content-disposition", "")
        if re.search(r"(?im)^(x-evil|bcc):|evil=1", head) or EVIL in disposition or answer.status >= 500:
            told.append(f"{answer.status} {head[:300]!r}")
    stack.mailbox.wait_for(who)
    stack.mailbox.wait_for(cast.reviewer.email, "review")
    tell(told)
    yield none("host_headers.names_break_headers", len(told), len(tried), unit="answers")


def _downloads(cast: Cast, release: Release) -> list[str]:
    room = f"/review/{cast.round.pk}/answers/"
    private = [f"/release/{release.pk}/files/{name}" for name in ("brief.pdf", "brief.docx", "brief.zip", "SHA256SUMS")]
    return [
        room,
        f"{room}comments.csv",
        f"{room}comments.xlsx",
        *private,
        f"/write/{cast.brief.pk}/figures/{cast.figure.pk}",
    ]


def tell(words: list[str]) -> None:
    for each in words[:25]:
        sys.stderr.write(f"host_headers: {each[:500]}\n")
