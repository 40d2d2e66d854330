/**
 * What typing turns into: `# ` a heading, `- ` and `1. ` lists, `> ` a quotation, `**…**` and `_…_`
 * strong and slanted words, `^…^` and `~…~` high and low ones, `[^` a footnote, an address a link.
 * Backspace right after takes it back.
 */
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import type { MarkType } from "prosemirror-model";
import { type Plugin, TextSelection } from "prosemirror-state";
import { newId } from "../ids.ts";
import { isAllowedLink, schema } from "../schema.ts";

const { heading, bullet_list, ordered_list, block_quote, footnote } = schema.nodes;

/** Words between two signs. `own` may not stand among them, nor may anything that is not text. */
function between(sign: string, own: string, type: MarkType, inWords = false): InputRule {
  const size = sign.replaceAll("\\", "").length;
  const edge = `[^${own}\\s\\ufffc]`;
  const before = inWords ? "(^|[\\s\\p{P}\\p{L}\\p{N}])" : "(^|[\\s\\p{P}])";
  return new InputRule(new RegExp(`${before}${sign}(${edge}(?:[^${own}\\ufffc]*${edge})?)${sign}$`, "u"), (state, match, start, end) => {
    const from = start + match[1]!.length;
    const length = match[2]!.length;
    if (!state.doc.resolve(from).parent.type.allowsMarkType(type)) return null;
    // The last sign's last character is not in the text yet.
    const tr = state.tr.delete(from + size + length, end).delete(from, from + size);
    return tr.addMark(from, from + length, type.create()).removeStoredMark(type);
  });
}

const note = new InputRule(/\[\^$/, (state, _match, start, end) => {
  const { $from } = state.selection;
  if (!$from.parent.canReplaceWith($from.index(), $from.index(), footnote!)) return null;
  const tr = state.tr.replaceWith(start, end, footnote!.create({ id: newId() }));
  return tr.setSelection(TextSelection.create(tr.doc, start + 1));
});

const address = new InputRule(/(?:^|[\s(])(https?:\/\/[^\s<>"'`\\\ufffc]{3,500})\s$/, (state, match, _start, end) => {
  const href = match[1]!.replace(/[.,;:!?)\]}]+$/, "");
  const from = end - match[1]!.length;
  const link = schema.marks["link"]!;
  if (!isAllowedLink(href) || state.doc.rangeHasMark(from, end, link)) return null;
  const typed = match[0].slice(-1);
  return state.tr.addMark(from, from + href.length, link.create({ href })).insertText(typed, end).removeStoredMark(link);
});

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
      between("\\*\\*", "*", schema.marks["strong"]!),
      between("_", "_", schema.marks["em"]!),
      between("\\^", "\\^", schema.marks["superscript"]!, true),
      between("~", "~", schema.marks["subscript"]!, true),
      note,
      address,
      new InputRule(/\.\.\.$/, "…"),
      new InputRule(/(?<![-])--\s$/, "– "),
    ],
  });
