/**
 * Reads where the cursor is before a key is acted on. The browser moves the cursor at once and tells of it
 * later; on a busy machine the next key comes in between, and would act where the cursor was before.
 */
import { Plugin } from "prosemirror-state";

export const settled = (): Plugin =>
  new Plugin({
    props: {
      handleDOMEvents: {
        keydown: ({ dom }) => {
          // What the browser will say anyway: the view compares, and changes its selection only if it is news.
          dom.ownerDocument.dispatchEvent(new Event("selectionchange"));
          return false;
        },
      },
    },
  });
