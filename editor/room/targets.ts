/** What a cross-reference can point at: this section as it stands, then the other sections. */
import type { Target } from "./config.ts";
import { targetsIn } from "./numbering.ts";
import type { Room } from "./room.ts";

export function everyTarget({ view, config }: Room): Target[] {
  const here = targetsIn(view.state.doc, config);
  const known = new Set(here.map(({ id }) => id));
  return [...here, ...config.targets.filter(({ id }) => !known.has(id))];
}
