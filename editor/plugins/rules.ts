/** What typing turns into: `# ` a heading, `- ` and `1. ` lists, `> ` a quotation. */
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import type { Plugin } from "prosemirror-state";
import { schema } from "../schema.ts";

const { heading, bullet_list, ordered_list, block_quote } = schema.nodes;

export const rules = (): Plugin =>
  inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,4})\s$/, heading!, (match) => ({ level: match[1]!.length })),
      wrappingInputRule(/^[-*•]\s$/, bullet_list!),
      wrappingInputRule(
        /^(\d{1,4})[.)]\s$/,
        ordered_list!,
        (match) => ({ start: Number(match[1]) }),
        (match, node) => node.childCount + Number(node.attrs["start"]) === Number(match[1]),
      ),
      wrappingInputRule(/^>\s$/, block_quote!),
      new InputRule(/\.\.\.$/, "…"),
    ],
  });
