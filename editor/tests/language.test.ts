/** Typing that turns into something, tables' headers and travel, leaving blocks, and what plain typing is. */
import { history } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import type { Node } from "prosemirror-model";
import { type Command, EditorState, type Plugin, Selection, TextSelection } from "prosemirror-state";
import { CellSelection, tableEditing } from "prosemirror-tables";
import { describe, expect, it } from "vitest";
import { leaveBlock } from "../commands/insert.ts";
import { columnAfter, columnBefore, nextCell, rowAfter, rowBefore, scopeOf, setScope, toggleHeader, toggleHeaderColumn, toggleHeaderRow } from "../commands/table.ts";
import { checkContent } from "../guard.ts";
import { isPlainTyping } from "../plain-edit.ts";
import { rules } from "../plugins/rules.ts";
import { match } from "../plugins/suggest.ts";
import { schema } from "../schema.ts";
import { callout, cite, doc, footnote, h, p, table, td, th, tr } from "./builders.ts";

const state = (document: Node, position?: number, plugins: Plugin[] = []): EditorState =>
  EditorState.create({
    doc: document,
    selection: position === undefined ? Selection.atEnd(document) : TextSelection.create(document, position),
    plugins,
  });

/** Types as a browser does: a plugin may take a letter over. */
function type(document: Node, text: string, position?: number): { now: EditorState; send: (command: Command) => boolean } {
  const rule = rules();
  let now = state(document, position, [rule, history()]);
  const view = {
    get state() {
      return now;
    },
    composing: false,
    dispatch: (tr: EditorState["tr"]) => (now = now.apply(tr)),
  };
  for (const letter of text) {
    const { from, to } = now.selection;
    const insert = (): EditorState["tr"] => now.tr.insertText(letter, from, to);
    if (!rule.props.handleTextInput!.call(rule, view as never, from, to, letter, insert as never)) now = now.apply(insert());
    checkContent(now.doc);
  }
  return {
    get now() {
      return now;
    },
    send: (command) => command(now, (tr) => (now = now.apply(tr))),
  };
}

const marks = (node: Node): string => node.marks.map((mark) => mark.type.name).join("+");
const shape = (node: Node): string =>
  node.isText ? (node.marks.length ? `${marks(node)}[${node.text!}]` : node.text!) : `${node.type.name}(${node.children.map(shape).join(",")})`;
const typed = (text: string): string => shape(type(doc(p()), text).now.doc);

describe("typing", () => {
  it("turns signs around words into their form", () => {
    expect(typed("a **bold** b")).toBe("doc(paragraph(a ,strong[bold], b))");
    expect(typed("(_slanted words_)")).toBe("doc(paragraph((,em[slanted words],)))");
    expect(typed("H~2~O and m^2^.")).toBe("doc(paragraph(H,subscript[2],O and m,superscript[2],.))");
    expect(typed("**a** **b**")).toBe("doc(paragraph(strong[a], ,strong[b]))");
  });

  it("leaves signs alone that mean themselves", () => {
    for (const text of ["snake_case_name", "2 ** 3 ** 4", "_ a _", "a * b * c", "x^", "~5 ~6 m"]) {
      expect(typed(text)).toBe(`doc(paragraph(${text}))`);
    }
  });

  it("makes headings, lists, quotations, dashes and dots, and takes one back", () => {
    expect(typed("## x")).toBe("doc(heading(x))");
    expect(typed("- x")).toBe("doc(bullet_list(list_item(paragraph(x))))");
    expect(typed("3. x")).toBe("doc(ordered_list(list_item(paragraph(x))))");
    expect(typed("> x")).toBe("doc(block_quote(paragraph(x)))");
    expect(typed("a -- b... ---")).toBe("doc(paragraph(a – b… ---))");
    const typing = type(doc(p()), "**x**");
    expect(typing.send(undoInputRule)).toBe(true);
    expect(typing.now.doc.textContent).toBe("**x**");
  });

  it("opens a note, and makes a link of an address without the full stop behind it", () => {
    expect(typed("word[^note")).toBe("doc(paragraph(word,footnote(note)))");
    expect(typed("see https://example.org/a#:~:text=fee. Now")).toBe("doc(paragraph(see ,link[https://example.org/a#:~:text=fee],. Now))");
  });

  it("counts right behind a note and a citation", () => {
    expect(shape(type(doc(p("a", footnote("note"), cite("x"), " ")), "**b**").now.doc)).toBe("doc(paragraph(a,footnote(note),citation(), ,strong[b]))");
  });

  it("opens lists for two-letter triggers too", () => {
    expect(match(state(doc(p("see [[tab"))), "[[")).toEqual({ from: 5, query: "tab" });
    expect(match(state(doc(p("see [tab"))), "[[")).toBeNull();
  });
});

const grid = (): Node => doc(table("", tr(td(p("a")), td(p("b"))), tr(td(p("c")), td(p("d")))));
const scopes = (document: Node): string[][] => document.child(0).children.map((row) => row.children.map((cell) => String(cell.attrs["scope"] ?? "-")));
function after(from: EditorState, command: Command): EditorState {
  let next = from;
  expect(command(from, (transaction) => (next = from.apply(transaction)))).toBe(true);
  checkContent(next.doc);
  return next;
}

describe("tables", () => {
  it("say what new headers head and leave what somebody chose", () => {
    const top = after(state(grid(), 4), toggleHeaderRow);
    expect(scopes(top.doc)).toEqual([["col", "col"], ["-", "-"]]);
    const chosen = after(top, setScope("colgroup"));
    const both = after(chosen, toggleHeaderColumn);
    expect(scopes(both.doc)).toEqual([["colgroup", "col"], ["row", "-"]]);
    expect(scopes(after(state(grid(), 16), toggleHeader).doc)).toEqual([["-", "-"], ["row", "-"]]);
  });

  it("give the headers of a new row or column the scope of those beside them", () => {
    const headed = after(after(state(grid(), 4), toggleHeaderRow), toggleHeaderColumn);
    expect(scopes(after(state(headed.doc), nextCell).doc)).toEqual([["col", "col"], ["row", "-"], ["row", "-"]]);
    for (const [command, at] of [[rowAfter, 4], [rowBefore, 16]] as const) {
      expect(scopes(after(state(headed.doc, at), command).doc)).toEqual([["col", "col"], ["row", "-"], ["row", "-"]]);
    }
    for (const [command, at] of [[columnAfter, 4], [columnBefore, 9], [columnAfter, 9]] as const) {
      expect(scopes(after(state(headed.doc, at), command).doc)).toEqual([["col", "col", "col"], ["row", "-", "-"]]);
    }
    const grouped = after(state(headed.doc, 16), setScope("rowgroup"));
    expect(scopes(after(grouped, rowAfter).doc)).toEqual([["col", "col"], ["rowgroup", "-"], ["rowgroup", "-"]]);
  });

  it("give every chosen cell the same scope, and take it away", () => {
    const from = state(grid(), 4, [tableEditing()]);
    const selected = from.apply(from.tr.setSelection(CellSelection.create(from.doc, 2, 14) as never));
    const grouped = after(selected, setScope("rowgroup"));
    expect(scopes(grouped.doc)).toEqual([["rowgroup", "-"], ["rowgroup", "-"]]);
    expect(scopeOf(grouped)).toBe("rowgroup");
    expect(scopes(after(grouped, setScope("")).doc)).toEqual([["-", "-"], ["-", "-"]]);
  });

  it("keep ids and spans when their scope changes", () => {
    const wide = doc(table("", tr(schema.nodes["table_header"]!.create({ id: "wide", colspan: 2, scope: "col" }, p("x"))), tr(td(p("a")), th(p("b")))));
    const cell = after(state(wide, 4), setScope("colgroup")).doc.child(0).child(0).child(0);
    expect(cell.attrs).toMatchObject({ id: "wide", colspan: 2, scope: "colgroup" });
  });

  it("are travelled by Tab, which adds a row after the last cell", () => {
    const second = after(state(grid(), 4), nextCell);
    expect(second.selection.$from.parent.textContent).toBe("b");
    const fresh = after(state(grid()), nextCell);
    expect(fresh.doc.child(0).childCount).toBe(3);
    expect(fresh.selection.$from.index(1)).toBe(2);
    expect(fresh.selection.$from.index(2)).toBe(0);
    expect(nextCell(state(doc(p("x"))))).toBe(false);
  });
});

describe("leaving a block", () => {
  it("goes to the empty paragraph after it, or makes one", () => {
    const boxed = doc(callout("note", "", p("in")), p("next"));
    const out = after(state(boxed, 3), leaveBlock);
    expect(shape(out.doc)).toBe("doc(callout(paragraph(in)),paragraph(),paragraph(next))");
    expect(out.selection.$from.index(0)).toBe(1);
    expect(shape(after(state(doc(callout("note", "", p("in")), p()), 3), leaveBlock).doc)).toBe("doc(callout(paragraph(in)),paragraph())");
    expect(leaveBlock(state(doc(p("x"))))).toBe(false);
  });
});

describe("plain typing", () => {
  const text = doc(p("some words", footnote("n"), cite("x")), h(1, "Title"), p("x"), p());
  const plain = (change: (tr: EditorState["tr"]) => EditorState["tr"]): boolean => isPlainTyping(change(state(text).tr));

  it("is words that come, go or change their form inside a paragraph that keeps some", () => {
    expect(plain((tr) => tr.insertText("!", 5))).toBe(true);
    expect(plain((tr) => tr.delete(2, 5))).toBe(true);
    expect(plain((tr) => tr.addMark(2, 5, schema.mark("strong")))).toBe(true);
  });

  it("is nothing that a number or a label could hang on", () => {
    const end = text.content.size;
    expect(plain((tr) => tr.delete(9, 14))).toBe(false);
    expect(plain((tr) => tr.insert(3, cite("y")))).toBe(false);
    expect(plain((tr) => tr.split(5))).toBe(false);
    expect(plain((tr) => tr.insertText("x", end - 1))).toBe(false);
    expect(plain((tr) => tr.delete(text.child(0).nodeSize + text.child(1).nodeSize + 1, text.child(0).nodeSize + text.child(1).nodeSize + 2))).toBe(false);
    expect(plain((tr) => tr.insertText("!", text.child(0).nodeSize + 2))).toBe(false);
    expect(plain((tr) => tr.insertText("!", 13))).toBe(false);
  });
});
