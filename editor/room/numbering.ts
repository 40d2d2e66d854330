/**
 * Provisional numbers of one section, by the rule of document/numbering.py: top-level paragraphs
 * with something in them, quotations and recommendations count; tables, figures, callouts and
 * recommendations have series of their own, and so have footnotes.
 */
import type { Node } from "prosemirror-model";
import type { Target } from "./config.ts";
import { short, wordsIn } from "./short.ts";
import { type Key, t } from "./strings.ts";

export interface Numbered {
  readonly position: number;
  readonly node: Node;
  /** What stands in the margin or before the caption. */
  readonly number: number;
  readonly kind: "paragraph" | "table" | "figure" | "callout" | "recommendation" | "footnote";
}

export interface Start {
  readonly firstNumber: number;
  readonly firstFootnote: number;
  readonly firstSeries: Readonly<Record<string, number>>;
}

const COUNTED = new Set(["paragraph", "block_quote", "recommendation"]);
const SERIES = new Set(["table", "figure", "callout", "recommendation"]);

/** An empty paragraph has no number; one that holds only a footnote or a citation has. */
const isBlank = (node: Node): boolean => {
  let blank = true;
  node.forEach((child) => (blank &&= child.isText && child.text!.trim() === ""));
  return blank;
};

export function numbers(doc: Node, start: Start): Numbered[] {
  const found: Numbered[] = [];
  let paragraph = start.firstNumber;
  doc.forEach((node, position) => {
    if (!COUNTED.has(node.type.name) || (node.type.name === "paragraph" && isBlank(node))) return;
    found.push({ position, node, number: paragraph++, kind: "paragraph" });
  });
  const next: Record<string, number> = { ...start.firstSeries };
  let note = start.firstFootnote;
  doc.descendants((node, position) => {
    const name = node.type.name;
    if (SERIES.has(name)) {
      const number = next[name] ?? 1;
      next[name] = number + 1;
      found.push({ position, node, number, kind: name as Numbered["kind"] });
    } else if (name === "footnote") found.push({ position, node, number: note++, kind: "footnote" });
  });
  return found;
}

/** "Table 2", "Paragraph 14": how a cross-reference to it reads. */
export function labelOf({ kind, number }: Numbered): string {
  if (kind === "paragraph") return t("paragraph_numbered", { number });
  return `${t(kind === "callout" ? "box" : (kind as Key))} ${number}`;
}

/** What a cross-reference can point at in this section, in reading order. */
export function targetsIn(doc: Node, start: Start): Target[] {
  const targets: (Target & { position: number })[] = [];
  for (const one of numbers(doc, start)) {
    if (one.kind === "footnote") continue;
    // A recommendation is found by its own series; its paragraph number would be a second name.
    if (one.kind === "paragraph" && one.node.type.name === "recommendation") continue;
    const text = short(String(one.node.attrs["caption"] || one.node.attrs["title"] || wordsIn(one.node)), 90);
    targets.push({ id: String(one.node.attrs["id"]), kind: one.kind, label: labelOf(one), text, section: "", position: one.position });
  }
  doc.descendants((node, position) => {
    if (node.type.name !== "heading") return;
    const text = short(wordsIn(node), 90);
    targets.push({ id: String(node.attrs["id"]), kind: "heading", label: `“${text}”`, text: "", section: "", position });
  });
  return targets.sort((a, b) => a.position - b.position);
}
