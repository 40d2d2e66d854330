/**
 * What comes in and goes out by the clipboard. A copy gets ids of its own, also in another section;
 * a cut keeps them, so that comments follow the words they belong to. Pictures open the figure form.
 */
import { Fragment, type Node, Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { PICTURES } from "../dialogs/simple.ts";
import { CONTROLS } from "../guard.ts";
import { carriesId } from "../ids.ts";

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

export function clipboard(picture: (file: File) => void): Plugin {
  let copying = false;
  const remember = (copy: boolean) => (): boolean => {
    copying = copy;
    return false;
  };
  return new Plugin({
    props: {
      handleDOMEvents: { copy: remember(true), cut: remember(false), dragstart: remember(false) },
      transformCopied: (slice) => (copying ? mapSlice(slice, withoutId) : slice),
      transformPasted: (slice) => mapSlice(slice, storable),
      handlePaste(view, event) {
        const file = pictureIn(event.clipboardData);
        if (!file || !view.editable || event.clipboardData?.types.includes("text/html")) return false;
        picture(file);
        return true;
      },
      handleDrop(view, event) {
        const file = pictureIn(event.dataTransfer);
        if (!file || !view.editable) return false;
        event.preventDefault();
        picture(file);
        return true;
      },
    },
  });
}
