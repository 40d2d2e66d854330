/** The judge of the stories of editor/simulation/: it blames nobody for what a hand took out, and sees what went in silence. */
import type { Node } from "prosemirror-model";
import { EditorState, type Transaction } from "prosemirror-state";
import { describe, expect, it, vi } from "vitest";
import { tell } from "../simulation/story.ts";
import { Words } from "../simulation/words.ts";
import { br, doc, footnote, p, strong, suggested } from "./builders.ts";

// A page that never looks for what was lost when its words were put on top of those of others.
vi.mock("../room/reconcile.ts", () => ({ reconcile: () => null }));

/** The words that the change, by somebody's own hand, is taken to have taken out. */
function takenOut(start: Node, change: (tr: Transaction) => Transaction): string[] {
  const words = new Words();
  const done = change(EditorState.create({ doc: start }).tr);
  words.changed("me", start, done.doc, done, "");
  return [...words.deleted].sort();
}

const place = (start: Node, text: string): number => {
  let found = -1;
  start.descendants((node, position) => {
    const at = node.text?.indexOf(text) ?? -1;
    if (at >= 0 && found < 0) found = position + at;
  });
  return found;
};

describe("what a hand took out", () => {
  const start = doc(p("One q0001z two ", strong("q00"), "02z"), p("é", suggested("insertion", "s", "q0‏q0017z 016z")));

  it("is a word that is gone, or of which a letter is gone", () => {
    expect(takenOut(start, (tr) => tr.delete(5, 11))).toEqual(["q0001z"]);
    expect(takenOut(start, (tr) => tr.delete(9, 10))).toEqual(["q0001z"]);
    expect(takenOut(start, (tr) => tr.delete(place(start, "02z"), place(start, "02z") + 1))).toEqual(["q0002z"]);
  });

  it("is a word whose letter is gone though that of another word reads the same (seed 632)", () => {
    const at = place(start, "0‏q");
    const change = (tr: Transaction): Transaction => tr.delete(at, at + 3);
    expect(change(EditorState.create({ doc: start }).tr).doc.textContent).toContain("éq0017z 016z");
    expect(takenOut(start, change)).toEqual(["q0017z"]);
  });

  it("is no word beside which something went, came or was marked", () => {
    const at = place(start, "q0001z");
    expect(takenOut(start, (tr) => tr.delete(at - 1, at))).toEqual([]);
    expect(takenOut(start, (tr) => tr.delete(at + 6, at + 7).insertText("x", at, at))).toEqual([]);
    expect(takenOut(start, (tr) => tr.removeMark(0, start.content.size).split(at))).toEqual([]);
    const noted = doc(p("a", footnote("b"), br(), "q0003z"), p(br(), "q0004z c"));
    expect(takenOut(noted, (tr) => tr.delete(1, place(noted, "q0003z")))).toEqual([]);
  });

  it("is no word that was moved, or written again in its place", () => {
    const at = place(start, "q0001z");
    expect(takenOut(start, (tr) => tr.insert(1, start.slice(at, at + 6).content).delete(at + 6, at + 12))).toEqual([]);
    expect(takenOut(start, (tr) => tr.insertText("q0001z", at, at + 6))).toEqual([]);
  });
});

it("sees the words that pages lose which never look for them", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const told = [];
  for (let seed = 1; seed <= 8; seed++) told.push(await tell(seed));
  expect(told.filter(({ lost }) => lost.length).length).toBeGreaterThan(4);
  expect(told.reduce((sum, { lost }) => sum + lost.length, 0)).toBeGreaterThan(10);
}, 60_000);
