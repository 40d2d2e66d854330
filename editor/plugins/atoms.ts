/** Clicks on small things in the line: a footnote opens, a citation or a reference opens its form. */
import { NodeSelection, Plugin } from "prosemirror-state";
import { openFootnote } from "../commands/footnote.ts";
import { opens } from "../dialogs/lazily.ts";
import type { Room } from "../room/room.ts";
import { selectedAtom } from "../commands/insert.ts";

function openSelected(room: Room): boolean {
  if (!room.view.editable) return false;
  if (selectedAtom(room.view.state, "citation")) void opens("citationDialog")(room);
  else if (selectedAtom(room.view.state, "cross_reference")) void opens("referenceDialog")(room);
  else return false;
  return true;
}

export const atoms = (room: Room): Plugin =>
  new Plugin({
    props: {
      handleClickOn(view, _position, node, nodePosition, _event, direct) {
        if (node.type.name === "footnote" && direct) return openFootnote(nodePosition)(view.state, view.dispatch);
        if (!direct || !["citation", "cross_reference"].includes(node.type.name)) return false;
        view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, nodePosition)));
        return true;
      },
      handleDoubleClick: () => openSelected(room),
      handleKeyDown: (_view, event) => event.key === "Enter" && openSelected(room),
    },
  });
