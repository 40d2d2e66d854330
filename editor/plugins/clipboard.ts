/**
 * What comes in and goes out by the clipboard. A copy gets ids of its own, also in another section;
 * a cut keeps them, so that comments follow the words they belong to. What other programs put there is
 * cleaned first (editor/paste, loaded once the room stands). Pictures open the figure form.
 */
import { toggleMark } from "prosemirror-commands";
import { Fragment, type Node, Slice } from "prosemirror-model";
import { type EditorState, Plugin, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { PICTURES } from "../room/pictures.ts";
import { CONTROLS } from "../guard.ts";
import { carriesId } from "../ids.ts";
import type { Cleaned } from "../paste/clean.ts";
import { isAllowedLink, schema } from "../schema.ts";

function mapNodes(fragment: Fragment, change: (node: Node) => Node): Fragment {
  const nodes: Node[] = [];
  fragment.forEach((node) => {
    const inner = node.isText ? node : node.copy(mapNodes(node.content, change));
    nodes.push(change(inner));
  });
  return Fragment.fromArray(nodes);
}

const mapSlice = (slice: Slice, change: (node: Node) => Node): Slice =>
  new Slice(mapNodes(slice.content, change), slice.openStart, slice.openEnd);

const withoutId = (node: Node): Node =>
  carriesId(node) ? node.type.create({ ...node.attrs, id: "" }, node.content, node.marks) : node;

function storable(node: Node): Node {
  if (!node.isText) return node;
  const text = node.text!.toWellFormed().replace(CONTROLS, "");
  return text === node.text ? node : node.type.schema.text(text || " ", node.marks);
}

const pictureIn = (data: DataTransfer | null): File | undefined =>
  [...(data?.files ?? [])].find(({ type }) => PICTURES.split(",").includes(type));

/** An address pasted over words makes them a link. */
function linked(state: EditorState, text: string): ((view: EditorView) => void) | null {
  const { $from, $to, empty } = state.selection;
  const href = text.trim();
  if (!isAllowedLink(href) || !$from.sameParent($to) || !$from.parent.inlineContent) return null;
  const link = schema.marks["link"]!;
  if (empty) return (view) => view.dispatch(view.state.tr.replaceSelectionWith(schema.text(href, [...$from.marks(), link.create({ href })]), false).removeStoredMark(link).scrollIntoView());
  return (view) => toggleMark(link, { href }, { removeWhenPresent: false })(view.state, view.dispatch);
}

/** Whether the person asked for the bare words (Shift): the view knows, and tells nobody else. */
const bare = (view: EditorView): boolean => (view as unknown as { input?: { shiftKey?: boolean } }).input?.shiftKey === true;

const ours = (html: string): boolean => html.includes("data-pm-slice");

export interface Pasting {
  readonly language: string;
  picture(file: File): void;
  /** Loads what tells of things left out, and of pictures that came along whole. */
  telling(): Promise<(what: Cleaned) => unknown>;
}

export function clipboard({ language, picture, telling }: Pasting): Plugin {
  const load = (): Promise<[typeof import("../paste/clean.ts"), (what: Cleaned) => unknown]> => Promise.all([import("../paste/clean.ts"), telling()]);
  let copying = false;
  let clean = false;
  const remember = (copy: boolean) => (): boolean => {
    copying = copy;
    return false;
  };
  const put = (view: EditorView, html: string): void => {
    clean = true;
    try {
      view.pasteHTML(html);
    } finally {
      clean = false;
    }
  };
  /** True when the clipboard holds another program's words: they go in once they are cleaned. */
  const takeUp = (view: EditorView, data: DataTransfer | null): boolean => {
    const html = data?.getData("text/html") ?? "";
    const text = data?.getData("text/plain") ?? "";
    if (ours(html) || bare(view)) return false;
    if (!html && !/[\r\n]/.test(text.trim())) return false;
    // The clipboard is emptied once this event is over.
    const file = pictureIn(data);
    void load().then(
      ([paste, tell]) => {
        if (!html) return put(view, paste.cleanText(text));
        const made = paste.clean(html, language);
        // "Copy image" in a browser: the address of the picture, and the picture itself.
        if (file && paste.isPicture(made)) return picture(file);
        put(view, made.html);
        tell(made);
      },
      // Without a connection the cleaner may not have come: the schema alone keeps out what is not ours.
      () => (html ? put(view, html) : view.pasteText(text)),
    );
    return true;
  };
  return new Plugin({
    view() {
      setTimeout(() => void load().catch(() => undefined), 3_000);
      return {};
    },
    props: {
      handleDOMEvents: { copy: remember(true), cut: remember(false), dragstart: remember(false) },
      transformCopied: (slice) => (copying ? mapSlice(slice, withoutId) : slice),
      // Not read before it is cleaned: see handlePaste and handleDrop.
      transformPastedHTML: (html) => (clean || ours(html) ? html : ""),
      transformPasted: (slice) => mapSlice(slice, storable),
      handlePaste(view, event) {
        if (clean || !view.editable) return false;
        const file = pictureIn(event.clipboardData);
        const types = event.clipboardData?.types ?? [];
        if (file && !types.includes("text/html")) {
          picture(file);
          return true;
        }
        const link = types.includes("text/html") && view.state.selection.empty ? null : linked(view.state, event.clipboardData?.getData("text/plain") ?? "");
        if (link && !bare(view)) {
          link(view);
          return true;
        }
        return takeUp(view, event.clipboardData);
      },
      handleDrop(view, event) {
        const file = pictureIn(event.dataTransfer);
        if (!view.editable || view.dragging || (!file && ours(event.dataTransfer?.getData("text/html") ?? ""))) return false;
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (place) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(place.pos))));
        if (file) picture(file);
        else if (!takeUp(view, event.dataTransfer)) return false;
        event.preventDefault();
        return true;
      },
    },
  });
}
