/** The editor's plugins, in the order in which they may speak. */
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import type { Plugin } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import type { Refusal } from "../refusal.ts";
import { setHeading } from "../commands/blocks.ts";
import { figureDialog } from "../dialogs/simple.ts";
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
import { type Choice, suggest, type Trigger } from "../plugins/suggest.ts";
import { threads } from "../plugins/threads.ts";
import { citeSource, wanted } from "../sources/cite.ts";
import { type Action, BLOCKS, INSERTS, NOTES } from "./actions.ts";
import { collaboration } from "./connection.ts";
import { tellPasted } from "./pasted.ts";
import type { Room } from "./room.ts";
import { t } from "./strings.ts";
import { perform } from "./toolbar.ts";

const fits = (query: string) => (choice: Choice) => choice.label.toLowerCase().includes(query.toLowerCase());

function slash(room: Room): Trigger {
  const choice = (action: Action): Choice => ({
    label: t(action.label),
    choose(view, from, to) {
      view.dispatch(view.state.tr.delete(from, to));
      perform(room, action);
    },
  });
  const headings = [1, 2, 3, 4].map((level): Action => ({ label: "heading", command: setHeading(level) }));
  return {
    character: "/",
    label: t("insert"),
    choices: (query) => [
      ...[...INSERTS, ...BLOCKS.filter(({ icon }) => icon !== "sink" && icon !== "lift"), ...NOTES].map(choice).filter(fits(query)),
      ...headings.map((action, index) => ({ ...choice(action), label: t("heading", { level: index + 1 }) })).filter(fits(query)),
    ],
  };
}

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
    suggest(slash(room)),
    suggest(cite(room)),
    rules(),
    atoms(room),
    ...keys(room),
    clipboard({ language: config.language, picture: (file) => void figureDialog(room, file), cleaned: (what) => void tellPasted(room, what) }),
    history(),
    tableEditing(),
    dropCursor({ class: "drop-cursor" }),
    gapCursor(),
    labels({ start: config, targets: config.targets, source: (key) => room.sources.label(key) }),
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
