import { readFileSync } from "node:fs";
import { EditorState } from "prosemirror-state";
import type { DecorationSet } from "prosemirror-view";
import { describe, expect, it } from "vitest";
import { guess } from "../claims/guess.ts";
import { bareNumbers } from "../claims/numbers.ts";
import { claimAt, markClaim, runsOf, selectedWords, unmarkClaim } from "../commands/claim.ts";
import { numbers, numbersKey, switchNumbers } from "../plugins/numbers.ts";
import { schema } from "../schema.ts";
import { cite, doc, footnote, h, p, table, td, tr } from "./builders.ts";
import type { Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";

type Piece = string | { cite?: string; note?: string; claim?: string; deletion?: string; words?: string };
interface Case {
  say: string;
  pieces: Piece[];
  bare: string[];
}
const CORPUS = JSON.parse(readFileSync("tests/corpus/numbers.json", "utf8")) as Case[];

function piece(one: Piece): Node[] {
  if (typeof one === "string") return [schema.text(one)];
  if (one.cite !== undefined) return [cite(one.cite)];
  if (one.note !== undefined) return [footnote(one.note)];
  const mark = one.claim !== undefined ? schema.mark("claim", { id: one.claim }) : schema.mark("deletion", { id: one.deletion });
  return [schema.text(one.words!, [mark])];
}

describe("numbers without claim or citation", () => {
  it.each(CORPUS.map((one) => [one.say, one] as const))("%s", (_say, { pieces, bare }) => {
    const block = p(...pieces.map(piece));
    const found = bareNumbers(block).map(({ start, end }) => block.textBetween(start, end));
    expect(found).toEqual(bare);
  });
});

const marksOf = (state: EditorState): string[] =>
  (numbersKey.getState(state)!.marks as DecorationSet).find().map(({ from, to }) => state.doc.textBetween(from, to));
const open = (document: Node): EditorState => EditorState.create({ doc: document, plugins: [numbers()] });

describe("the underline", () => {
  it("leaves headings and tables alone", () => {
    const state = open(doc(h(1, "40 cases"), table("t", tr(td(p("50")))), p("60 people")));
    expect(marksOf(state)).toEqual(["60"]);
  });

  it("goes when the words are cited or claimed, and comes back", () => {
    let state = open(doc(p("One."), p("Some 60 people")));
    const cited = state.apply(state.tr.insert(state.doc.content.size - 1, cite("a")));
    expect(marksOf(cited)).toEqual([]);
    state = state.apply(state.tr.addMark(6, 19, schema.mark("claim", { id: "c" })));
    expect(marksOf(state)).toEqual([]);
    expect(marksOf(state.apply(state.tr.removeMark(6, 19, schema.mark("claim", { id: "c" }))))).toEqual(["60"]);
  });

  it("is the same after any edits as if the text were looked at anew", () => {
    let seed = 11;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let run = 0; run < 60; run++) {
      let state = open(doc(p("Some 40 and 50. "), p("In 2020, 7 % of 9"), h(1, "8"), p("x")));
      for (let edit = 0; edit < 12; edit++) {
        const size = state.doc.content.size;
        const blocks: number[] = [];
        state.doc.descendants((node, at) => void (node.isTextblock && blocks.push(at)));
        const at = blocks[random(blocks.length)]! + 1;
        const end = at + state.doc.nodeAt(at - 1)!.content.size;
        const from = at + random(end - at + 1);
        const step = random(5);
        const change = state.tr;
        if (step === 0) change.insertText(["3", " 12 % ", ". So ", "2021 ", "😀"][random(5)]!, from);
        else if (step === 1 && from < end) change.delete(from, Math.min(end, from + 3));
        else if (step === 2) change.split(from);
        else if (step === 3) change.insert(from, cite("a"));
        else if (from < end) change.addMark(from, end, schema.mark("claim", { id: "c" }));
        if (change.docChanged) state = state.apply(change);
        expect(size).toBeGreaterThan(0);
        expect(marksOf(state).sort()).toEqual(marksOf(open(state.doc)).sort());
      }
    }
  });

  it("can be switched off", () => {
    const state = open(doc(p("Some 60 people")));
    const off = state.apply(switchNumbers(state.tr, false));
    expect(marksOf(off)).toEqual([]);
    expect(marksOf(off.apply(off.tr.insertText("70 ", 1)))).toEqual([]);
    expect(marksOf(off.apply(switchNumbers(off.tr, true)))).toEqual(["60"]);
  });
});

describe("a claim's mark", () => {
  it("covers the selection, may overlap another, and is taken away everywhere", () => {
    let state = EditorState.create({ doc: doc(p("Forty people paid"), p("Again forty")) });
    const dispatch = (change: typeof state.tr): void => void (state = state.apply(change));
    state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, 1, 6)));
    expect(selectedWords(state)?.words).toBe("Forty");
    markClaim("one")(state, dispatch);
    markClaim("two", { from: 3, to: 13 })(state, dispatch);
    markClaim("one", { from: 20, to: 25 })(state, dispatch);
    expect(runsOf(state.doc, "one")).toEqual([{ from: 1, to: 6 }, { from: 20, to: 25 }]);
    expect(claimAt(state)).toBe("one");
    unmarkClaim("one")(state, dispatch);
    expect(runsOf(state.doc, "one")).toEqual([]);
    expect(runsOf(state.doc, "two")).toEqual([{ from: 3, to: 13 }]);
    expect(state.doc.textContent).toBe("Forty people paidAgain forty");
  });

  it("needs words of one paragraph", () => {
    const state = EditorState.create({ doc: doc(p("One"), p("Two")) });
    expect(selectedWords(state)).toBeNull();
    expect(selectedWords(state.apply(state.tr.setSelection(TextSelection.create(state.doc, 2, 7))))).toBeNull();
  });
});

describe("what selected words say", () => {
  it.each([
    ["€10–20 million in 2023", { value: "10000000", value_to: "20000000", currency: "EUR", unit: "", year: "2023" }],
    ["some 120,000 people", { value: "120000", value_to: "", currency: "", unit: "people", year: "" }],
    ["40 per cent of recruits", { value: "40", value_to: "", currency: "", unit: "%", year: "" }],
    ["1.1 million euros", { value: "1100000", value_to: "", currency: "EUR", unit: "", year: "" }],
    ["USD 3 billion", { value: "3000000000", value_to: "", currency: "USD", unit: "", year: "" }],
    ["in 2019", { value: "", value_to: "", currency: "", unit: "", year: "2019" }],
    ["nothing at all", { value: "", value_to: "", currency: "", unit: "", year: "" }],
  ])("%s", (words, expected) => expect(guess(words)).toEqual(expected));
});
