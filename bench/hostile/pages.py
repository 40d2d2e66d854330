"""Opening every page as everybody, and pasting into the editor, under watch."""

from __future__ import annotations

import json
from itertools import groupby

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from bench.hostile import payloads
from bench.hostile.browser import Watch, look, person, shown, visit
from bench.hostile.everywhere import Attack
from bench.stack import Stack

#: Answers of one page that differ by less are taken for the same, and the last is looked at.
MUCH = 3000
#: How a person pastes or drops: an event with data of both kinds, as browsers make it.
PASTE = """([kind, html, text]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", text);
  const target = document.querySelector(".ProseMirror");
  target.focus();
  const box = target.getBoundingClientRect();
  const about = { bubbles: true, cancelable: true, clientX: box.x + 20, clientY: box.y + 10 };
  target.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...about, clipboardData: data })
    : new DragEvent("drop", { ...about, dataTransfer: data }));
}"""


def look_at_everything(
    browser: Browser, stack: Stack, plan: list[tuple[str, str]], attack: Attack, watch: Watch, *, csp: bool
) -> None:
    base = stack.front or stack.web
    for session, visits in groupby(sorted(plan), key=lambda pair: pair[0]):
        with person(browser, base, session, watch, csp=csp) as page:
            for _session, path in visits:
                attack.shown |= set(payloads.numbers_in(visit(page, base + path, watch)))
    with person(browser, base, "", watch, csp=csp) as page:
        _answers(page, base, attack, watch, csp=csp)
    session, path = attack.writing
    with person(browser, base, session, watch, csp=csp) as page:
        _paste(page, base + path, watch)


def _answers(page: Page, base: str, attack: Attack, watch: Watch, *, csp: bool) -> None:
    """Pages that came back with what was typed, as they came."""
    for path, answer in {(path, len(kept.body) // MUCH): (path, kept) for path, kept in attack.kept}.values():
        headers = {"content-type": answer.headers["content-type"]}
        if csp:
            headers["content-security-policy"] = answer.headers.get("content-security-policy", "")
        shown(page, base + path, headers, answer.body, watch)


def _paste(page: Page, address: str, watch: Watch) -> None:
    """Paste and drop every vector, alone and together; then open the text again."""
    visit(page, address, watch)
    together = "\n".join(each.replace("%", "0") for each in payloads.VECTORS)
    attributed = '<p data-id="x" onclick="zz(0)" style="x:expression(zz(0))">a<a href="javascript:zz(0)">b</a></p>'
    cited = json.dumps(
        [{"source": '"><svg/onload=zz(0)>', "locator": "", "prefix": "<svg/onload=zz(0)>", "suffix": ""}]
    )
    ours = f"<span data-citation='{cited}'></span>"
    ours += "<figure data-asset='\"><svg/onload=zz(0)>'><figcaption>x</figcaption></figure>"
    for html in (together, attributed, ours, *(each.replace("%", "0") for each in payloads.VECTORS)):
        for kind in ("paste", "drop") if html in (together, attributed, ours) else ("paste",):
            try:
                page.evaluate(PASTE, [kind, html, html])
            except BrowserError as error:
                watch.missed.append(f"{kind}: {str(error)[:80]}")
    look(page, watch)
    page.wait_for_timeout(1500)
    visit(page, address, watch)
