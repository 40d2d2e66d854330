/** The dialogs of the room, in one piece that is loaded after the text. */
export { editAttributes } from "./attributes.ts";
export { citationDialog } from "./citation.ts";
export { commentDialog } from "./comment.ts";
export { keyboardDialog } from "./keyboard.ts";
export { referenceDialog } from "./reference.ts";
export { calloutDialog, figureDialog, languageDialog, linkDialog, recommendationDialog, scopeDialog, tableDialog } from "./simple.ts";
