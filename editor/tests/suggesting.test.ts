/** Suggesting mode: what it makes of changes, and that both ways out of a suggestion are true. */
import { toggleMark } from "prosemirror-commands";
import { collab, receiveTransaction } from "prosemirror-collab";
import { history, undo } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { type Command, EditorState, TextSelection } from "prosemirror-state";
import { CellSelection, mergeCells, tableEditing } from "prosemirror-tables";
import { describe, expect, it } from "vitest";
import { setHeading, toggleList } from "../commands/blocks.ts";
import { splitBlockPlain } from "../commands/split.ts";
import { joinBackward, splitBlock } from "prosemirror-commands";
import { ids } from "../plugins/ids.ts";
import { schema } from "../schema.ts";
import { pending, touched } from "../suggesting/list.ts";
import { asSuggestion } from "../suggesting/change.ts";
import { asPasted, asTyped, modeOf, suggesting } from "../suggesting/mode.ts";
import { resolveSuggestions } from "../suggestions.ts";
import { doc, h, p, strong, suggested, table, td, tr } from "./builders.ts";
import { prove, proveTakenBack, proveTogether, type Tally } from "./suggesting.ts";

function at(document: Node, from: number, to = from, mine: string[] = []): EditorState {
  const plugins = [collab({ clientID: "me" }), history(), tableEditing(), suggesting({ on: true, mine }), ids()];
  return EditorState.create({ doc: document, selection: TextSelection.create(document, from, to), plugins });
}
const act = (state: EditorState, command: Command): EditorState => {
  let next = state;
  command(state, (tr) => (next = state.apply(asSuggestion(state, tr))));
  return next;
};
const type = (state: EditorState, text: string): EditorState => act(state, ({ tr }, dispatch) => (dispatch?.(tr.insertText(text)), true));
const cut = (state: EditorState, from: number, to: number): EditorState => act(state, ({ tr }, dispatch) => (dispatch?.(tr.delete(from, to)), true));

/** `old` between [-…-], new between {+…+}, forms in ‹›. */
function shown(node: Node): string {
  if (!node.isText) {
    const inner = node.children.map(shown).join("");
    const marks = node.marks.map((mark) => (mark.attrs["was"] ? `‹${JSON.stringify(mark.attrs["was"])}›` : mark.type.name)).join("");
    return node.type.name === "doc" ? node.children.map(shown).join("|") : marks + inner;
  }
  return node.marks.reduce((text, { type: { name } }) => (name === "insertion" ? `{+${text}+}` : name === "deletion" ? `[-${text}-]` : name === "modification" ? `‹${text}›` : text), node.text!);
}

describe("suggesting", () => {
  it("marks what is typed, letter by letter, as one suggestion", () => {
    let state = at(doc(p("one two")), 4);
    for (const letter of " more") state = type(state, letter);
    expect(shown(state.doc)).toBe("one{+ more+} two");
    expect(pending(state.doc)).toMatchObject([{ after: "more", before: "" }]);
    expect(state.selection.from).toBe(9);
  });

  it("strikes out what is deleted and steps before it, or behind it after Delete", () => {
    const back = cut(at(doc(p("word")), 4), 3, 4);
    expect([shown(back.doc), back.selection.from]).toEqual(["wo[-r-]d", 3]);
    const again = cut(back, 2, 3);
    expect(shown(again.doc)).toBe("w[-or-]d");
    expect(pending(again.doc)).toHaveLength(1);
    const forward = cut(at(doc(p("word")), 2), 2, 3);
    expect([shown(forward.doc), forward.selection.from]).toEqual(["w[-o-]rd", 3]);
  });

  it("replaces: the old words first, the new ones after", () => {
    const state = type(at(doc(p("old words")), 1, 4), "new");
    expect(shown(state.doc)).toBe("[-old-]{+new+} words");
    expect(state.selection.from).toBe(7);
  });

  it("really deletes one's own new words, and not another's", () => {
    const text = doc(p("a", suggested("insertion", "mine", "xyz"), suggested("insertion", "other", "abc")));
    expect(shown(cut(at(text, 3, 3, ["mine"]), 3, 6).doc)).toBe("a{+x+}[-{+a+}-]{+bc+}");
  });

  it("says which looks and which form changed, and takes them back", () => {
    const bold = act(at(doc(p("some words")), 1, 5), toggleMark(schema.marks["strong"]!));
    expect(pending(bold.doc)[0]).toMatchObject({ forms: ["+strong"], words: "some" });
    expect(pending(act(bold, toggleMark(schema.marks["strong"]!)).doc)).toEqual([]);
    const heading = act(at(doc(p("Title")), 2), setHeading(2));
    expect(shown(heading.doc)).toBe('‹{"type":"paragraph","attrs":{}}›Title');
    expect(resolveSuggestions(heading.doc, { "*": "reject" }).child(0).type.name).toBe("paragraph");
    const named = act(at(doc(table("Flows", tr(td(p("x"))))), 4), ({ tr }, dispatch) => (dispatch?.(tr.setNodeAttribute(0, "caption", "Flows by year")), true));
    expect(pending(named.doc)[0]!.details).toEqual([{ node: "table", name: "caption", before: "Flows", after: "Flows by year" }]);
    const deeper = act(heading, setHeading(3));
    expect(deeper.doc.child(0).marks).toHaveLength(1);
    expect(resolveSuggestions(deeper.doc, { "*": "reject" }).child(0).type.name).toBe("paragraph");
  });

  it("keeps a paragraph's words when it is split or joined", () => {
    const split = act(at(doc(p("onetwo")), 4), splitBlock);
    expect(shown(split.doc)).toBe('one|‹{"edge":"split"}›two');
    expect(split.selection.$from.parent.textContent).toBe("two");
    expect(shown(resolveSuggestions(split.doc, { "*": "reject" }))).toBe("onetwo");
    const joined = act(at(doc(p("one"), p("two")), 6), joinBackward);
    expect(shown(joined.doc)).toBe('one|‹{"edge":"join"}›two');
    expect(shown(resolveSuggestions(joined.doc, { "*": "accept" }))).toBe("onetwo");
    expect(shown(act(split, joinBackward).doc)).toBe("onetwo");
  });

  it("puts words in a list around and takes them out without a word struck", () => {
    const listed = act(at(doc(p("one"), p("two")), 2, 7), toggleList("bullet_list"));
    expect(listed.doc.textContent).toBe("onetwo");
    expect(resolveSuggestions(listed.doc, { "*": "reject" }).toString()).toBe('doc(paragraph("one"), paragraph("two"))');
    expect(resolveSuggestions(listed.doc, { "*": "accept" }).toString()).toBe('doc(bullet_list(list_item(paragraph("one")), list_item(paragraph("two"))))');
  });

  it("follows a heading with a paragraph that is new", () => {
    const state = act(at(doc(h(1, "Title")), 6), splitBlockPlain);
    expect(state.doc.child(1).marks[0]!.type.name).toBe("insertion");
    expect(shown(type(state, "words").doc)).toBe("Title|insertionwords");
  });

  it("refuses to merge cells, with a reason of its own", () => {
    const state = at(doc(table("", tr(td(p("a")), td(p("b"))), tr(td(p("c")), td(p("d"))))), 4);
    const cells = state.apply(state.tr.setSelection(CellSelection.create(state.doc, 2, 7)));
    expect(() => act(cells, mergeCells)).toThrow(expect.objectContaining({ code: "suggest_cells" }));
  });

  it("leaves alone what others do and what is undone", () => {
    const state = type(at(doc(p("one")), 4), "!");
    const undone = act(state, undo);
    expect(shown(undone.doc)).toBe("one");
    const other = EditorState.create({ doc: state.doc }).tr.insertText("x", 1);
    const received = receiveTransaction(at(state.doc, 1), other.steps, ["them"]);
    expect(asSuggestion(at(state.doc, 1), received)).toBe(received);
  });

  it("does not hide what is typed between struck words, nor give it another's name", () => {
    const text = doc(p(suggested("deletion", "other", "gone")), p(suggested("insertion", "theirs", "new")));
    expect(shown(type(at(text, 3), "x").doc.child(0))).toBe("[-go-]{+x+}[-ne-]");
    const inside = type(at(text, 8), "y").doc.child(1);
    expect(inside.child(1).marks).toHaveLength(1);
    expect(inside.child(1).marks[0]!.attrs["id"]).not.toBe("theirs");
  });

  it("makes words typed while editing nobody's suggestion, and pasted ones neither", () => {
    const text = doc(p(suggested("deletion", "s", "gone"), suggested("insertion", "t", "new")));
    const state = at(text, 3);
    expect(shown(state.apply(asTyped(state.tr.insertText("x"))).doc)).toBe("[-go-]x[-ne-]{+new+}");
    const inside = at(text, 7);
    expect(shown(inside.apply(asTyped(inside.tr.insertText("y"))).doc)).toBe("[-gone-]{+ne+}y{+w+}");
    expect(asPasted(text.slice(1, 8)).content.textBetween(0, 3)).toBe("new");
  });

  it("knows what the cursor or the selection touches", () => {
    const text = doc(p("a", suggested("insertion", "s", "b"), "c", suggested("deletion", "t", "d")));
    expect([touched(text, 3, 3), touched(text, 1, 6), touched(text, 1, 2)]).toEqual([["s"], ["s", "t"], []]);
    expect(modeOf(at(text, 1)).on).toBe(true);
  });

  it("keeps the looks of what stood there when new words are bold", () => {
    const state = type(at(doc(p(strong("bold"))), 3), "x");
    expect(state.doc.child(0).child(1).marks.map((mark) => mark.type.name)).toEqual(["strong", "insertion"]);
  });
});

describe("both ways out of a suggestion are true", () => {
  const [seeds, pairs] = [Number(process.env["SEEDS"] ?? 700), Number(process.env["SEEDS"] ?? 120)];

  it(`over ${seeds} random changes`, () => {
    const tally: Tally = { changes: 0, refused: 0, struck: 0 };
    for (let seed = 1; seed <= seeds; seed++) prove(seed, tally);
    expect(tally.changes).toBeGreaterThan(seeds / 2);
    expect(tally.refused).toBe(0);
    // Mostly without striking out and saying anew what nobody changed.
    expect(tally.struck / tally.changes).toBeLessThan(0.2);
  }, 60_000 + seeds * 100);

  it(`and over ${pairs} stories of two people, decided one by one`, () => {
    const tally: Tally = { changes: 0, refused: 0, struck: 0 };
    for (let seed = 1; seed <= pairs; seed++) proveTogether(seed, tally);
    expect(tally.refused / tally.changes).toBeLessThan(0.1);
  }, 60_000 + pairs * 500);
});

describe("a decision taken back", () => {
  const seeds = Number(process.env["SEEDS"] ?? 300);

  it("leaves the text as it was before, whatever was suggested", () => {
    let done = 0;
    for (let seed = 1; seed <= seeds; seed++) done += Number(proveTakenBack(seed, false));
    expect(done).toBeGreaterThan(seeds / 2);
  }, 60_000 + seeds * 100);

  it("keeps what somebody else has written since, or is refused", () => {
    let done = 0;
    for (let seed = 1; seed <= seeds; seed++) done += Number(proveTakenBack(seed, true));
    expect(done).toBeGreaterThan(seeds / 6);
  }, 60_000 + seeds * 100);
});
