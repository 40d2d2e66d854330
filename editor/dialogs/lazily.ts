/** Dialogs by name: their code comes when the first is opened, or once the room stands and nobody waits. */
import { once } from "../room/once.ts";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";

type Every = typeof import("./every.ts");

const load = once(() => import("./every.ts"));

/** Offline dialogs must open too. */
export const loadDialogs = (): void => void setTimeout(() => void load().catch(() => undefined), 2_500);

/** Opens the dialog of that name. */
export const opens =
  <Name extends keyof Every>(name: Name) =>
  async (room: Room, ...more: Parameters<Every[Name]> extends [Room, ...infer Rest] ? Rest : never): Promise<void> => {
    let every: Every;
    try {
      every = await load();
    } catch {
      return room.say(t("panel_failed"));
    }
    await (every[name] as (room: Room, ...rest: unknown[]) => unknown)(room, ...more);
  };
