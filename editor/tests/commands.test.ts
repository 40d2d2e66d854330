/** Commands, one by one, on small documents. */
import { type Command, EditorState, Selection, TextSelection } from "prosemirror-state";
import type { Node } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import { blockStyle, setHeading, setParagraph, toggleList, toggleQuote } from "../commands/blocks.ts";
import { arrow, guardEdge, leaveFootnote } from "../commands/footnote.ts";
import { buildTable, insertBlock, insertCitation, insertFootnote, insertWrapper } from "../commands/insert.ts";
import { liftContent } from "../commands/lift-content.ts";
import { directionOf, setMark } from "../commands/marks.ts";
import { splitBlockPlain } from "../commands/split.ts";
import { toggleHeaderColumn } from "../commands/table.ts";
import { moveColumnBack, moveColumnOn, moveRowDown, moveRowUp } from "../commands/table-move.ts";
import { addressees } from "../dialogs/attributes.ts";
import { quote } from "../dialogs/comment.ts";
import { match } from "../plugins/suggest.ts";
import { schema } from "../schema.ts";
import { unsavedWords, wordsOf } from "../room/unsaved.ts";
import { collaboration } from "../room/connection.ts";
import { callout, cite, doc, figure, footnote, h, li, ol, p, table, td, th, tr, ul } from "./builders.ts";

/** A state with the selection at `from`–`to`, or at the end. */
function at(document: Node, from?: number, to = from): EditorState {
  const selection = from === undefined ? Selection.atEnd(document) : TextSelection.create(document, from, to);
  return EditorState.create({ doc: document, selection, plugins: [collaboration(0, "me")] });
}

function after(state: EditorState, command: Command): EditorState {
  let next = state;
  expect(command(state, (transaction) => (next = state.apply(transaction)))).toBe(true);
  return next;
}

const shape = (node: Node): string => (node.isText ? node.text! : `${node.type.name}(${node.children.map(shape).join(",")})`);

describe("paragraphs", () => {
  it("become headings and say what they are", () => {
    const state = after(at(doc(p("x"))), setHeading(3));
    expect(blockStyle(state)).toBe("heading-3");
  });

  it("stay the blocks they were: comments and comparisons know them by their ids", () => {
    const block = schema.node("paragraph", { id: "kept" }, schema.text("x"));
    const heading = after(at(doc(block)), setHeading(2));
    expect(heading.doc.firstChild!.attrs).toMatchObject({ id: "kept", level: 2 });
    expect(after(heading, setParagraph).doc.firstChild!.attrs["id"]).toBe("kept");
  });

  it("become lists, other lists, and paragraphs again", () => {
    const bullets = after(at(doc(p("x"))), toggleList("bullet_list"));
    expect(shape(bullets.doc)).toBe("doc(bullet_list(list_item(paragraph(x))))");
    const numbers = after(bullets, toggleList("ordered_list"));
    expect(shape(numbers.doc)).toBe("doc(ordered_list(list_item(paragraph(x))))");
    expect(shape(after(numbers, toggleList("ordered_list")).doc)).toBe("doc(paragraph(x))");
  });

  it("are quoted and unquoted", () => {
    const quoted = after(at(doc(p("x"))), toggleQuote);
    expect(shape(quoted.doc)).toBe("doc(block_quote(paragraph(x)))");
    expect(shape(after(quoted, toggleQuote).doc)).toBe("doc(paragraph(x))");
  });

  it("follow a heading and a figure's caption after Enter", () => {
    expect(shape(after(at(doc(h(1, "x"))), splitBlockPlain).doc)).toBe("doc(heading(x),paragraph())");
    expect(shape(after(at(doc(figure("a", "b", "caption"))), splitBlockPlain).doc)).toBe("doc(figure(caption),paragraph())");
  });
});

describe("inserting", () => {
  it("takes the place of an empty paragraph and leaves one to write on", () => {
    expect(shape(after(at(doc(p("x"), p())), insertBlock(figure("a", "b"))).doc)).toBe("doc(paragraph(x),figure(),paragraph())");
  });

  it("wraps what is selected where that may be wrapped", () => {
    const state = after(at(doc(p("one"), p("two")), 2, 7), insertWrapper("callout", { kind: "risk", title: "" }));
    expect(shape(state.doc)).toBe("doc(callout(paragraph(one),paragraph(two)))");
    expect(shape(after(state, liftContent(0)).doc)).toBe("doc(paragraph(one),paragraph(two))");
  });

  it("puts a note or a source after the selected words and keeps them", () => {
    const state = after(at(doc(p("word"))), insertCitation([{ source: "a", locator: "", prefix: "", suffix: "" }]));
    expect(shape(state.doc)).toBe("doc(paragraph(word,citation()))");
    const noted = after(at(doc(p("word")), 1, 5), insertFootnote);
    expect(shape(noted.doc)).toBe("doc(paragraph(word,footnote()))");
    expect(noted.selection.$from.parent.type.name).toBe("footnote");
  });

  it("builds tables whose headers say what they head", () => {
    const built = buildTable({ rows: 2, columns: 2, caption: "C", headerRow: true, headerColumn: true });
    const scopes = built.children.map((row) => row.children.map((cell) => String(cell.attrs["scope"] ?? "-")));
    expect(scopes).toEqual([["col", "col"], ["row", "-"]]);
  });

  it("gives the first column the scope of rows", () => {
    const state = after(at(doc(table("", tr(td(p("a")), td(p("b"))), tr(td(p("c")), td(p("d"))))), 4), toggleHeaderColumn);
    const first = state.doc.child(0).children.map((row) => row.child(0));
    expect(first.map((cell) => [cell.type.name, cell.attrs["scope"]])).toEqual([["table_header", "col"], ["table_header", "row"]]);
  });
});

describe("footnotes", () => {
  const noted = doc(p("ab", footnote("note"), "cd"));

  it("are entered and left by arrows and left by Enter", () => {
    const inside = after(at(noted, 3), arrow("right"));
    expect(inside.selection.from).toBe(4);
    expect(after(at(noted, 8), arrow("right")).selection.from).toBe(9);
    expect(after(at(noted, 4), arrow("left")).selection.from).toBe(3);
    expect(after(inside, leaveFootnote).selection.from).toBe(9);
  });

  it("are not torn open at their edges, and go when they are empty", () => {
    expect(shape(after(at(noted, 4), guardEdge("start")).doc)).toBe(shape(noted));
    expect(shape(after(at(doc(p("ab", footnote())), 4), guardEdge("start")).doc)).toBe("doc(paragraph(ab))");
    expect(guardEdge("start")(at(noted, 5))).toBe(false);
  });
});

describe("marks with values", () => {
  it("are set on the selection, found from inside, and removed whole", () => {
    const linked = after(at(doc(p("a word here")), 3, 7), setMark("link", { href: "https://example.org/" }));
    const inside = linked.apply(linked.tr.setSelection(TextSelection.create(linked.doc, 5)));
    expect(shape(after(inside, setMark("link", null)).doc)).toBe("doc(paragraph(a word here))");
  });

  it("know which scripts run from right to left", () => {
    expect(["ar", "fa-AF", "he", "fr", "arn"].map(directionOf)).toEqual(["rtl", "rtl", "rtl", "ltr", "ltr"]);
  });
});

describe("what is quoted for a comment", () => {
  it("is the selection with its context, or the whole block", () => {
    const text = doc(p("Recruiters promise", footnote("n"), " work"));
    expect(quote(at(text, 1, 11))).toMatchObject({ start: 0, end: 10, quotation: "Recruiters", prefix: "", suffix: " promise\ufffc work" });
    expect(quote(at(text, 3))).toMatchObject({ start: 0, end: 24 });
  });

  it("ends with the block it began in", () => {
    expect(quote(at(doc(p("one"), p("two")), 2, 8))).toMatchObject({ start: 1, end: 3, quotation: "ne" });
  });
});

describe("a trigger while typing", () => {
  it("opens at the start of a word only", () => {
    expect(match(at(doc(p("see @uno"))), "@")).toEqual({ from: 5, query: "uno" });
    expect(match(at(doc(p("/tab"))), "/")).toEqual({ from: 1, query: "tab" });
    expect(match(at(doc(p("mail@example"))), "@")).toBeNull();
    expect(match(at(doc(p("and/or"))), "/")).toBeNull();
    expect(match(at(doc(p("@ "))), "@")).toBeNull();
  });

  it("is not opened by what stands before a citation", () => {
    expect(match(at(doc(p("@a", cite("x"), "b"))), "@")).toBeNull();
  });
});

describe("words that were not saved", () => {
  it("are the paragraphs that were typed in", () => {
    let state = at(doc(p("old"), p("untouched"), ul(li(p("item"))), callout("note", "", p("in"))), 4);
    state = state.apply(state.tr.insertText(" new"));
    state = state.apply(state.tr.insertText("!", state.doc.content.size - 2));
    expect(unsavedWords(state)).toBe("old new\n\nin!");
  });

  it("are found in the steps alone when they fit nowhere", () => {
    const state = at(doc(p("x"), ol(li(p("y")))), 2);
    expect(wordsOf(state.tr.insertText("lost words").steps)).toBe("lost words");
  });
});


describe("rows and columns", () => {
  const body = (): Node => doc(table("", tr(td(p("a")), td(p("b"))), tr(td(p("c")), td(p("d"))), tr(td(p("e")), td(p("f")))));
  const words = ({ doc }: EditorState): string => doc.firstChild!.children.map((row) => row.textContent).join(" ");
  const inside = (document: Node, word: string): EditorState => {
    let found = 0;
    document.descendants((node, position) => void (node.isText && node.text === word && (found = position)));
    return at(document, found + 1);
  };

  it("change places with their neighbour, the cursor and the ids with them", () => {
    const state = inside(body(), "d");
    const id = state.selection.$head.parent.attrs["id"] as string;
    for (const [command, expected] of [[moveRowUp, "cd ab ef"], [moveRowDown, "ab ef cd"], [moveColumnBack, "ba dc fe"]] as const) {
      const next = after(state, command);
      expect(words(next)).toBe(expected);
      expect([next.selection.$head.parent.textContent, next.selection.$head.parent.attrs["id"]]).toEqual(["d", id]);
      next.doc.check();
    }
    expect(words(after(inside(body(), "a"), moveColumnOn))).toBe("ba dc fe");
  });

  it("stop at the edge and outside of tables", () => {
    expect([moveRowUp(inside(body(), "a")), moveColumnBack(inside(body(), "a"))]).toEqual([false, false]);
    expect([moveRowDown(inside(body(), "f")), moveColumnOn(inside(body(), "f"))]).toEqual([false, false]);
    expect(moveRowUp(at(doc(p("x"))))).toBe(false);
  });

  it("leave merged cells whole and headers where they head", () => {
    const merged = doc(table("", tr(schema.node("table_cell", { rowspan: 2 }, p("a")), td(p("b"))), tr(td(p("d"))), tr(td(p("e")), td(p("f")))));
    expect([moveRowDown(inside(merged, "b")), moveRowUp(inside(merged, "f")), moveColumnOn(inside(merged, "a"))]).toEqual([false, false, false]);
    const headed = doc(buildTable({ rows: 3, columns: 2, caption: "", headerRow: true, headerColumn: true }));
    const cell = TextSelection.create(headed, 4);
    const state = EditorState.create({ doc: headed, selection: cell });
    expect([moveRowDown(state), moveColumnOn(state)]).toEqual([false, false]);
    const under = after(inside(doc(table("", tr(th(p("h")), td(p("1"))), tr(th(p("k")), td(p("2"))))), "k"), moveRowUp);
    expect(words(under)).toBe("k2 h1");
  });
});

it("whom a recommendation may address: who the brief asks to act, and who the section addresses already, each once", () => {
  const addressed = (addressee: string): Node => schema.node("recommendation", { addressee }, p("Act."));
  expect(addressees(doc(addressed("States"), addressed("Banks"), addressed("")), ["Ministries", "States"])).toEqual(["Ministries", "States", "Banks"]);
});
