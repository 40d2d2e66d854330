/** Hash, canonical form, ids, offsets, guard: what both sides must do alike. */
import { createHash } from "node:crypto";
import { Slice } from "prosemirror-model";
import { EditorState, TextSelection } from "prosemirror-state";
import { AddMarkStep, ReplaceStep } from "prosemirror-transform";
import { describe, expect, it } from "vitest";
import { canonical } from "../canonical.ts";
import { applyStep, checkDocument } from "../guard.ts";
import { documentHash } from "../hash.ts";
import { faultyId, withIds } from "../ids.ts";
import { blockText, offsetAt, positionAt } from "../offsets.ts";
import { guard } from "../plugins/guard.ts";
import { ids } from "../plugins/ids.ts";
import { splitBlock } from "prosemirror-commands";
import { schema } from "../schema.ts";
import { digest, hex, utf8 } from "../sha256.ts";
import { doc, footnote, li, p, strong, ul, withId } from "./builders.ts";

describe("the hash", () => {
  it("is SHA-256 for texts of every length around a block", () => {
    for (let length = 0; length < 200; length++) {
      const text = "aé€😀".repeat(length).slice(0, length).toWellFormed();
      expect(hex(digest(utf8(text)))).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
    }
  });

  it("changes with a mark, an attribute and the order of blocks, not with the object", () => {
    const [a, b] = [withId("a", p("one")), withId("b", p("two"))];
    const hashes = [doc(a, b), doc(b, a), doc(withId("a", p(strong("one"))), b), doc(withId("c", p("one")), b)].map(documentHash);
    expect(new Set(hashes).size).toBe(4);
    expect(documentHash(doc(withId("a", p("one")), withId("b", p("two"))))).toBe(hashes[0]);
  });

  it("is taken of JSON whose keys are sorted at every depth", () => {
    expect(canonical({ b: [{ d: 1, c: null }], a: "“ü”", x: undefined })).toBe('{"a":"“ü”","b":[{"c":null,"d":1}]}');
  });
});

describe("ids", () => {
  const start = (...blocks: Parameters<typeof doc>) => EditorState.create({ doc: doc(...blocks), plugins: [guard(), ids()] });

  it("are repaired in a document that came without", () => {
    const twin = withId("a", p("x"));
    const repaired = withIds(schema.node("doc", null, [twin, twin, schema.node("paragraph", { id: "" })]));
    expect(faultyId(repaired)).toBeNull();
    expect(repaired.child(0).attrs["id"]).toBe("a");
  });

  it("stay with the first half of a split paragraph", () => {
    let state = start(withId("a", p("one two")));
    state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, 4)));
    splitBlock(state, (tr) => (state = state.apply(tr)));
    expect(faultyId(state.doc)).toBeNull();
    expect(state.doc.child(0).attrs["id"]).toBe("a");
  });

  it("stay with the words when Enter is pressed at the start of a paragraph", () => {
    let state = start(withId("a", p("words")));
    state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, 1)));
    splitBlock(state, (tr) => (state = state.apply(tr)));
    expect(state.doc.child(0).content.size).toBe(0);
    expect(state.doc.child(1).attrs["id"]).toBe("a");
  });

  it("stay with the paragraph that was there when its copy is pasted above it", () => {
    let state = start(withId("a", p("words")));
    state = state.apply(state.tr.insert(0, state.doc.child(0)));
    expect(state.doc.child(1).attrs["id"]).toBe("a");
    expect(faultyId(state.doc)).toBeNull();
  });
});

describe("offsets", () => {
  const block = p("one", footnote("a long note"), " two");

  it("count a footnote as one character, both ways", () => {
    expect(blockText(block)).toBe("one\ufffc two");
    for (let offset = 0; offset <= blockText(block).length; offset++) {
      const position = positionAt(block, 10, offset)!;
      expect(offsetAt(block, 10, position)).toBe(offset);
    }
  });

  it("outside the block are refused", () => {
    expect(positionAt(block, 0, 99)).toBeNull();
    expect(positionAt(block, 0, -1)).toBeNull();
  });
});

describe("the guard", () => {
  const text = doc(withId("a", p("ab😀cd")));

  it("refuses a step that ends before it begins, leaves the text or cuts a character", () => {
    for (const [from, to] of [[4, 2], [0, 99], [4, 5]] as const) {
      expect(() => applyStep(new ReplaceStep(from, to, Slice.empty), text)).toThrow();
    }
    expect(() => applyStep(new AddMarkStep(6, 2, schema.mark("strong")), text)).toThrow();
    expect(applyStep(new ReplaceStep(1, 3, Slice.empty), text).textContent).toBe("😀cd");
  });

  it("refuses nesting deeper than fifty", () => {
    let inner = p("deep");
    for (let depth = 0; depth < 30; depth++) inner = ul(li(p("x"), inner));
    expect(() => checkDocument(doc(inner))).toThrow(/deep/);
  });

  it("keeps a change that the server would refuse from being made, and says so", () => {
    const said: string[] = [];
    let state = EditorState.create({ doc: text, plugins: [guard((refusal) => said.push(refusal.code)), ids()] });
    const tr = state.tr.setNodeAttribute(0, "id", "fine");
    tr.step(new ReplaceStep(3, 4, Slice.empty));
    state = state.apply(tr);
    expect(state.doc.eq(text)).toBe(true);
    expect(said).toEqual(["surrogate"]);
  });
});
