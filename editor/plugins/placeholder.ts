/** What an empty section says before the first word. */
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { t } from "../room/strings.ts";

export const placeholder = (): Plugin =>
  new Plugin({
    props: {
      decorations({ doc }) {
        const first = doc.firstChild;
        if (doc.childCount !== 1 || first?.type.name !== "paragraph" || first.content.size) return null;
        return DecorationSet.create(doc, [Decoration.node(0, first.nodeSize, { class: "empty", "data-placeholder": t("empty") })]);
      },
    },
  });
