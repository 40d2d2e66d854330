"""Scripts through every text field, file name, import, paste and source: none runs, CSP on or off (TRUST, abuse).

The forms are those that the table of doors leads the cast to, in an open brief, in clearance and before a launch; each
typed field gets payloads of our own making (``bench/hostile/payloads.py``), what it refuses is corrected once, and the
answers that came back with the payload are kept. Drafts in Word, Markdown and text, figures, CSL-JSON and a paste carry
them too. Then Chromium opens every page, and every kept answer, as everybody who may: once under the product's policy,
once without. A hit is a call of the mark, a dialog, or an element that would run (``bench/hostile/look.js``). A brief
full of payloads is built, signed and published for real; its public pages, EPUB and the mails are looked at as well.

``uncovered`` names text fields of form classes, and routes that take a POST, which no attack reached.

Broken on purpose: with ``thread.body|safe`` in `templates/components/thread.html` it printed xss.executions 51 with the
policy and 53 without (SCALE=0.25). Its own eyes were too: with a Referer that the product refuses, every form was
answered 403 and ``shown`` was 4 of 95 fields, which missed its gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.figures import Figure, at_least, none
from bench.hostile.browser import Watch, chromium
from bench.hostile.everywhere import Attack, uncovered_fields, uncovered_routes
from bench.hostile.pages import look_at_everything
from bench.hostile.public import published_brief
from bench.stack import Stack

#: Times that every form is sent, each with other payloads first.
ROUNDS = 4


def run(stack: Stack) -> Iterator[Figure]:
    attack = Attack(stack)
    for number in range(max(2, stack.times(ROUNDS))):
        attack.forms(number)
        attack.direct(number)
    attack.files()
    public = published_brief(attack)
    plan = attack.plan() + public.paths
    watches = {csp: Watch() for csp in (True, False)}

    def browse() -> None:
        with chromium() as browser:
            for csp, watch in watches.items():
                look_at_everything(browser, stack, plan, attack, watch, csp=csp)

    # In a thread of its own: Playwright's loop is not Django's.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(browse).result()
    yield from _figures(attack, watches, public.hits + attack.mailed())


def _figures(attack: Attack, watches: dict[bool, Watch], elsewhere: list[str]) -> Iterator[Figure]:
    for csp, watch in watches.items():
        name = "xss.executions" if csp else "xss.executions_without_csp"
        yield none(name, len(watch.hits), watch.pages, unit="hits", note="; ".join(watch.hits[:3]))
    told = "; ".join(elsewhere[:3])
    yield none("xss.in_files_and_mails", len(elsewhere), attack.looked_at, unit="elements", note=told)
    missed = [each for watch in watches.values() for each in watch.missed]
    yield none(
        "xss.pages_not_opened",
        len(missed),
        sum(watch.pages for watch in watches.values()),
        unit="pages",
        note="; ".join(missed[:5]),
    )
    fields = uncovered_fields(attack)
    yield none("xss.uncovered_fields", len(fields), len(attack.numbers), unit="fields", note=", ".join(fields[:8]))
    routes = uncovered_routes(attack)
    yield none("xss.uncovered_routes", len(routes), len(attack.routes), unit="routes", note=", ".join(routes[:8]))
    yield at_least("xss.fields", len(attack.numbers), "fields", gate=60, note=f"{attack.sent:,} forms sent")
    yield at_least("xss.shown", len(attack.shown), "fields", gate=30, note="whose payload some page showed")
    broken = attack.broken
    yield none("xss.server_errors", len(broken), attack.sent, unit="answers", note="; ".join(broken[:5]))
