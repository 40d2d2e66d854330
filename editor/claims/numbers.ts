/**
 * Numbers that are said without a claim or a source (S0-8). The same rule as on the server
 * (document/checks/numbers.py): tests/corpus/numbers.json holds both to it.
 */
import type { Node } from "prosemirror-model";
import { OBJECT } from "../offsets.ts";

const MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)";
const DIGITS = "\\d{1,3}(?:[ \\u00a0\\u202f,.'’]\\d{3})+(?:[.,]\\d+)?|\\d+(?:[.,]\\d+)?";
const MONEY = "(?:[€$£¥]|\\b(?:EUR|USD|GBP|CHF)\\s)\\s?";
const NUMBER = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<![/@#.\\-])(?:${MONEY})?(?:${DIGITS})(?:\\s?[-–—]\\s?(?:${DIGITS}))?(?![\\p{L}\\p{N}]|[-/]\\p{L}|/\\d)`,
  "gu",
);
const PLACES =
  "paragraphs?|paras?|sections?|articles?|arts?|chapters?|parts?|tables?|figures?|figs?|box(?:es)?|annex(?:es)?|append(?:ix|ices)" +
  "|pages?|pp?|nos?|numbers?|resolutions?|conventions?|directives?|regulations?|rules?|goals?|targets?|sdgs?|steps?|phases?" +
  "|versions?|volumes?|vol|items?|questions?|recommendations?|objectives?|footnotes?|notes?|levels?|tiers?|objectives?|pillars?" +
  "|scenarios?|cases?|options?|types?";
/** Figures that say nothing to be checked: years, days, times, places in texts, addresses, names. */
const NOTHING = [
  /\b(?:https?:\/\/|www\.|doi:)\S+/giu,
  /\b10\.\d{4,9}\/\S+/giu,
  /\bISBN[\s:]*[\d\- ]+/giu,
  new RegExp(`\\b\\d{1,2}(?:\\s?[-–]\\s?\\d{1,2})?(?:st|nd|rd|th)?\\s+${MONTH}(?:\\s+\\d{4})?`, "giu"),
  new RegExp(`\\b${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?\\b`, "giu"),
  /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{1,2}\/\d{1,2}\/\d{4}\b/giu,
  /\b\d{1,2}:\d{2}\b/giu,
  new RegExp(`\\b(?:${PLACES})\\.?\\s+\\d+(?:\\.\\d+)*(?:(?:,\\s*|\\s+(?:and|or|to)\\s+|\\s?[-–]\\s?)\\d+(?:\\.\\d+)*)*(?!\\s?%)\\b`, "giu"),
  /^\s*\(?\d{1,3}[.)]\s/giu,
  /\(\d{1,2}\)/giu,
  new RegExp(
    "(?<![\\d.,€$£¥])(?<![€$£¥]\\s)\\b(?:1[5-9]|20)\\d{2}(?:\\s?[-–—/]\\s?(?:(?:1[5-9]|20)\\d{2}|\\d{2}))?s?\\b" +
      "(?![.,]?\\d|\\s?(?:%|per\\s?cent|percent|€|million|billion))",
    "gu",
  ),
];
/** Where a sentence ends: its sign, what closes after it, and the notes that hang there. */
const END = /[.!?…]+["”’»)\]]*\ufffc*(?=\s+[A-ZÀ-ÖØ-ÞΑ-ΩА-Я"“‘«([])/gu;

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where numbers stand that say how much or how many; ranges are one. */
export function numbersIn(text: string): Span[] {
  if (!/\d/.test(text)) return [];
  let masked = text;
  for (const pattern of NOTHING) masked = masked.replace(pattern, (found) => "_".repeat(found.length));
  return [...masked.matchAll(NUMBER)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

interface Inside {
  readonly text: string;
  readonly claims: Span[];
  readonly cited: number[];
  /** Offset → position after the block's start. */
  readonly places: { offset: number; position: number }[];
}

function inside(block: Node): Inside {
  const found: { text: string; claims: Span[]; cited: number[]; places: Inside["places"] } = { text: "", claims: [], cited: [], places: [] };
  block.forEach((child, position) => {
    const start = found.text.length;
    found.places.push({ offset: start, position });
    const words = child.isText ? child.text! : OBJECT;
    const gone = child.marks.some(({ type }) => type.name === "deletion");
    found.text += gone ? " ".repeat(words.length) : child.type.name === "hard_break" ? " " : words;
    if (gone) return;
    if (child.type.name === "citation" || (child.type.name === "footnote" && child.childCount)) found.cited.push(start);
    if (child.marks.some(({ type }) => type.name === "claim")) found.claims.push({ start, end: start + words.length });
  });
  return found;
}

/** Position of an offset, counted from the block's content. */
function positionOf(places: Inside["places"], offset: number): number {
  let at = places[0] ?? { offset: 0, position: 0 };
  for (const place of places) {
    if (place.offset > offset) break;
    at = place;
  }
  return at.position + offset - at.offset;
}

/** Numbers of one textblock that no claim covers and whose sentence cites nothing, as positions inside it. */
export function bareNumbers(block: Node): Span[] {
  const { text, claims, cited, places } = inside(block);
  const numbers = numbersIn(text);
  if (!numbers.length) return [];
  const ends = [...[...text.matchAll(END)].map((match) => match.index + match[0].length), text.length + 1];
  const sentence = (offset: number): number => ends.findIndex((end) => offset < end);
  const borne = new Set(cited.map(sentence));
  return numbers
    .filter(({ start, end }) => !claims.some((claim) => claim.start < end && start < claim.end) && !borne.has(sentence(start)))
    .map(({ start, end }) => ({ start: positionOf(places, start), end: positionOf(places, end - 1) + 1 }));
}
