/** Provisional numbers follow document/numbering.py. */
import { describe, expect, it } from "vitest";
import { labelOf, numbers, targetsIn } from "../room/numbering.ts";
import { br, callout, cite, doc, figure, footnote, h, li, p, quote, recommendation, table, td, tr, ul } from "./builders.ts";

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

  it("offer words as they stand: paragraphs apart, without notes, and cut at a word", () => {
    const long = "Recruiters promise work abroad, and some of the promises are kept by those who made them.";
    const text = doc(callout("note", "", p("governance"), p("and", footnote("a note"), br(), "finance")), p(`${long} Others`), p("x".repeat(100)));
    expect(targetsIn(text, START).map((target) => target.text)).toEqual(["governance and finance", `${long.slice(0, -6)}…`, `${"x".repeat(89)}…`]);
  });
});
