/** What was typed here, put on top of what others did: exactly, and without losing a word in silence. */
import { sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import { EditorState, type Transaction } from "prosemirror-state";
import type { Step } from "prosemirror-transform";
import { describe, expect, it } from "vitest";
import { collaboration } from "../room/connection.ts";
import { receive } from "../room/rebase.ts";
import { reconcile } from "../room/reconcile.ts";
import { schema } from "../schema.ts";
import { doc, footnote, p, strong, suggested, withId } from "./builders.ts";

const A = "aaaaaaaaaaaa";
const B = "bbbbbbbbbbbb";
const opening = (): Node => doc(withId(A, p("One two three.")), withId(B, p("Four five.")));

class Page {
  state: EditorState;
  base: Node;

  constructor(start: Node) {
    this.base = start;
    this.state = EditorState.create({ doc: start, plugins: [collaboration(0, "me")] });
  }

  mine(change: (tr: Transaction) => unknown): void {
    const tr = this.state.tr;
    change(tr);
    this.state = this.state.apply(tr);
  }

  get unsettled(): readonly Step[] {
    return sendableSteps(this.state)?.steps ?? [];
  }

  others(change: (tr: Transaction) => unknown) {
    const { tr } = EditorState.create({ doc: this.base });
    change(tr);
    const { unsettled } = this;
    const { transaction, takenBack } = receive(this.state, this.base, tr.steps, 0, unsettled);
    this.base = tr.doc;
    this.state = this.state.apply(transaction);
    return reconcile(transaction, unsettled, takenBack, tr.steps.length);
  }

  /** What the server will have once it has what is unsettled. */
  get expected(): Node {
    return this.unsettled.reduce((text, step) => step.apply(text).doc!, this.base);
  }
}

const bold = schema.mark("strong");

describe("a rebase", () => {
  it("takes a mark back from one's own words only, when it had grown over those of others", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.addMark(1, 8, bold));
    page.others((tr) => tr.insert(4, schema.text("XX", [bold])));
    page.others((tr) => tr.delete(9, 14));
    expect(page.state.doc.toString()).toBe(page.expected.toString());
    page.mine((tr) => tr.removeMark(1, 3, bold));
    page.others((tr) => tr.insertText("!", 1));
    expect(page.state.doc.eq(page.expected)).toBe(true);
  });

  it("puts words back into a mark only where they had it", () => {
    const page = new Page(doc(withId(A, p(strong("One two three.")))));
    page.mine((tr) => tr.removeMark(1, 8, bold));
    page.others((tr) => tr.replaceWith(3, 4, schema.text("plain")));
    page.others((tr) => tr.insertText("!", 1));
    expect(page.state.doc.eq(page.expected)).toBe(true);
  });

  it("keeps the order of two suggestions of one kind", () => {
    const [one] = suggested("insertion", "s1", "x")[0]!.marks;
    const start = doc(withId(A, p(...suggested("insertion", "s1", ...suggested("insertion", "s2", "both")))));
    const page = new Page(start);
    page.mine((tr) => tr.removeMark(1, 5, one));
    page.others((tr) => tr.insertText("!", 1));
    expect(page.state.doc.eq(page.expected)).toBe(true);
  });

  it("gives a footnote the mark back that was taken from it", () => {
    const note = footnote("A note");
    const start = doc(withId(A, p("One", note.mark(schema.mark("insertion", { id: "s1" }).addToSet(note.marks)), " two.")));
    const page = new Page(start);
    page.mine((tr) => tr.removeMark(1, 14, schema.marks["insertion"]));
    page.others((tr) => tr.insertText("!", 1));
    expect(page.state.doc.eq(page.expected)).toBe(true);
  });

  it("goes on with one version after the other's when a page knows some of the steps already", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.insertText("mine ", 1));
    const own = page.unsettled;
    const after = own[0]!.apply(page.base).doc!;
    const { transaction } = receive(page.state, after, own, 1, []);
    page.state = page.state.apply(transaction);
    expect(page.unsettled).toEqual([]);
    expect(page.state.doc.eq(after)).toBe(true);
  });
});

describe("words in a rebase", () => {
  it("are all there when two write in one paragraph", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.insertText(" mine", 4));
    const found = page.others((tr) => tr.insertText(" theirs", 8));
    expect(page.state.doc.textContent).toBe("One mine two theirs three.Four five.");
    expect(found).toMatchObject({ mine: "", theirs: "" });
  });

  it("are given back with their paragraph when others deleted it", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.insertText(" mine", 4));
    const found = page.others((tr) => tr.delete(0, 16));
    expect(page.state.doc.textContent).toBe("Four five.");
    expect(found?.mine).toBe("One mine two three.");
    expect(found?.both).toMatchObject([{ id: A, mine: "One mine two three.", theirs: null, parted: true }]);
  });

  it("of others are given back when they were deleted here unseen", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.delete(16, 28));
    const found = page.others((tr) => tr.insertText(" 😀 theirs", 21));
    expect(page.state.doc.textContent).toBe("One two three.");
    expect(found?.theirs).toBe("Four 😀 theirs five.");
  });

  it("are shown on both sides where a block was changed on both", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.insertText("Un", 1, 4));
    const found = page.others((tr) => tr.insertText("eins", 5, 8).insertText("!", 19));
    expect(found?.both).toMatchObject([{ id: A, mine: "Un two three.", theirs: "One eins three.", parted: false }]);
  });

  it("are known to be parted where others deleted, in a paragraph that stands, what was written into here", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.insertText(" mine", 7));
    const found = page.others((tr) => tr.delete(4, 9));
    expect(found?.mine).toBe("mine");
    expect(found?.both).toMatchObject([{ id: A, parted: true }]);
  });

  it("are known to be parted where others wrote in what was deleted here", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.delete(4, 9));
    const found = page.others((tr) => tr.insertText(" theirs", 7));
    expect(found?.both).toMatchObject([{ id: A, parted: true }]);
  });

  it("ask for nothing when each changed another block", () => {
    const page = new Page(opening());
    page.mine((tr) => tr.insertText(" mine", 4));
    expect(page.others((tr) => tr.delete(16, 28))).toBeNull();
  });
});
