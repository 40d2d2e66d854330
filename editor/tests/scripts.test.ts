// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";

/** The scripts act on the page they are loaded into: each test lays out a page, then loads one anew. */
async function load(name: string, page: string): Promise<void> {
  document.body.innerHTML = page;
  vi.resetModules();
  await import(`../scripts/${name}.ts`);
}

beforeEach(() => {
  document.cookie = "theme=; max-age=0; path=/";
  delete document.documentElement.dataset.bsTheme;
  document.documentElement.lang = "en-GB";
});

describe("colours", () => {
  const CHOICE = `<fieldset data-theme-choice hidden>
    <button data-theme="">System</button><button data-theme="light">Light</button><button data-theme="dark">Dark</button>
  </fieldset>`;

  it("are shown to be chosen only when scripts run", async () => {
    await load("theme", CHOICE);
    expect(document.querySelector("fieldset")?.hidden).toBe(false);
  });

  it("are applied, remembered and told to screen readers", async () => {
    await load("theme", CHOICE);
    const [system, , dark] = document.querySelectorAll("button");
    dark?.click();
    expect(document.documentElement.dataset.bsTheme).toBe("dark");
    expect(document.cookie).toContain("theme=dark");
    expect(dark?.getAttribute("aria-pressed")).toBe("true");
    system?.click();
    expect(document.documentElement.dataset.bsTheme).toBeUndefined();
    expect(document.cookie).not.toContain("theme=dark");
  });

  it("take nothing else from the cookie", async () => {
    document.cookie = "theme=neon; path=/";
    await load("theme", CHOICE);
    expect(document.documentElement.dataset.bsTheme).toBeUndefined();
  });
});

describe("a form", () => {
  it("is sent once", async () => {
    await load("once", `<form method="post"><button>Send</button></form>`);
    const form = document.querySelector("form") as HTMLFormElement;
    const first = new Event("submit", { cancelable: true, bubbles: true });
    const second = new Event("submit", { cancelable: true, bubbles: true });
    form.dispatchEvent(first);
    form.dispatchEvent(second);
    expect([first.defaultPrevented, second.defaultPrevented]).toEqual([false, true]);
  });

  it("may be sent again after coming back to the page", async () => {
    await load("once", `<form method="post" data-sent="yes"><button aria-busy="true">Send</button></form>`);
    window.dispatchEvent(new Event("pageshow"));
    expect(document.querySelector("form")?.dataset.sent).toBeUndefined();
    expect(document.querySelector("[aria-busy]")).toBeNull();
  });
});

describe("a menu", () => {
  it("closes with Escape and gives the focus back", async () => {
    await load("menu", `<details class="menu" open><summary>Menu</summary><a href="#x">Item</a></details>`);
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(document.querySelector("details")?.open).toBe(false);
    expect(document.activeElement?.tagName).toBe("SUMMARY");
  });

  it("closes when something outside it is pressed", async () => {
    await load("menu", `<details class="menu" open><summary>Menu</summary></details><p>Elsewhere</p>`);
    document.querySelector("p")?.click();
    expect(document.querySelector("details")?.open).toBe(false);
  });
});

describe("a time", () => {
  it("gets the reader's own where it differs, and is left alone where it cannot be read", async () => {
    const there = new Date(Date.UTC(2026, 2, 28, 15, 0));
    const mine = there.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const page = `<time data-local="your time" datetime="${there.toISOString()}">28 March 2026, 03:33 Nowhere</time>
      <time data-local="your time" datetime="never">Never</time>`;
    await load("local-time", page);
    const [first, second] = document.querySelectorAll("time");
    expect(first?.textContent).toContain(`${mine} your time`);
    expect(second?.textContent).toBe("Never");
  });
});
