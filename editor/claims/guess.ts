/** What selected words already say: “€10–20 million in 2023” fills half the form in. */
const MAGNITUDE: Readonly<Record<string, number>> = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12, m: 1e6, bn: 1e9 };
const CURRENCY: Readonly<Record<string, string>> = { "€": "EUR", $: "USD", "£": "GBP", "¥": "JPY" };
const DIGITS = "\\d{1,3}(?:[ \\u00a0\\u202f,'’]\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const SAID = new RegExp(
  `(€|\\$|£|¥|\\b(?:EUR|USD|GBP|CHF|JPY)\\s)?\\s?(${DIGITS})(?:\\s?(?:[-–—]|to|and)\\s?(?:[€$£¥]\\s?)?(${DIGITS}))?\\s?` +
    `(thousand|million|billion|trillion|bn|m)?\\b\\s?(%|per cent|percent|(?:EUR|USD|GBP|CHF|JPY)\\b|euros?\\b|dollars?\\b|\\p{L}[\\p{L}-]*)?`,
  "iu",
);
const YEAR = /\b(?:1[5-9]|20)\d{2}\b/;

const plain = (digits: string): number => Number(digits.replace(/[ \u00a0\u202f,'’]/g, ""));
/** Without the noise of binary fractions: 1.1 million is 1100000. */
const written = (value: number): string => String(Number(value.toPrecision(15)));

export interface Guess {
  readonly value: string;
  readonly value_to: string;
  readonly unit: string;
  readonly currency: string;
  readonly year: string;
}

function currencyOf(sign: string, unit: string): string {
  if (sign) return CURRENCY[sign] ?? sign.toUpperCase();
  if (/^euro/i.test(unit)) return "EUR";
  if (/^dollar/i.test(unit)) return "USD";
  return /^(EUR|USD|GBP|CHF|JPY)$/.test(unit) ? unit : "";
}

export function guess(words: string): Guess {
  const year = YEAR.exec(words)?.[0] ?? "";
  // A year is no value: it is looked for apart.
  const rest = year ? words.replace(year, "") : words;
  const [, sign = "", first = "", second = "", magnitude = "", unit = ""] = SAID.exec(rest) ?? [];
  if (!first) return { value: "", value_to: "", unit: "", currency: "", year };
  const factor = MAGNITUDE[magnitude.toLowerCase()] ?? 1;
  const currency = currencyOf(sign.trim(), unit.trim());
  const told = /^per ?cent$/i.test(unit) ? "%" : unit;
  return {
    value: written(plain(first) * factor),
    value_to: second ? written(plain(second) * factor) : "",
    unit: currency && /^(euros?|dollars?|[A-Z]{3})$/i.test(told) ? "" : /^(in|of|were|was|are|is|and|or|for|by|at|to|have|had)$/i.test(told) ? "" : told,
    currency,
    year,
  };
}
