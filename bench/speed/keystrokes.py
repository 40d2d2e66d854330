"""Writing in Chromium: the first letter soon after the click, every other within a frame, a light bundle.

Guards what the editor does between a key and the words on screen, which grows with the text unless one watches it.
``first`` is from the click on a section (5,000 words, 200 threads) to its first letter in the text, scripts fetched
anew and from the browser's cache. ``key`` is from a key's event to the text laid out: scripts, style and layout, in
a section of 10,000 words, at its beginning, middle and end (decision 33); ``key.frame_p95`` is until a frame with it is
made, sixty of which a screen takes in a second; ``key.work`` is what a key costs in scripts, style and layout, in time
of the processor: however busy the machine is. Milliseconds. ``bundle`` is what the page must fetch to
write, kilobytes after gzip.

Broken on purpose: with the find panel, the cleaner of pastes and the dialogs imported at once by `editor/writing.ts`
it printed keystrokes.bundle 129.3, above 120. With every paragraph's decoration changed at each key
(`editor/plugins/labels.ts`) it printed keystrokes.key.p95 162, above 16, and key.work 21.1 where it is 2.1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from bench.client import SESSION
from bench.figures import Figure, at_most, median
from bench.filling import fill
from bench.hostile.browser import chromium
from bench.measuring import Timed, compressed
from bench.stack import Stack

BUILT = Path(__file__).resolve().parents[2] / "build" / "web"
FIRST_GATE, KEY_GATE, BUNDLE_GATE = 1000.0, 16.0, 120.0
#: Keys in a row at each place, and milliseconds between two: a fast typist.
KEYS, PAUSE = 150, 40

#: What of a page's work is ours.
WORK = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")

#: Types as soon as there is something to type in, and notes when the letter stands in the text.
FIRST = """(() => {
  const look = () => {
    const text = document.querySelector(".ProseMirror[contenteditable=true]");
    if (!text) return requestAnimationFrame(look);
    text.focus();
    document.execCommand("insertText", false, "¤");
    const seen = () => {
      if (text.textContent.includes("¤")) window.firstLetter = performance.now();
      else requestAnimationFrame(seen);
    };
    seen();
  };
  document.addEventListener("DOMContentLoaded", look);
})()"""

#: From the event of the key until the editor has taken the letter in and the text is laid out again; and until a frame
#: with it is made. The observer is made after the editor's own, so it is told of the same change right after it. A
#: message or a timer would come too late: after a key Chromium lets everything else wait for the next frame.
WATCH = """() => {
  const text = document.querySelector(".ProseMirror"), channel = new MessageChannel();
  let began = 0;
  window.taken = [];
  window.framed = [];
  channel.port1.onmessage = ({ data }) => { window.framed.push(performance.now() - data); };
  text.addEventListener("keydown", () => { began = performance.now(); }, true);
  new MutationObserver(() => {
    if (!began) return;
    const at = began;
    began = 0;
    text.getBoundingClientRect();
    window.taken.push(performance.now() - at);
    requestAnimationFrame(() => channel.port2.postMessage(at));
  }).observe(text, { subtree: true, childList: true, characterData: true });
}"""


def run(stack: Stack) -> Iterable[Figure]:
    short = fill(words=5000, threads=200, versions=0, reviewers=0)
    long = fill(words=10_000, versions=0, reviewers=0)
    sessions = [stack.client(made.lead).cookies[SESSION] for made in (short, long)]
    first: dict[str, Timed] = {"anew": Timed(), "cached": Timed()}
    keys: dict[str, Timed] = {}
    frames, work = Timed(), Timed()

    def browse() -> None:
        with chromium() as browser:
            for _ in range(max(3, stack.times(8))):
                for name, milliseconds in zip(first, _first(browser, stack, sessions[0], short), strict=True):
                    first[name].append(milliseconds)
            _keys(browser, stack, sessions[1], long, keys, frames, work)

    # In a thread of its own: Playwright's loop is not Django's.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(browse).result()
    for name, taken in first.items():
        yield at_most(
            f"keystrokes.first_{name}", taken.median, "ms", gate=FIRST_GATE, target=FIRST_GATE, note=f"of {len(taken)}"
        )
    whole = Timed(each for taken in keys.values() for each in taken)
    note = ", ".join(f"{name} {taken.p95:.1f}" for name, taken in keys.items())
    yield at_most("keystrokes.key.median", whole.median, "ms", note=f"of {len(whole)}")
    yield at_most("keystrokes.key.p95", whole.p95, "ms", gate=KEY_GATE, target=KEY_GATE, note=note)
    yield at_most("keystrokes.key.frame_p95", frames.p95, "ms", note="until a frame is made: screens take 60 a second")
    yield at_most("keystrokes.key.work", median(work), "ms", note="of processor, sending included")
    yield at_most("keystrokes.bundle", bundle(), "kB", gate=BUNDLE_GATE, target=BUNDLE_GATE, note="after gzip")


def bundle() -> float:
    """Kilobytes of the script of the writing room and of everything it cannot begin without."""
    root = BUILT
    manifest: dict[str, Any] = json.loads((root / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    wanted, found = ["editor/writing.ts"], set[str]()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += manifest[name].get("imports", [])
    return compressed(*((root / manifest[name]["file"]).read_bytes() for name in found))


@contextmanager
def _page(browser: Browser, stack: Stack, session: str) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 900})
    base = stack.front or stack.web
    if stack.front:
        context.add_cookies([{"name": SESSION, "value": session, "url": base, "secure": True}])
    else:
        context.set_extra_http_headers({"X-Forwarded-Proto": "https", "Cookie": f"{SESSION}={session}"})
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def _base(stack: Stack) -> str:
    return stack.front or stack.web


def _section(made: Any) -> str:
    return f"/write/{made.brief.pk}/sections/{made.section.pk}/"


def _first(browser: Browser, stack: Stack, session: str, made: Any) -> list[float]:
    """The click on the section in the brief's outline: with nothing in the cache, then with the scripts there."""
    taken = []
    with _page(browser, stack, session) as page:
        page.add_init_script(FIRST)
        for _visit in range(2):
            page.goto(f"{_base(stack)}/write/{made.brief.pk}/")
            page.locator(f"a[href='{_section(made)}']").first.click()
            # Asked by the debugger: the page's own policy lets no text become a function.
            while not (letter := page.evaluate("window.firstLetter || 0")):
                page.wait_for_timeout(20)
            taken.append(float(letter))
            # The letter goes again, so that the next one is new.
            page.keyboard.press("Control+z")
            page.locator(".save-state[data-state=saved]").wait_for()
    return taken


def _keys(
    browser: Browser, stack: Stack, session: str, made: Any, taken: dict[str, Timed], frames: Timed, work: Timed
) -> None:
    """Write at three places of a long text; what each key took is put into the last three."""
    with _page(browser, stack, session) as page:
        page.goto(f"{_base(stack)}{_section(made)}")
        page.locator(".save-state[data-state=saved]").wait_for()
        metrics = page.context.new_cdp_session(page)
        metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
        blocks = page.locator(".ProseMirror > p")
        places = {"beginning": 0, "middle": blocks.count() // 2, "end": blocks.count() - 1}
        for name, place in places.items():
            blocks.nth(place).click()
            page.keyboard.press("End")
            # Warm: the first keys of a page compile what they call.
            page.keyboard.type("warming up ", delay=PAUSE)
            page.evaluate(WATCH if not taken else "() => { window.taken = []; window.framed = []; }")
            letters = ("so many words " * 100)[: max(40, stack.times(KEYS))]
            before = _worked(metrics)
            page.keyboard.type(letters, delay=PAUSE)
            page.wait_for_timeout(200)
            taken[name] = Timed(page.evaluate("window.taken"))
            if len(taken[name]) != len(letters):
                raise AssertionError(f"{len(letters)} keys, {len(taken[name])} seen at the {name}")
            frames.extend(page.evaluate("window.framed"))
            work.append((_worked(metrics) - before) * 1000 / len(letters))


def _worked(metrics: CDPSession) -> float:
    """Seconds of processor that scripts, style and layout have taken so far; painting is the browser's own."""
    told = metrics.send("Performance.getMetrics")["metrics"]
    return sum(float(each["value"]) for each in told if each["name"] in WORK)
