/** What every part of a plan asks: whose suggestion this is, what is one's own, and where to write it down. */
import type { Mark, Node } from "prosemirror-model";
import type { Transform } from "prosemirror-transform";
import { idsInside, newId } from "../ids.ts";
import { schema, type Was } from "../schema.ts";
import { edgeOf, idOf, wasOf } from "../suggestions.ts";
import type { Hull } from "./tokens.ts";

export type Op = (tr: Transform) => void;

/** Whether a suggestion is the person's own: theirs to change without suggesting again. */
export type Mine = (id: string) => boolean;

export class Brush {
  /** In the order of the text; carried out from the last to the first, so that every position stays right. */
  readonly ops: Op[] = [];
  readonly renamed = new Map<string, string>();
  #taken: Set<string> | null = null;

  constructor(
    readonly doc: Node,
    readonly id: string,
    readonly mine: Mine,
    readonly hull: Hull | null,
    readonly several: boolean,
  ) {}

  get insertion(): Mark {
    return schema.mark("insertion", { id: this.id });
  }

  get deletion(): Mark {
    return schema.mark("deletion", { id: this.id });
  }

  modification(was: Was, id = this.id): Mark {
    return schema.mark("modification", { id, was });
  }

  #own(marks: readonly Mark[], name: string): Mark | undefined {
    return marks.find((mark) => mark.type.name === name && this.mine(idOf(mark)));
  }

  ownInsertion(marks: readonly Mark[]): Mark | undefined {
    return this.#own(marks, "insertion");
  }

  ownDeletion(marks: readonly Mark[]): Mark | undefined {
    return this.#own(marks, "deletion");
  }

  ownEdge(marks: readonly Mark[], edge: string): Mark | undefined {
    return marks.find((mark) => edgeOf(mark) === edge && this.mine(idOf(mark)));
  }

  /** One's own earlier changes of form on something, which a further one continues. */
  ownForms(marks: readonly Mark[], key: "added" | "attrs"): Mark[] {
    return marks.filter((mark) => {
      const was = wasOf(mark);
      return was !== null && key in was && this.mine(idOf(mark));
    });
  }

  /** The block without identities that stand elsewhere already: what is suggested beside it keeps its own. */
  fresh(node: Node): Node {
    this.#taken ??= new Set(this.doc.children.flatMap((block) => idsInside(block)));
    if (node.isText) return node;
    const id = node.attrs["id"] as string | undefined;
    const attrs = id !== undefined && (id === "" || this.#taken.has(id)) ? { ...node.attrs, id: newId() } : node.attrs;
    if (id && attrs["id"] !== id) this.renamed.set(id, String(attrs["id"]));
    if (attrs["id"] !== undefined) this.#taken.add(String(attrs["id"]));
    return node.type.create(attrs, node.children.map((child) => this.fresh(child)), node.marks);
  }

  draw(tr: Transform): void {
    for (const op of [...this.ops].reverse()) op(tr);
  }
}
