/** Provisional numbers follow document/numbering.py. */
import { describe, expect, it } from "vitest";
import { labelOf, numbers, targetsIn } from "../room/numbering.ts";
import { callout, cite, doc, figure, footnote, h, li, p, quote, recommendation, table, td, tr, ul } from "./builders.ts";

const START = { firstNumber: 5, firstFootnote: 3, firstSeries: { table: 2 } };

describe("numbers", () => {
  it("count paragraphs with something in them, quotations and recommendations, at the top only", () => {
    const text = doc(h(1, "H"), p("one"), p("  "), p(cite("a")), ul(li(p("no"))), quote(p("three")), recommendation("", p("four")), callout("note", "", p("no")));
    const counted = numbers(text, START).filter(({ kind }) => kind === "paragraph");
    expect(counted.map(({ number }) => number)).toEqual([5, 6, 7, 8]);
  });

  it("run in series of their own from where the sections before end", () => {
    const text = doc(table("A", tr(td(p("x")))), figure("f", "alt"), callout("risk", "", p("x")), p("x", footnote("n"), footnote("m")));
    const named = numbers(text, START).filter(({ kind }) => kind !== "paragraph");
    expect(named.map(labelOf)).toEqual(["Table 2", "Figure 1", "Box 1", "Footnote 3", "Footnote 4"]);
  });

  it("offer what a reference can point at, in reading order, each once", () => {
    const text = doc(h(1, "Why"), p("because"), recommendation("States", p("act")));
    expect(targetsIn(text, START).map(({ label }) => label)).toEqual(["“Why”", "Paragraph 5", "Recommendation 1"]);
  });
});
