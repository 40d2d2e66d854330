/** What the page says about itself (`#writing-room`'s data attributes and JSON elements). */
import { readJson } from "./dom.ts";
import type { Key } from "./strings.ts";

export interface Target {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly text: string;
  readonly section: string;
}

export interface ThreadAnchor {
  readonly thread: string;
  readonly block: string;
  readonly start: number;
  readonly end: number;
  readonly state: string;
}

export interface Config {
  readonly section: string;
  readonly user: string;
  readonly documentUrl: string;
  readonly stepsUrl: string;
  readonly numbersUrl: string;
  readonly liveUrl: string;
  readonly presenceUrl: string;
  readonly figuresUrl: string;
  readonly figureUrl: string;
  readonly sourcesUrl: string;
  readonly claimsUrl: string;
  readonly checksUrl: string;
  readonly historyUrl: string;
  readonly allChecksUrl: string;
  readonly runChecksUrl: string;
  readonly asideUrl: string;
  readonly findUrl: string;
  readonly replaceUrl: string;
  /** As `right`: the lead author may change it while one is here (room/right.ts). */
  canEdit: boolean;
  readonly signinUrl: string;
  readonly language: string;
  readonly direction: string;
  /** In which the person is told times (IANA name). */
  readonly zone: string;
  /** These and `targets` change while others write in other sections (room/elsewhere.ts). */
  firstNumber: number;
  firstFootnote: number;
  firstSeries: Readonly<Record<string, number>>;
  /** Others use this device, too: nothing is kept on it. */
  readonly sharedDevice: boolean;
  readonly title: string;
  readonly strings: Partial<Record<Key, string>>;
  targets: readonly Target[];
  readonly anchors: readonly ThreadAnchor[];
  /** Whom the brief asks to act. */
  readonly addressees: readonly string[];
  readonly suggestionsUrl: string;
  /** What the person may do with this section's text. */
  right: "edit" | "suggest" | "read";
}

export function readConfig(room: HTMLElement): Config {
  const data = room.dataset;
  const text = (name: string): string => data[name] ?? "";
  return {
    section: text("section"),
    user: text("user"),
    documentUrl: text("documentUrl"),
    stepsUrl: text("stepsUrl"),
    numbersUrl: text("numbersUrl"),
    liveUrl: text("liveUrl"),
    presenceUrl: text("presenceUrl"),
    figuresUrl: text("figuresUrl"),
    figureUrl: text("figureUrl"),
    sourcesUrl: text("sourcesUrl"),
    claimsUrl: text("claimsUrl"),
    checksUrl: text("checksUrl"),
    historyUrl: text("historyUrl"),
    allChecksUrl: text("allChecksUrl"),
    runChecksUrl: text("runChecksUrl"),
    asideUrl: text("asideUrl"),
    findUrl: text("findUrl"),
    replaceUrl: text("replaceUrl"),
    canEdit: text("canEdit") === "true",
    signinUrl: text("signinUrl"),
    language: text("language") || "en",
    direction: text("direction") || "ltr",
    zone: text("zone") || "UTC",
    firstNumber: Number(text("firstNumber") || 1),
    firstFootnote: Number(text("firstFootnote") || 1),
    firstSeries: JSON.parse(text("firstSeries") || "{}") as Record<string, number>,
    sharedDevice: text("sharedDevice") === "true",
    title: text("title"),
    strings: readJson("writing-strings", {}),
    targets: readJson("writing-targets", []),
    anchors: readJson("writing-anchors", []),
    addressees: readJson("writing-addressees", []),
    suggestionsUrl: text("suggestionsUrl"),
    right: text("right") === "suggest" ? "suggest" : text("canEdit") === "true" ? "edit" : "read",
  };
}
