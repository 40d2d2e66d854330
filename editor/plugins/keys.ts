/** The keyboard. Tab moves in tables and lists and leaves the text everywhere else. */
import { baseKeymap, chainCommands, exitCode } from "prosemirror-commands";
import { redo } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { type Command, type Plugin, Selection } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import { setHeading, setParagraph } from "../commands/blocks.ts";
import { arrow, guardEdge, leaveFootnote } from "../commands/footnote.ts";
import { insertBreak, leaveBlock } from "../commands/insert.ts";
import { splitBlockPlain } from "../commands/split.ts";
import { nextCell } from "../commands/table.ts";
import { KEYED } from "../room/actions.ts";
import type { Room } from "../room/room.ts";
import { perform } from "../room/toolbar.ts";
import { schema } from "../schema.ts";

const item = schema.nodes["list_item"]!;

const toEdge =
  (edge: "start" | "end"): Command =>
  ({ tr, doc }, dispatch) => {
    dispatch?.(tr.setSelection(edge === "end" ? Selection.atEnd(doc) : Selection.atStart(doc)).scrollIntoView());
    return true;
  };

const toToolbar: Command = (_state, _dispatch, view) => {
  const first = view?.dom.closest("#writing-room")?.querySelector<HTMLElement>(".toolbar [tabindex='0']");
  first?.focus();
  return first !== undefined;
};

export function keys(room: Room): Plugin[] {
  const bindings: Record<string, Command> = {
    Enter: chainCommands(leaveFootnote, splitListItem(item), splitBlockPlain),
    "Shift-Enter": chainCommands(exitCode, insertBreak),
    Backspace: chainCommands(undoInputRule, guardEdge("start")),
    "Mod-Backspace": guardEdge("start"),
    Delete: guardEdge("end"),
    Escape: leaveFootnote,
    // Browsers stop at the last place they can edit themselves, short of a figure's caption.
    "Mod-End": toEdge("end"),
    "Mod-Home": toEdge("start"),
    ArrowLeft: arrow("left"),
    ArrowRight: arrow("right"),
    Tab: chainCommands(nextCell, sinkListItem(item)),
    "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(item)),
    "Mod-Enter": leaveBlock,
    "Mod-y": redo,
    "Mod-Alt-0": setParagraph,
    "Alt-F10": toToolbar,
  };
  for (const level of [1, 2, 3, 4]) bindings[`Mod-Alt-${level}`] = setHeading(level);
  for (const action of KEYED) {
    if (action.keys) bindings[action.keys] = action.command ?? (() => (perform(room, action), true));
  }
  return [keymap(bindings), keymap(baseKeymap)];
}
