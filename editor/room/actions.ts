/** Everything the toolbar, the menus and the keyboard can do, named once. */
import { toggleMark } from "prosemirror-commands";
import { redo } from "prosemirror-history";
import type { Command, EditorState } from "prosemirror-state";
import { deleteColumn, deleteRow, deleteTable, mergeCells, splitCell } from "prosemirror-tables";
import { around, liftItem, sink, toggleList, toggleQuote } from "../commands/blocks.ts";
import { insertFootnote } from "../commands/insert.ts";
import { claimAt } from "../commands/claim.ts";
import { columnAfter, columnBefore, rowAfter, rowBefore, toggleHeader, toggleHeaderColumn, toggleHeaderRow } from "../commands/table.ts";
import { moveColumnBack, moveColumnOn, moveRowDown, moveRowUp } from "../commands/table-move.ts";
import { opens } from "../dialogs/lazily.ts";
import { schema } from "../schema.ts";
import { reach } from "../commands/marks.ts";
import type { FindPanel } from "../find/panel.ts";
import { modeOf } from "../suggesting/mode.ts";
import type { IconName } from "./icons.ts";
import { once } from "./once.ts";
import type { Room } from "./room.ts";
import { type Key, t } from "./strings.ts";

export interface Action {
  readonly label: Key;
  readonly icon?: IconName;
  /** A letter instead of an icon: **B**, *I*. */
  readonly glyph?: string;
  readonly keys?: string;
  /** Also for who may only read. */
  readonly reads?: boolean;
  /** Commands say themselves whether they can run; dialogs open whenever the text may be changed. */
  readonly command?: Command;
  open?(room: Room): unknown;
  /** Of what is no command: whether there is anything to do. */
  able?(room: Room, state: EditorState): boolean;
  pressed?(state: EditorState): boolean;
}

const mark = (name: string, label: Key, look: Pick<Action, "glyph" | "icon">, keys: string): Action => {
  const type = schema.marks[name]!;
  return {
    label,
    ...look,
    keys,
    command: toggleMark(type),
    pressed: (state) =>
      state.selection.empty
        ? type.isInSet(state.storedMarks ?? state.selection.$from.marks()) !== undefined
        : state.doc.rangeHasMark(state.selection.from, state.selection.to, type),
  };
};
const inside = (name: string) => (state: EditorState) => around(state).includes(name);
const marked = (name: "link" | "language") => (state: EditorState) => reach(state, schema.marks[name]!).mark !== undefined;

export const MARKS: readonly Action[] = [
  mark("strong", "bold", { glyph: "B" }, "Mod-b"),
  mark("em", "italic", { glyph: "I" }, "Mod-i"),
  mark("superscript", "superscript", { icon: "superscript" }, "Mod-."),
  mark("subscript", "subscript", { icon: "subscript" }, "Mod-,"),
  { label: "link", icon: "link", keys: "Mod-k", open: opens("linkDialog"), pressed: marked("link") },
  { label: "language", icon: "language", keys: "Mod-Alt-l", open: opens("languageDialog"), pressed: marked("language") },
];

export const BLOCKS: readonly Action[] = [
  { label: "bullet_list", icon: "bullet_list", keys: "Mod-Shift-8", command: toggleList("bullet_list"), pressed: inside("bullet_list") },
  { label: "ordered_list", icon: "ordered_list", keys: "Mod-Shift-7", command: toggleList("ordered_list"), pressed: inside("ordered_list") },
  { label: "lift", icon: "lift", command: liftItem },
  { label: "sink", icon: "sink", command: sink },
  { label: "quote", icon: "quote", keys: "Mod-Shift-9", command: toggleQuote, pressed: inside("block_quote") },
];

const claims = once(() => import("../claims/dialog.ts"));

async function openClaim(room: Room): Promise<void> {
  try {
    await (await claims()).claimDialog(room);
  } catch {
    room.say(t("panel_failed"));
  }
}

export const NOTES: readonly Action[] = [
  { label: "footnote", icon: "footnote", keys: "Mod-Alt-f", command: insertFootnote },
  { label: "cite", icon: "cite", keys: "Mod-Alt-c", open: opens("citationDialog") },
  { label: "claim_register", icon: "claim", keys: "Mod-Alt-k", open: openClaim, pressed: (state) => claimAt(state) !== "" },
  { label: "cross_reference", icon: "cross_reference", keys: "Mod-Alt-x", open: opens("referenceDialog") },
];

export const INSERTS: readonly Action[] = [
  { label: "table", keys: "Mod-Alt-t", open: opens("tableDialog") },
  { label: "figure", keys: "Mod-Alt-g", open: (room) => opens("figureDialog")(room) },
  { label: "callout", keys: "Mod-Alt-b", open: (room) => opens("calloutDialog")(room) },
  { label: "recommendation", keys: "Mod-Alt-r", open: (room) => opens("recommendationDialog")(room) },
];

export const COMMENT: Action = { label: "comment", icon: "comment", keys: "Mod-Alt-m", reads: true, open: opens("commentDialog") };

const finding = once(() => import("../find/panel.ts"));
const findPanels = new WeakMap<Room, FindPanel>();

async function openFind(room: Room): Promise<void> {
  try {
    const { FindPanel } = await finding();
    const panel = findPanels.get(room) ?? new FindPanel(room);
    findPanels.set(room, panel);
    panel.open();
  } catch {
    room.say(t("panel_failed"));
  }
}

export const FIND: Action = { label: "find", icon: "find", keys: "Mod-f", reads: true, open: openFind };

export const KEYBOARD: Action = { label: "keyboard", icon: "keyboard", keys: "Mod-/", reads: true, open: opens("keyboardDialog") };

export const HISTORY: readonly Action[] = [
  { label: "undo", icon: "undo", keys: "Mod-z", open: (room) => room.suggesting.undoing.run(), able: (room, state) => room.suggesting.undoing.can(state) },
  { label: "redo", icon: "redo", keys: "Mod-Shift-z", command: redo },
];

export const TABLE: readonly Action[] = [
  { label: "row_add_before", command: rowBefore },
  { label: "row_add_after", command: rowAfter },
  { label: "row_delete", command: deleteRow },
  { label: "row_up", keys: "Alt-Shift-ArrowUp", command: moveRowUp },
  { label: "row_down", keys: "Alt-Shift-ArrowDown", command: moveRowDown },
  { label: "column_add_before", command: columnBefore },
  { label: "column_add_after", command: columnAfter },
  { label: "column_delete", command: deleteColumn },
  { label: "column_back", keys: "Mod-Alt-Shift-ArrowLeft", command: moveColumnBack },
  { label: "column_on", keys: "Mod-Alt-Shift-ArrowRight", command: moveColumnOn },
  { label: "row_header", command: toggleHeaderRow },
  { label: "column_header", command: toggleHeaderColumn },
  { label: "cell_header", command: toggleHeader },
  { label: "cell_scope", open: opens("scopeDialog") },
  { label: "cells_merge", command: mergeCells },
  { label: "cells_split", command: splitCell },
  { label: "table_delete", command: deleteTable },
];

export const SUGGESTION: readonly Action[] = [
  { label: "accept", keys: "Mod-Alt-y", open: (room) => room.suggesting.decideHere("accept") },
  { label: "reject", keys: "Mod-Alt-n", open: (room) => room.suggesting.decideHere("reject") },
  { label: "suggest_previous", keys: "Mod-Alt-Shift-j", reads: true, open: (room) => room.suggesting.step(false) },
  { label: "suggest_next", keys: "Mod-Alt-j", reads: true, open: (room) => room.suggesting.step(true) },
];

export const SUGGEST: Action = {
  label: "suggest",
  icon: "suggest",
  keys: "Mod-Alt-s",
  open: (room) => room.suggesting.toggle(),
  pressed: (state) => modeOf(state).on,
};

export const KEYED: readonly Action[] = [...MARKS, ...BLOCKS, ...NOTES, ...INSERTS, COMMENT, FIND, SUGGEST, ...SUGGESTION, KEYBOARD, ...HISTORY, ...TABLE];
