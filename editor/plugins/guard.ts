/**
 * Asks the server's own rules before a change is made here, so that a step which would be refused
 * later, with the person's words in it, never comes into being.
 */
import { Plugin } from "prosemirror-state";
import { checkContent, checkStep } from "../guard.ts";
import { Refusal } from "../refusal.ts";

export const guard = (report: (refusal: Refusal) => void = () => undefined): Plugin =>
  new Plugin({
    filterTransaction(tr) {
      if (!tr.docChanged || tr.getMeta("collab$") !== undefined || tr.getMeta("rebased") !== undefined) return true;
      try {
        tr.steps.forEach((step, index) => checkStep(step, tr.docs[index]!));
        checkContent(tr.doc);
        return true;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        report(error);
        return false;
      }
    },
  });
