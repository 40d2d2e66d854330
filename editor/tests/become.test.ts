/** One text becomes another by small steps: the result is exact, and what stays keeps its place. */
import type { Node } from "prosemirror-model";
import { Transform } from "prosemirror-transform";
import { describe, expect, it } from "vitest";
import { become } from "../engine/become.ts";
import { editSteps } from "../engine/edit.ts";
import { applyStep } from "../guard.ts";
import { doc, footnote, li, p, strong, ul, withId } from "./builders.ts";

function became(old: Node, next: Node): Transform {
  const tr = new Transform(old);
  become(tr, next);
  return tr;
}

describe("becoming", () => {
  const [a, b, c] = [withId("a", p("one two three")), withId("b", p("four five six")), withId("c", p("seven"))];

  it("replaces only the words that differ, so that a place after them is mapped", () => {
    const next = doc(withId("a", p("one 2 three")), b);
    const tr = became(doc(a, b), next);
    expect(tr.doc.eq(next)).toBe(true);
    expect(tr.steps).toHaveLength(1);
    expect(tr.mapping.mapResult(10).deleted).toBe(false);
  });

  it("takes blocks out, puts them in and moves them", () => {
    for (const next of [doc(c, a, b), doc(b), doc(withId("x", p("new")), a, withId("y", ul(li(p("z")))), c)]) {
      expect(became(doc(a, b, c), next).doc.toString()).toBe(next.toString());
    }
  });

  it("never cuts a character in two", () => {
    const [old, next] = [doc(withId("a", p("x 😀 y"))), doc(withId("a", p("x 😁 y")))];
    let given = old;
    for (const step of became(old, next).steps) given = applyStep(step, given);
    expect(given.eq(next)).toBe(true);
  });

  it("is exact for any two texts of a seeded generator", () => {
    let seed = 7;
    const random = (most: number): number => (seed = (seed * 48271) % 2147483647) % most;
    const words = (): Parameters<typeof p> => {
      const parts = Array.from({ length: 1 + random(4) }, () => ["one ", "é😀", strong("b"), footnote("n"), "عربي", "two "][random(6)]!);
      return parts as Parameters<typeof p>;
    };
    const block = (id: number): Node => (random(5) ? withId(`i${id}`, p(...words())) : withId(`i${id}`, ul(withId(`l${id}`, li(withId(`p${id}`, p(...words())))))));
    for (let run = 0; run < 300; run++) {
      const made = (): Node => {
        const ids = Array.from({ length: 8 }, (_, id) => id).sort(() => random(3) - 1);
        return doc(...ids.slice(0, 1 + random(7)).map(block));
      };
      const [old, next] = [made(), made()];
      let given = old;
      for (const step of editSteps(old, [{ op: "become", doc: next.toJSON() }])) given = applyStep(step, given);
      expect(given.eq(next)).toBe(true);
    }
  });

  it("replaces one block, and leaves the ids inside it alone", () => {
    const node = withId("a", p("one changed three")).toJSON() as unknown;
    const [step] = editSteps(doc(a, b), [{ op: "replace_block", block: "a", node }]);
    const made = applyStep(step!, doc(a, b));
    expect(made.child(0).textContent).toBe("one changed three");
    expect(made.child(0).attrs["id"]).toBe("a");
  });
});
