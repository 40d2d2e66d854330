/** The words of what is not saved yet, as plain text. */
import { sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import { Mapping, ReplaceAroundStep, ReplaceStep, type Step } from "prosemirror-transform";

/** The text around everything that was typed since the last save, block by block. */
export function unsavedWords(state: EditorState): string {
  const steps = sendableSteps(state)?.steps ?? [];
  const maps = steps.map((step) => step.getMap());
  const blocks = new Set<Node>();
  maps.forEach((map, index) => {
    const rest = new Mapping(maps.slice(index + 1));
    map.forEach((_oldFrom, _oldTo, newFrom, newTo) => {
      const from = Math.max(0, rest.map(newFrom, -1));
      const to = Math.min(state.doc.content.size, rest.map(newTo, 1));
      if (newTo > newFrom && from <= to) state.doc.nodesBetween(from, to, (node) => void (node.isTextblock && blocks.add(node)));
    });
  });
  return [...blocks]
    .map((block) => block.textContent.trim())
    .filter(Boolean)
    .join("\n\n");
}

/** The words inside steps that fit nowhere any more. */
export function wordsOf(steps: readonly Step[]): string {
  const texts: string[] = [];
  for (const step of steps) {
    if (step instanceof ReplaceStep || step instanceof ReplaceAroundStep) texts.push(step.slice.content.textBetween(0, step.slice.content.size, "\n\n"));
  }
  return texts.join("").trim();
}
