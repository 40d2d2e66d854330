// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fitting, serveMentions, typed } from "../mentions.ts";

describe("a name that is typed", () => {
  it.each([
    ["Ask @Pa", { from: 4, query: "Pa" }],
    ["@", { from: 0, query: "" }],
    ["(@Paz Ro", { from: 1, query: "Paz Ro" }],
    ["paz@people.example", null],
    ["@ Paz", null],
    ["@Paz\nnext", null],
  ])("%j", (text, found) => expect(typed(text, text.length)).toEqual(found));

  it("is found by any of its parts, whatever its accents", () => {
    const names = ["Žofia Žáková", "Paz Romero", "Pál Zoltán"];
    expect(fitting(names, "zak")).toEqual(["Žofia Žáková"]);
    expect(fitting(names, "pa")).toEqual(["Paz Romero", "Pál Zoltán"]);
    expect(fitting(names, "Paz Ro")).toEqual(["Paz Romero"]);
  });
});

describe("the list of fellow authors", () => {
  const field = (): HTMLTextAreaElement => document.querySelector("textarea")!;
  const list = (): HTMLElement => document.querySelector("[role=listbox]")!;
  const type = (text: string): void => {
    field().value = text;
    field().setSelectionRange(text.length, text.length);
    field().dispatchEvent(new Event("input", { bubbles: true }));
  };
  const press = (key: string): boolean => field().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

  beforeEach(() => {
    document.body.innerHTML = `<form data-people="/people-${Math.random()}"><textarea data-mentions></textarea></form>`;
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json({ people: [{ name: "Paz Romero" }, { name: "Noor Haddad" }] }))));
    serveMentions(document.querySelector("form")!);
  });

  it("is steered by keys and writes the name", async () => {
    type("Please, @");
    await vi.waitFor(() => expect(list().hidden).toBe(false));
    expect(field().getAttribute("aria-activedescendant")).toBe(`${list().id}-0`);
    press("ArrowDown");
    expect(list().querySelector("[aria-selected=true]")!.textContent).toBe("Noor Haddad");
    expect(press("Enter")).toBe(false);
    expect(field().value).toBe("Please, @Noor Haddad ");
    expect(list().hidden).toBe(true);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("goes away with Escape until the next @", async () => {
    type("@Pa");
    await vi.waitFor(() => expect(list().hidden).toBe(false));
    press("Escape");
    type("@Paz");
    await Promise.resolve();
    expect(list().hidden).toBe(true);
    expect(press("Enter")).toBe(true);
  });

  it("stays away when names cannot be had", async () => {
    vi.stubGlobal("fetch", vi.fn(() => Promise.reject(new TypeError("offline"))));
    type("@");
    await new Promise((done) => setTimeout(done, 5));
    expect(list().hidden).toBe(true);
  });
});
