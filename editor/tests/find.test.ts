/** Finding words, replacing them, and taking that back after others wrote on. */
import { Transform } from "prosemirror-transform";
import type { Node } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import { matches, pattern, type Query } from "../find/matches.ts";
import { putBack, replaceAll } from "../find/replace.ts";
import { checkDocument } from "../guard.ts";
import { counted } from "../room/strings.ts";
import { schema } from "../schema.ts";
import { suggestReplacing } from "../suggesting/replace.ts";
import { resolveSuggestions } from "../suggestions.ts";
import { callout, cite, doc, em, figure, footnote, li, p, recommendation, strong, suggested, table, td, tr, ul } from "./builders.ts";
import { random } from "./random.ts";
import { randomDocument, shape } from "./suggesting.ts";

const query = (text: string, how: Partial<Query> = {}): Query => ({ text, matchCase: false, wholeWords: false, ...how });
const words = (document: Node, asked: Query): string[] => matches(document, asked).map(({ within, start, end }) => within.slice(start, end));
const ranges = (step: { getMap(): unknown }): number[] => (step.getMap() as { ranges: number[] }).ranges;

describe("finding", () => {
  it("looks in text, lists, tables, notes, captions and what blocks say of themselves", () => {
    const document = doc(
      p("fee ", strong("fee"), footnote("a fee in a note")),
      ul(li(p("fee"))),
      table("Fee by country", tr(td(p("fee")))),
      figure("a", "A fee falls", "Fees"),
      callout("risk", "No fee", p("x")),
      recommendation("fee collectors", p("x")),
    );
    expect(words(document, query("fee"))).toHaveLength(10);
    expect(words(document, query("Fee", { matchCase: true }))).toHaveLength(2);
    expect(words(document, query("fee", { wholeWords: true }))).toHaveLength(9);
  });

  it("meets formatting inside a word, and ends at a citation and at struck words", () => {
    expect(words(doc(p("recr", em("uit"), "ers")), query("recruiters"))).toEqual(["recruiters"]);
    expect(words(doc(p("recr", cite("x"), "uiters")), query("recruiters"))).toEqual([]);
    expect(words(doc(p("re", suggested("deletion", "s", "cruit"), "ers")), query("recruit"))).toEqual([]);
    expect(words(doc(p("re", suggested("deletion", "s", "x"), "ers")), query("reers"))).toEqual([]);
  });

  it("takes keyboard signs for typeset ones, any space for a space, and composed for decomposed letters", () => {
    expect(words(doc(p("the worker’s “fee”, 5\u202f000 co‑op")), query("worker's"))).toHaveLength(1);
    expect(words(doc(p("the “fee”")), query('"fee"'))).toHaveLength(1);
    expect(words(doc(p("5\u202f000")), query("5 000"))).toHaveLength(1);
    expect(words(doc(p("co‑op")), query("co-op"))).toHaveLength(1);
    expect(words(doc(p("Cafe\u0301 Café")), query("café"))).toHaveLength(2);
  });

  it("takes every sign for itself and knows words of any script", () => {
    expect(words(doc(p("a.b axb (50%) [x] $1 \\d")), query("a.b"))).toEqual(["a.b"]);
    for (const sign of ["(50%)", "[x]", "$1", "\\d", "^", "{2}"]) expect(() => pattern(query(sign))).not.toThrow();
    expect(words(doc(p("кот котик")), query("кот", { wholeWords: true }))).toEqual(["кот"]);
  });

  it("finds nothing for nothing and for half a character", () => {
    for (const text of ["", "   ", "\ud83d", "x".repeat(201)]) expect(pattern(query(text))).toBeNull();
  });
});

describe("replacing", () => {
  it("keeps the form of the words it replaces, and everything between", () => {
    const document = doc(p("old ", strong("old"), footnote("old"), " older"), table("old old", tr(td(p("old")))));
    const { tr: made, count, undo } = replaceAll(document, query("old"), "new");
    expect(count).toBe(7);
    checkDocument(made.doc);
    expect(made.doc.textBetween(0, made.doc.content.size, "|")).toBe("new newnew newer|new");
    expect(made.doc.child(1).attrs["caption"]).toBe("new new");
    expect(made.doc.child(0).child(1).marks[0]!.type.name).toBe("strong");
    const again = putBack(made.doc, [], undo);
    expect(again.tr.doc.eq(document)).toBe(true);
    expect(again.back).toBe(6);
  });

  it("may take words away, and puts them back", () => {
    const document = doc(p("very very good"));
    const { tr: made, undo } = replaceAll(document, query("very "), "");
    expect(made.doc.textContent).toBe("good");
    expect(putBack(made.doc, [], undo).tr.doc.eq(document)).toBe(true);
  });

  it("leaves what already reads so", () => {
    expect(replaceAll(doc(p("NGO ngo")), query("ngo"), "NGO").count).toBe(1);
  });

  it("is taken back where nobody wrote since, and left where somebody did", () => {
    const document = doc(p("fee one"), p("fee two"), p("fee three"));
    const { tr: made, undo } = replaceAll(document, query("fee"), "charge");
    const later = new Transform(made.doc);
    later.insert(1, schema.text("Any "));
    later.replaceWith(later.doc.child(0).nodeSize + 2, later.doc.child(0).nodeSize + 4, schema.text("XX"));
    const { tr: back, back: count } = putBack(later.doc, later.steps.map(ranges), undo);
    expect(count).toBe(2);
    expect(back.doc.children.map((block) => block.textContent)).toEqual(["Any fee one", "cXXrge two", "fee three"]);
  });

  it("and taking back meet again for random texts and edits", () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    const word = (): string => ["fee", "Fees", "a", "é", "😀", "fe", "no fee"][random(7)]!;
    for (let run = 0; run < 200; run++) {
      const line = (): string => Array.from({ length: 1 + random(6) }, word).join(random(2) ? " " : "");
      const document = doc(p(line(), footnote(line()), em(line())), table(line(), tr(td(p(line())))), figure("a", line(), line()));
      const put = ["", "x", "fee fee", "Ü"][random(4)]!;
      const { tr: made, undo } = replaceAll(document, query(random(2) ? "fee" : "e"), put);
      checkDocument(made.doc);
      expect(putBack(made.doc, [], undo).tr.doc.toJSON()).toEqual(document.toJSON());
    }
  });
});

describe("replacing as suggestions", () => {
  const everyone = (document: Node, decision: "accept" | "reject"): Node => resolveSuggestions(document, { "*": decision });

  it("makes one of each place; accepted they are the replacement, rejected nothing has happened", () => {
    const document = doc(
      p("old old ", strong("old"), "old", footnote("an old note"), " older"),
      ul(li(p("old"))),
      table("old and old", tr(td(p("old")))),
      figure("a", "old alt", "An old caption"),
      recommendation("old addressee", p("x")),
    );
    const { tr: made, count, made: ids, left } = suggestReplacing(document, query("old"), "new");
    checkDocument(made.doc);
    expect([count, left, ids.length]).toEqual([13, 0, 12]);
    expect(everyone(made.doc, "reject").eq(document)).toBe(true);
    expect(shape(everyone(made.doc, "accept"))).toBe(shape(replaceAll(document, query("old"), "new").tr.doc));
    const one = resolveSuggestions(made.doc, { [ids[1]!]: "accept", "*": "reject" });
    expect(one.firstChild!.textContent).toMatch(/^old new oldold/);
  });

  it("leaves what others suggested, and one's own, as it was", () => {
    const document = doc(p("an old ", suggested("insertion", "theirs", "and old "), "word"));
    const { tr: made, made: ids } = suggestReplacing(document, query("old"), "new");
    expect(ids).toHaveLength(2);
    const back = resolveSuggestions(made.doc, Object.fromEntries(ids.map((id) => [id, "reject" as const])));
    expect(back.eq(document)).toBe(true);
    expect(everyone(made.doc, "accept").textContent).toBe("an new and new word");
  });

  it("keeps both promises over random texts and words", () => {
    let places = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const document = randomDocument(random(seed));
      const asked = query(["a", "e", "o", "th", "n"][seed % 5]!);
      const put = ["", "aa", "xyz 🦊"][seed % 3]!;
      const { tr: made, count, left, made: ids } = suggestReplacing(document, asked, put);
      checkDocument(made.doc);
      places += count;
      const mine = (decision: "accept" | "reject"): Node => resolveSuggestions(made.doc, Object.fromEntries(ids.map((id) => [id, decision])));
      expect(mine("reject").eq(document), `seed ${seed}`).toBe(true);
      if (!left) expect(shape(mine("accept")), `seed ${seed}`).toBe(shape(replaceAll(document, asked, put).tr.doc));
    }
    expect(places).toBeGreaterThan(100);
  });
});

describe("how many places", () => {
  it("is said of one as of one", () => {
    expect([1, 2].map((count) => counted("find_replaced_everywhere", count))).toEqual(["1 place replaced.", "2 places replaced."]);
    expect(counted("find_replace_everywhere", 1)).toBe("Replace 1 place in the chosen sections");
  });
});
