/** Says what a paste left out, and offers the pictures that came with it one by one. */
import { opens } from "../dialogs/lazily.ts";
import type { Cleaned } from "../paste/clean.ts";
import type { Room } from "./room.ts";
import { type Key, t } from "./strings.ts";

/** More than this would be a siege of dialogs. */
const MOST = 10;

/** Decoded here: the page's policy lets no address of that kind be fetched. */
function fileOf(address: string, number: number): File | null {
  const [, type, data] = /^data:(image\/[a-z+]+);base64,([\s\S]+)$/i.exec(address) ?? [];
  if (!type || !data) return null;
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return new File([bytes], `picture-${number}`, { type });
  } catch {
    return null;
  }
}

export async function tellPasted(room: Room, { lost, comments, struck, pictures }: Cleaned): Promise<void> {
  const files = pictures.map(fileOf).filter((file) => file !== null);
  const missing = lost + Math.max(0, files.length - MOST) + (pictures.length - files.length);
  const facts: [Key, number][] = [
    ["pasted_pictures", missing],
    ["pasted_comments", comments],
    ["pasted_struck", struck],
  ];
  const said = facts.filter(([, count]) => count > 0).map(([key, count]) => t(key, { count }));
  if (said.length) room.say([t("pasted"), ...said].join(" "));
  for (const file of files.slice(0, MOST)) await opens("figureDialog")(room, file);
}
