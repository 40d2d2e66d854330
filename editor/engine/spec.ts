/** What the language consists of, for the renderers' completeness test and for the server's forms. */
import type { MarkType, NodeType } from "prosemirror-model";
import { CALLOUT_KINDS, CELL_SCOPES, RECOMMENDATION_KINDS, SCHEMA_VERSION, schema } from "../schema.ts";

const attributes = (type: NodeType | MarkType): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries((type.spec.attrs ?? {}) as Record<string, { default?: unknown }>).map(([name, attr]) => [
      name,
      "default" in attr ? { default: attr.default } : { required: true },
    ]),
  );

export function specification(): Record<string, unknown> {
  const nodes = Object.values(schema.nodes).map((type) => [
    type.name,
    {
      attrs: attributes(type),
      content: type.spec.content ?? "",
      inline: type.isInline,
      leaf: type.isLeaf,
      textblock: type.isTextblock,
    },
  ]);
  const marks = Object.values(schema.marks).map((type) => [type.name, { attrs: attributes(type) }]);
  return {
    version: SCHEMA_VERSION,
    nodes: Object.fromEntries(nodes),
    marks: Object.fromEntries(marks),
    callout_kinds: CALLOUT_KINDS,
    recommendation_kinds: RECOMMENDATION_KINDS,
    cell_scopes: CELL_SCOPES,
  };
}
