/** What the person may do in this section, when the lead author changes it while the page is open. */
import type { Config } from "./config.ts";
import type { Room } from "./room.ts";
import { t } from "./strings.ts";

type Heeding = Pick<Room, "config" | "say" | "view"> & { readonly suggesting: Pick<Room["suggesting"], "suggestOnly"> };

const known = (right: unknown): right is Config["right"] => right === "edit" || right === "suggest" || right === "read";

/** A function that is told the right as it is now. */
export function heed(room: Heeding): (right: unknown) => Promise<void> {
  const { config } = room;
  // What may only be read was opened without what writing needs.
  const opened = config.canEdit;
  return async (right) => {
    if (!known(right) || right === config.right) return;
    config.right = right;
    if (!opened) return right === "read" ? undefined : room.say(t("right_reload"));
    config.canEdit = right !== "read";
    if (right === "suggest") await room.suggesting.suggestOnly();
    room.view.dispatch(room.view.state.tr.setMeta("addToHistory", false));
    room.say(t(right === "suggest" ? "suggest_only" : right === "edit" ? "right_edit" : "forbidden"));
  };
}
