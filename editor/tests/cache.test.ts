import { describe, expect, it } from "vitest";
import { Cache } from "../engine/cache.ts";
import { doc, p } from "./builders.ts";

const text = doc(p("x"));

describe("the engine's cache", () => {
  it("keeps what was loaded in one section however much is typed in others", () => {
    const cache = new Cache(8, 4);
    cache.set("quiet", 0, text);
    for (let section = 0; section < 7; section++) for (let version = 0; version < 200; version++) cache.set(`busy${section}`, version, text);
    expect(cache.get("quiet", 0)).toBe(text);
  });

  it("keeps the versions of a section that were used last", () => {
    const cache = new Cache(8, 2);
    cache.set("a", 1, text);
    cache.set("a", 2, text);
    expect(cache.get("a", 1)).toBe(text);
    cache.set("a", 3, text);
    expect(cache.get("a", 2)).toBeUndefined();
    expect(cache.get("a", 1)).toBe(text);
    expect(cache.get("a", 3)).toBe(text);
  });

  it("lets the section go that was used longest ago", () => {
    const cache = new Cache(2, 4);
    cache.set("a", 1, text);
    cache.set("b", 1, text);
    cache.get("a", 1);
    cache.set("c", 1, text);
    expect(cache.get("b", 1)).toBeUndefined();
    expect(cache.get("a", 1)).toBe(text);
  });

  it("forgets what came after a version, of that section alone", () => {
    const cache = new Cache(8, 4);
    for (const section of ["a", "b"]) for (const version of [1, 2, 3]) cache.set(section, version, text);
    cache.forget("a", 1);
    expect([1, 2, 3].map((version) => cache.get("a", version) !== undefined)).toEqual([true, false, false]);
    expect(cache.get("b", 3)).toBe(text);
    cache.forget("nowhere", 0);
  });
});
