/**
 * Blocks with a head of their own: a table's caption, a callout's kind and title, a
 * recommendation's addressee, a figure's picture. The head says what the attributes say and opens
 * their form; the content stays the editor's.
 */
import type { Node } from "prosemirror-model";
import type { EditorView, NodeView, NodeViewConstructor, ViewMutationRecord } from "prosemirror-view";
import { el } from "../room/dom.ts";
import { t } from "../room/strings.ts";

export interface BlockParts {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;
  /** Writes the attributes into the head; called again whenever they change. */
  show(node: Node): void;
}

class BlockView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;
  readonly #parts: BlockParts;
  #node: Node;

  constructor(node: Node, parts: BlockParts) {
    this.#node = node;
    this.#parts = parts;
    this.dom = parts.dom;
    this.contentDOM = parts.contentDOM;
    parts.show(node);
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#parts.show(node);
    return true;
  }

  stopEvent(event: Event): boolean {
    return (event.target as Element).closest(".block-head") !== null;
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

export type EditBlock = (view: EditorView, position: number) => void;

/** The edit button of a head; it has nothing to do in a text one may only read. */
function editButton(view: EditorView, getPos: () => number | undefined, edit: EditBlock, what: string): HTMLElement {
  const open = (): void => {
    const position = getPos();
    if (position !== undefined) edit(view, position);
  };
  const label = `${t("edit")}: ${what}`;
  return el("button", { type: "button", class: "block-edit", "aria-label": label, click: open, hidden: !view.editable }, t("edit"));
}

export type MakeParts = (head: HTMLElement, button: HTMLElement) => BlockParts;

export const blockView =
  (what: () => string, edit: EditBlock, make: MakeParts): NodeViewConstructor =>
  (node, view, getPos) => {
    const head = el("div", { class: "block-head", contenteditable: "false" });
    return new BlockView(node, make(head, editButton(view, getPos, edit, what())));
  };
