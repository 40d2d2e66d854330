// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Side } from "../room/side.ts";

const PAGE = `<aside class="writing-side">
  <section class="panel" data-panel="comments" data-tab="Comments"><h2>Among authors</h2><article id="thread-1">Why?</article></section>
  <section class="panel"><h2>Review</h2><p>Two reviewers</p></section>
</aside>`;

const tabs = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[role=tab]")];
const names = (): string[] => tabs().map((tab) => tab.textContent ?? "");
const shown = (): string[] => [...document.querySelectorAll<HTMLElement>("[role=tabpanel]")].filter(({ hidden }) => !hidden).map(({ id }) => id);
const press = (key: string): void => void document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

let side: Side;
beforeEach(() => {
  document.body.innerHTML = PAGE;
  location.hash = "";
  Element.prototype.scrollIntoView = vi.fn();
  side = new Side(document.querySelector("aside")!);
});

describe("the side of the room", () => {
  it("makes tabs of what the server put there, and shows the first", () => {
    expect(names()).toEqual(["Comments", "Review"]);
    expect(shown()).toEqual(["side-comments"]);
    const [first] = tabs();
    expect(first!.getAttribute("aria-selected")).toBe("true");
    expect(document.getElementById(first!.getAttribute("aria-controls")!)!.getAttribute("aria-labelledby")).toBe(first!.id);
  });

  it("gives tabs their place whoever comes first, and counts on them", () => {
    side.add({ name: "history", label: "History", dom: document.createElement("p") });
    const handle = side.add({ name: "suggestions", label: "Suggestions", dom: document.createElement("p"), badge: 3 });
    expect(names()).toEqual(["Comments", "Suggestions3", "History", "Review"]);
    handle.setBadge(0);
    expect(names()[1]).toBe("Suggestions");
  });

  it("fetches a panel's content once, when it is first opened", async () => {
    const content = document.createElement("p");
    const dom = vi.fn(() => Promise.resolve(content));
    const opened = vi.fn();
    const handle = side.add({ name: "sources", label: "Sources", dom, opened });
    expect(dom).not.toHaveBeenCalled();
    await handle.open(true);
    expect(handle.shown).toBe(true);
    expect(document.activeElement?.id).toBe("side-sources");
    expect(document.getElementById("side-sources")!.contains(content)).toBe(true);
    await side.open("comments");
    await handle.open();
    expect(dom).toHaveBeenCalledTimes(1);
    expect(opened).toHaveBeenCalledTimes(2);
  });

  it("says so when content does not come, and tries again", async () => {
    const dom = vi.fn().mockRejectedValueOnce(new TypeError("offline")).mockResolvedValueOnce(document.createElement("ul"));
    const handle = side.add({ name: "checks", label: "Checks", dom });
    await handle.open();
    expect(document.getElementById("side-checks")!.textContent).toContain("could not be loaded");
    await handle.open();
    expect(document.querySelector("#side-checks ul")).not.toBeNull();
  });

  it("is travelled with the arrow keys, and with one Tab left", () => {
    tabs()[0]!.focus();
    press("ArrowRight");
    expect(document.activeElement).toBe(tabs()[1]);
    expect(shown()).toHaveLength(1);
    press("ArrowRight");
    expect(document.activeElement).toBe(tabs()[0]);
    press("End");
    expect(tabs().map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
  });

  it("shows the panel of what is looked for, also from the address", async () => {
    await side.open("panel-0", false);
    tabs()[1]!.click();
    side.reveal(document.getElementById("thread-1")!);
    expect(shown()).toEqual(["side-comments"]);
    tabs()[1]!.click();
    location.hash = "#thread-1";
    dispatchEvent(new HashChangeEvent("hashchange"));
    expect(shown()).toEqual(["side-comments"]);
  });
});
