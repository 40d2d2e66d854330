/** What a browser keeps on the device (room/keep.ts), without the browser: text, as it would be sealed. */
import type { Keeping, Kept, Rescued } from "../room/keep.ts";

export class Device {
  readonly steps = new Map<string, string>();
  readonly words = new Map<string, string>();
  readonly locks = new Map<string, string>();

  /** As one open page uses it. */
  page(page: string): Keeping {
    const { steps, words, locks } = this;
    const claim = (client: string): boolean => {
      if (locks.has(client)) return false;
      locks.set(client, page);
      return true;
    };
    return {
      async takeUp() {
        for (const text of [...steps.values()]) {
          const kept = JSON.parse(text) as Kept;
          if (claim(kept.client)) return kept;
        }
        return null;
      },
      rescued: async () => [...words.values()].map((text) => JSON.parse(text) as Rescued),
      claim: async (client) => claim(client),
      keep: async (kept) => Boolean(steps.set(kept.client, JSON.stringify(kept))),
      keepWords: async (rescued) => Boolean(words.set(rescued.id, JSON.stringify(rescued))),
      async forget(id) {
        steps.delete(id);
        words.delete(id);
        return true;
      },
    };
  }

  /** The page is closed: its locks are free. */
  closed(page: string): void {
    for (const [client, holder] of this.locks) if (holder === page) this.locks.delete(client);
  }
}
