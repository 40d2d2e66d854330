"""Who has an account cannot be asked out of the entrance, nor guessed, nor forced (TRUST 9).

Asking for a code, the page for it, wrong codes, an invitation's link, a passkey's answer: for a known and an unknown
one the status, the headers and the bytes are the same but for the address typed and tokens, and the times lie within
the critical distance of the two-sample Kolmogorov–Smirnov test at one in a thousand. Ids in addresses are random.
Limits count the address before the declared number of proxies, whatever a visitor claims in headers; five tries of
a code are five when they come at once.

Broken on purpose: without ``even`` in accounts/urls.py and without the same work for unknown addresses, on a busy
machine, "request_times_apart" was D = 0.5 of 0.32, the page's 0.33 and the code's 0.38; with tries left to the
session, 3 of 3 codes were good after 16 wrong ones at once; with another number of proxies declared than there
are, 60 of 60 visits asked for codes behind one proxy.
"""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from accounts.models import User
from bench.client import Answer, Client
from bench.figures import Figure, at_least, at_most, none
from bench.scene import database, timing
from bench.scene.links import mailed_code
from bench.scene.passkeys import Key
from bench.stack import Stack
from brief.models import Brief, ImportDraft, Section, Thread
from brief.models import Figure as Picture
from release.models import Release
from review import codes
from review.models import Invitation, ReviewThread, Round
from tests.cast import Cast
from tests.house.routes import ROUTES

LOGIN, CODE, PASSKEY = "/account/login/", "/account/login/code/", "/account/login/passkey/"
TOKENS = re.compile(rb'(?:csrfmiddlewaretoken" value|"challenge": ?|x-csrftoken": ?)="?[\w-]+"?')
#: The clock, and how long the typed address is.
VARYING = frozenset({"date", "expires", "content-length"})
#: What a visitor may claim about where they come from.
CLAIMS = (
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Forwarded",
    "X-Forwarded",
)


Shape = tuple[int, list[tuple[str, str]], bytes]


def run(stack: Stack) -> Iterable[Figure]:
    cache.clear()
    cast = Cast(token_hex(4))
    yield from entrance(stack, cast)
    yield from times(stack)
    yield from passkeys(stack, cast)
    yield from invitations(stack, cast)
    yield from guessing(cast)
    cache.clear()
    yield from limits(stack, cast)
    cache.clear()
    database.settle()


# --- the same answer ------------------------------------------------------------------------------


def entrance(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """The whole way of somebody who types an address and then wrong digits."""
    closed = User.objects.create_user(cast.address("closed"), "Closed", is_active=False)
    known = [cast.lead.email, cast.editor.email, cast.reviewer.email, closed.email, cast.lead.email.upper()]
    walks = {}
    for number, address in enumerate([*known, cast.address("nobody")]):
        for at in ("web", "front") if stack.front else ("web",):
            client = stack.client(at=at, address=f"192.0.2.{number + 1}")
            walks[at, address] = list(walk(client, address))
        cache.clear()
    wrong = []
    for (at, address), steps in walks.items():
        for place, (one, other) in enumerate(zip(steps, walks[at, cast.address("nobody")], strict=True)):
            if one != other or one[0] >= 500:
                wrong.append(f"{at} step {place} of {address}: {difference(one, other)}")
    tell(wrong)
    tried = sum(len(steps) for steps in walks.values())
    yield none("enumeration.entrance_differs", len(wrong), tried, unit="answers")


def walk(client: Client, address: str) -> Iterator[Shape]:
    yield shape(client.get(LOGIN), address)
    yield shape(client.post(LOGIN, {"email": address}), address)
    yield shape(client.get(CODE), address)
    for _try in range(6):
        # None of a million is likely to be right.
        yield shape(client.post(CODE, {"code": "000000"}), address)
    yield shape(client.get(CODE), address)
    yield shape(client.post(LOGIN, {"email": address}), address)
    yield shape(client.post("/account/password/reset/", {"email": address}), address)
    yield shape(client.post("/account/signup/", {"email": address}), address)


def shape(answer: Answer, typed: str = "") -> Shape:
    """Status, headers and bytes without what is random and what was typed."""
    body = TOKENS.sub(b"TOKEN", answer.body)
    for words in {typed, typed.lower(), typed.upper()} - {""}:
        body = body.replace(words.encode(), b"TYPED")
    headers = [(name.lower(), _without_secrets(name, value)) for name, value in answer.pairs]

    return answer.status, sorted(pair for pair in headers if pair[0] not in VARYING), body


def difference(one: Shape, other: Shape) -> str:
    """The first place where two answers part."""
    if one[0] != other[0]:
        return f"{one[0]} but {other[0]}"
    if one[1] != other[1]:
        return f"{sorted(set(one[1]) ^ set(other[1]))}"
    place = next((place for place, pair in enumerate(zip(one[2], other[2], strict=False)) if pair[0] != pair[1]), 0)
    return f"{one[2][max(0, place - 60) : place + 60]!r} but {other[2][max(0, place - 60) : place + 60]!r}"


def _without_secrets(name: str, value: str) -> str:
    """Of a cookie: its name and how it is set, not its value and its day."""
    if name.lower() != "set-cookie":
        return value
    return re.sub(r"expires=[^;]+", "", re.sub(r"=[^;]*", "=", value, count=1))


# --- the same time --------------------------------------------------------------------------------


def times(stack: Stack) -> Iterator[Figure]:
    """Many people who exist and as many who do not, each from a place of their own."""
    number = stack.times(240)
    mark = token_hex(4)
    password = make_password(None)
    people = [User(email=f"known{place:04d}@times{mark}.example", password=password) for place in range(number)]
    User.objects.bulk_create(people)
    seconds: dict[str, dict[str, list[float]]] = {}

    def ask(kind: str, place: int) -> None:
        client = stack.client(address=f"2001:db8:{mark[:4]}:{place:x}::{1 if kind == 'known' else 2}")
        client.get(LOGIN)
        address = f"{kind}{place:04d}@times{mark}.example"
        for name, taken in (
            ("request", client.post(LOGIN, {"email": address}).seconds),
            ("page", client.get(CODE).seconds),
            ("code", client.post(CODE, {"code": "000000"}).seconds),
        ):
            seconds.setdefault(name, {}).setdefault(kind, []).append(taken)
        client.close()

    def both(place: int) -> None:
        for kind in ("known", "other") if place % 2 else ("other", "known"):
            ask(kind, place)

    # A few at a time: each answer waits most of its time, and what the machine's moods add meets both kinds.
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(both, range(number)))
    for name, found in seconds.items():
        yield apart(f"enumeration.{name}_times_apart", found["known"], found["other"])


def apart(name: str, known: list[float], unknown: list[float]) -> Figure:
    middle = [sorted(each)[len(each) // 2] * 1000 for each in (known, unknown)]
    note = f"Kolmogorov–Smirnov D of {len(known)} each, medians {middle[0]:.1f} and {middle[1]:.1f} ms"
    limit = timing.critical(len(known), len(unknown))
    return at_most(name, timing.distance(known, unknown), "D", gate=limit, note=note)


# --- other ways in --------------------------------------------------------------------------------


def passkeys(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """A key that belongs to somebody, in the wrong hands, and a key that belongs to nobody."""
    real, forged = Key(token_hex(16).encode()), Key(token_hex(16).encode())
    real.register(cast.lead)
    wrong, tried = [], stack.times(20)
    for number in range(tried):
        shapes = []
        for key in (real, forged):
            client = stack.client(address=f"198.51.100.{number % 250 + 1}")
            options = client.get(PASSKEY, {"Accept": "application/json"}).json()
            # Signed by another key than the one that was registered.
            data = {"credential": key.answer(options.get("request_options", options), by=forged)}
            answer = client.post(PASSKEY, data)
            shapes.append(shape(answer))
        if shapes[0] != shapes[1]:
            wrong.append(difference(*shapes))
    tell(wrong)
    yield none("enumeration.passkey_differs", len(wrong), tried, unit="answers")


def invitations(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """Guessed links, near a real one and far from all; and asking somebody who has an account or has none."""
    _invitation, secret = cast.open_invitation
    client = stack.client()
    near, far = secret[:-1] + ("A" if secret[-1] != "A" else "B"), codes.mint()[0]
    wrong = []
    asks: tuple[Callable[[str], Answer], ...] = (
        lambda words: client.get(f"/invitations/{words}/"),
        lambda words: client.head(f"/invitations/{words}/"),
        lambda words: client.post(f"/invitations/{words}/accept/"),
        lambda words: client.post(f"/invitations/{words}/decline/"),
        lambda words: client.get(f"/invitations/{words}/accept/"),
    )
    for ask in asks:
        first, second = shape(ask(near), near), shape(ask(far), far)
        if first != second:
            wrong.append(difference(first, second))
    one, two = timing.alternate(
        lambda: client.get(f"/invitations/{near}/").seconds,
        lambda: client.get(f"/invitations/{far}/").seconds,
        stack.times(400),
    )
    yield apart("enumeration.link_times_apart", one, two)
    editor = stack.client(cast.editor)
    asked = [cast.outsider.email, cast.address("stranger")]
    board = f"/review/{cast.round.pk}/manage/"
    answers = [shape(editor.post(board + "invite/", {"people": address}), address) for address in asked]
    rows = [re.sub(r"[0-9a-f-]{36}", "", editor.get(board).text.count(address) * "x") for address in asked]
    if answers[0] != answers[1] or rows[0] != rows[1]:
        wrong.append(f"inviting: {difference(*answers)}, {rows}")
    tell(wrong)
    yield none("enumeration.invitation_differs", len(wrong), 6, unit="kinds of question")


# --- guessing -------------------------------------------------------------------------------------


def guessing(cast: Cast) -> Iterator[Figure]:
    """Every id in an address is random, or a number below a random one."""
    bare = []
    for name, (pattern, _route) in ROUTES.items():
        numbers = re.findall(r"<int:(\w+)>", pattern)
        # One's own passkeys have numbers; whose they are is asked of the session.
        if numbers and "<uuid:" not in pattern and not name.startswith("mfa_"):
            bare.append(f"{name}: {pattern}")
    drawn = [codes.mint()[0] for _each in range(1000)]
    short = [each for each in drawn if len(each) < 32] + (["twice"] if len(set(drawn)) < 1000 else [])
    models = (User, Brief, Section, Thread, Picture, ImportDraft, Round, Invitation, ReviewThread, Release)
    rows = [row for model in models for row in model._base_manager.values_list("pk", flat=True)[:50]]
    ordered = [str(row) for row in rows if not isinstance(row, uuid.UUID) or row.version != 4]
    tell([*bare, *short, *ordered])
    yield none("enumeration.guessable_ids", len(bare) + len(short) + len(ordered), len(rows) + 1000, unit="ids")


# --- limits ---------------------------------------------------------------------------------------


def limits(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """Twenty requests for codes a minute from one place, three for one address, five tries of a code."""
    if stack.front:
        passed = _dodging(lambda: stack.client(at="front"), "")
        yield at_most("enumeration.codes_from_one_place", passed, "passed of 60", gate=20)
        cache.clear()
    # Behind one declared proxy the last address counts: what stands before it is the visitor's own claim.
    passed = _dodging(lambda: stack.client(address="203.0.113.9"), ", 203.0.113.9")
    yield at_most("enumeration.codes_behind_one_proxy", passed, "passed of 60", gate=20)
    cache.clear()
    asked = [
        stack.client(address=f"198.51.100.{place + 1}").post(LOGIN, {"email": each}).status
        for place, each in enumerate([cast.lead.email, cast.lead.email.upper(), f" {cast.lead.email} "] * 6)
    ]
    yield at_most("enumeration.codes_for_one_address", asked.count(302), "passed of 18", gate=3)
    yield at_least("enumeration.codes_for_who_asks_once", asked.count(302), "passed of 18", gate=1)
    yield from tries(stack, cast)


def _dodging(client_of: Callable[[], Client], tail: str) -> int:
    """How many of 60 visits with made-up origins are let through."""
    passed = 0
    for number in range(60):
        client = client_of()
        claim = f"10.{number}.{number}.7"
        value = f"for={claim}" if CLAIMS[number % len(CLAIMS)] == "Forwarded" else claim
        headers = {CLAIMS[number % len(CLAIMS)]: value}
        if tail:
            headers = {**headers, "X-Forwarded-For": claim + tail}
        address = f"dodge{number}@{token_hex(6)}.example"
        passed += client.post(LOGIN, {"email": address}, headers=headers).status == 302
        client.close()
    return passed


def tries(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """Sixteen wrong codes at the same moment, then the right one: it must be used up."""
    rounds, entered = stack.times(10), 0
    for number in range(rounds):
        cache.clear()
        user = User.objects.create_user(f"tries{number}@{token_hex(6)}.example", "Tries")
        place = f"2001:db8:77:{number:x}::1"
        client = stack.client(address=place)
        client.post(LOGIN, {"email": user.email})
        right = mailed_code(stack.mailbox, user.email)
        wrong = [f"{(int(right) + each) % 10**6:06d}" for each in range(1, 17)]
        twins = []
        for _each in wrong:
            twin = stack.client(address=place)
            twin.cookies.update(client.cookies)
            twins.append(twin)
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda pair: pair[0].post(CODE, {"code": pair[1]}), zip(twins, wrong, strict=True)))
        entered += client.post(CODE, {"code": right}).headers.get("location", "") == "/desk/"
    yield none("enumeration.codes_good_after_16_wrong", entered, rounds, unit="codes")


def tell(words: list[str]) -> None:
    for each in words[:25]:
        sys.stderr.write(f"enumeration: {str(each)[:500]}\n")
