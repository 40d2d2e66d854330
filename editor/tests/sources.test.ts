/** Citing what is typed after `@`, the panel's counts, and the server's merging of two sources. */
import { describe, expect, it } from "vitest";
import { EditorState, NodeSelection, TextSelection } from "prosemirror-state";
import { editSteps } from "../engine/edit.ts";
import { schema } from "../schema.ts";
import { citedIn, citeSource, citeSources, itemOf, wanted } from "../sources/cite.ts";
import type { CitationItem } from "../schema.ts";

const cite = (...keys: string[]) => schema.nodes.citation!.create({ items: keys.map((key) => itemOf(key)) });
const p = (id: string, ...content: (string | ReturnType<typeof cite>)[]) =>
  schema.nodes.paragraph!.create({ id }, content.map((each) => (typeof each === "string" ? schema.text(each) : each)));
const doc = (...blocks: ReturnType<typeof p>[]) => schema.nodes.doc!.create(null, blocks);
const keysOf = (root: ReturnType<typeof doc>): string[][] => {
  const found: string[][] = [];
  root.descendants((node) => {
    if (node.type.name === "citation") found.push((node.attrs["items"] as CitationItem[]).map(({ source }) => source));
  });
  return found;
};

describe("what is typed after @", () => {
  it.each([
    ["unodc 2024", "unodc 2024", ""],
    ["unodc 2024, p. 12", "unodc 2024", "p. 12"],
    ["unodc,12-14, 20", "unodc", "12-14, 20"],
    [", p. 1", ", p. 1", ""],
    ["", "", ""],
  ])("%s asks for a source and its place", (query, words, locator) => {
    expect(wanted(query)).toEqual({ words, locator });
  });
});

describe("citing", () => {
  const start = doc(p("aaaaaaaaaaaa", "One two"));
  const at = (state: EditorState, position: number) => state.apply(state.tr.setSelection(TextSelection.create(state.doc, position)));

  it("puts the source where the cursor is, with its place", () => {
    let state = at(EditorState.create({ doc: start }), 4);
    citeSource("unodc2024", "p. 12")(state, (tr) => (state = state.apply(tr)));
    expect(state.doc.nodeAt(4)!.attrs["items"]).toEqual([{ source: "unodc2024", locator: "p. 12", prefix: "", suffix: "" }]);
    expect(state.selection.from).toBe(5);
  });

  it("adds to the citation that is selected, and never twice", () => {
    const given = doc(p("aaaaaaaaaaaa", "One ", cite("a")));
    let state = EditorState.create({ doc: given });
    state = state.apply(state.tr.setSelection(NodeSelection.create(state.doc, 5)));
    citeSources([itemOf("b"), itemOf("a")])(state, (tr) => (state = state.apply(tr)));
    expect(keysOf(state.doc)).toEqual([["a", "b"]]);
    expect(state.selection).toBeInstanceOf(NodeSelection);
    expect(citeSource("a")(state)).toBe(false);
  });

  it("does nothing with nothing", () => expect(citeSources([])(EditorState.create({ doc: start }))).toBe(false));

  it("takes no more than a citation may hold", () => {
    const many = Array.from({ length: 40 }, (_, n) => itemOf(`k${n}`));
    let state = at(EditorState.create({ doc: start }), 4);
    citeSources(many)(state, (tr) => (state = state.apply(tr)));
    expect(keysOf(state.doc)[0]).toHaveLength(30);
  });

  it("counts what a text cites, notes included", () => {
    const note = schema.nodes.footnote!.create({ id: "bbbbbbbbbbbb" }, [schema.text("see "), cite("a", "b")]);
    const given = doc(p("aaaaaaaaaaaa", "One ", cite("b"), " two ", note));
    expect([...citedIn(given)]).toEqual([["b", 2], ["a", 1]]);
  });
});

describe("merging two sources", () => {
  const merged = (given: ReturnType<typeof doc>) => {
    let result = given;
    for (const step of editSteps(given, [{ op: "cite_instead", from: "old", to: "new" }])) result = step.apply(result).doc!;
    return result;
  };

  it("rewrites every citation and leaves the others", () => {
    const given = doc(p("aaaaaaaaaaaa", cite("old"), " x ", cite("other")), p("bbbbbbbbbbbb", cite("other", "old")));
    expect(keysOf(merged(given))).toEqual([["new"], ["other"], ["other", "new"]]);
  });

  it("cites once what would be there twice with the same words, and twice what has other words", () => {
    const page = { ...itemOf("old"), locator: "p. 3" };
    const two = schema.nodes.citation!.create({ items: [itemOf("new"), page] });
    expect(keysOf(merged(doc(p("aaaaaaaaaaaa", cite("new", "old")), p("bbbbbbbbbbbb", two))))).toEqual([["new"], ["new", "new"]]);
  });

  it("makes no step where nothing cites it", () => {
    expect(editSteps(doc(p("aaaaaaaaaaaa", cite("other"))), [{ op: "cite_instead", from: "old", to: "new" }])).toEqual([]);
  });
});
