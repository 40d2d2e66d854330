/** The editor's plugins, in the order in which they may speak. */
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import type { Plugin } from "prosemirror-state";
import { isInTable, tableEditing } from "prosemirror-tables";
import type { Refusal } from "../refusal.ts";
import { insertReference } from "../commands/insert.ts";
import { setHeading } from "../commands/blocks.ts";
import { opens } from "../dialogs/lazily.ts";
import { atoms } from "../plugins/atoms.ts";
import { carets } from "../plugins/carets.ts";
import { found } from "../plugins/found.ts";
import { clipboard } from "../plugins/clipboard.ts";
import { guard } from "../plugins/guard.ts";
import { ids } from "../plugins/ids.ts";
import { keys } from "../plugins/keys.ts";
import { labels } from "../plugins/labels.ts";
import { numbers } from "../plugins/numbers.ts";
import { placeholder } from "../plugins/placeholder.ts";
import { rules } from "../plugins/rules.ts";
import { settled } from "../plugins/settled.ts";
import { type Choice, suggest, type Trigger } from "../plugins/suggest.ts";
import { threads } from "../plugins/threads.ts";
import { CALLOUT_KINDS, RECOMMENDATION_KINDS } from "../schema.ts";
import { citeSource, wanted } from "../sources/cite.ts";
import { type Action, BLOCKS, COMMENT, INSERTS, NOTES, TABLE } from "./actions.ts";
import { collaboration } from "./connection.ts";
import type { Room } from "./room.ts";
import { t } from "./strings.ts";
import { everyTarget } from "./targets.ts";
import { keysOf, perform } from "./toolbar.ts";

const plain = (text: string): string => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
/** Every word that was typed begins a word of the label, in any order. */
const fits = (query: string) => {
  const asked = plain(query).split(/\s+/).filter(Boolean);
  return ({ label }: Choice): boolean => {
    const words = plain(label).split(/[^\p{L}\p{N}]+/u);
    return asked.every((each) => words.some((word) => word.startsWith(each)));
  };
};

function slash(room: Room): Trigger {
  const choice = (action: Action, label = t(action.label)): Choice => ({
    label,
    hint: action.keys ? keysOf(action.keys) : "",
    choose(view, from, to) {
      view.dispatch(view.state.tr.delete(from, to));
      perform(room, action);
    },
  });
  const headings = [1, 2, 3, 4].map((level): Choice => choice({ label: "heading", keys: `Mod-Alt-${level}`, command: setHeading(level) }, t("heading", { level })));
  const callouts = CALLOUT_KINDS.map((kind) =>
    choice({ label: "callout", open: (at) => opens("calloutDialog")(at, kind) }, `${t("callout")}: ${t(`callout_${kind}`)}`),
  );
  const recommendations = RECOMMENDATION_KINDS.map((kind) =>
    choice({ label: "recommendation", open: (at) => opens("recommendationDialog")(at, kind) }, `${t("recommendation")}: ${t(`recommendation_${kind}`)}`),
  );
  const blocks = BLOCKS.filter(({ icon }) => icon !== "sink" && icon !== "lift");
  const own = [...INSERTS, ...blocks, ...NOTES, COMMENT].map((action) => choice(action));
  return {
    character: "/",
    label: t("insert"),
    choices(query) {
      const here = isInTable(room.view.state) ? TABLE.filter(({ command }) => !command || command(room.view.state)).map((action) => choice(action)) : [];
      return [...here, ...own, ...headings, ...(query ? [...callouts, ...recommendations] : [])].filter(fits(query));
    },
  };
}

/** `[[` and some words of what one refers to: this section first, then the others. */
const refer = (room: Room): Trigger => ({
  character: "[[",
  label: t("cross_reference"),
  choices(query) {
    const asked = plain(query).split(/\s+/).filter(Boolean);
    return everyTarget(room)
      .filter(({ label, text }) => asked.every((word) => plain(`${label} ${text}`).includes(word)))
      .slice(0, 30)
      .map(({ id, label, text, section }) => ({
        label,
        hint: [text, section].filter(Boolean).join(" · "),
        choose(view, from, to) {
          view.dispatch(view.state.tr.delete(from, to));
          insertReference(id)(view.state, view.dispatch);
        },
      }));
  },
});

const cite = (room: Room): Trigger => ({
  character: "@",
  label: t("search_sources"),
  async choices(query) {
    const { words, locator } = wanted(query);
    const found = await room.sources.search(words);
    const choices = found.map(({ key, label, title }): Choice => ({
      label: locator ? `${label}, ${locator}` : label,
      hint: title,
      choose(view, from, to) {
        view.dispatch(view.state.tr.delete(from, to));
        citeSource(key, locator)(view.state, view.dispatch);
        room.say(t("source_cited_how", { name: label }));
      },
    }));
    const add: Choice = {
      label: t("source_add"),
      choose(view, from, to) {
        view.dispatch(view.state.tr.delete(from, to));
        void room.addSource?.(found.length ? "" : query);
      },
    };
    return [...choices, add];
  },
});

export interface Start {
  readonly version: number;
  readonly client: string;
}

export function plugins(room: Room, start: Start, showThread: (thread: string) => void, refused: (refusal: Refusal) => void): Plugin[] {
  const { config } = room;
  return [
    settled(),
    suggest(slash(room)),
    suggest(cite(room)),
    suggest(refer(room)),
    rules(),
    atoms(room),
    room.suggesting.plugin(),
    ...keys(room),
    clipboard({ language: config.language, picture: (file) => void opens("figureDialog")(room, file), telling: () => import("./pasted.ts").then(({ tellPasted }) => (what) => void tellPasted(room, what)) }),
    history(),
    tableEditing(),
    dropCursor({ class: "drop-cursor" }),
    gapCursor(),
    labels({ start: config, targets: () => config.targets, source: (key) => room.sources.label(key) }),
    threads(config.anchors, showThread),
    carets(),
    numbers(),
    found(),
    placeholder(),
    collaboration(start.version, start.client),
    guard(refused),
    ids(),
  ];
}
