/** The stories of editor/simulation/, told short; `bench/faults/convergence.py` tells thousands. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { tell, type Told } from "../simulation/story.ts";

const SEEDS = Number(process.env["SEEDS"] ?? 20);
/** Stories that once told of a fault: told again whatever SEEDS says. */
const AGAIN = [73, 632, 2223, 2570];

describe("five pages that write in one section", () => {
  const told: Told[] = [];
  const sum = (of: (each: Told) => number): number => told.reduce((total, each) => total + of(each), 0);
  const all = (of: "diverged" | "wedged" | "lost" | "doubled" | "refused" | "faults"): string[] => told.flatMap((each) => each[of].map((what) => `${each.seed}: ${what}`));

  beforeAll(async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    for (let seed = 1; seed <= SEEDS; seed++) told.push(await tell(seed));
    for (const seed of AGAIN) if (seed > SEEDS) told.push(await tell(seed));
  }, 600_000);

  it("all come to the server's text, whatever they do and whenever they hear of it", () => {
    expect(all("diverged")).toEqual([]);
    expect(sum((each) => each.steps)).toBeGreaterThan(SEEDS * 20);
  });

  it("are all saved in the end, however bad the line was", () => {
    expect(all("wedged")).toEqual([]);
    for (const trouble of ["offline", "silent", "signed-out", "hotel", "busy", "asleep", "closed", "restart"]) {
      expect(sum((each) => each.troubles[trouble] ?? 0), trouble).toBeGreaterThan(0);
    }
  });

  it("lose no word that nobody took out, and double none that nobody copied", () => {
    expect(all("lost")).toEqual([]);
    expect(all("doubled")).toEqual([]);
    expect(sum((each) => each.words)).toBeGreaterThan(SEEDS * 10);
  });

  it("send nothing that the server refuses, and nothing throws", () => {
    expect(all("refused")).toEqual([]);
    expect(all("faults")).toEqual([]);
  });

  it("make steps of every kind", () => {
    const kinds = new Set(told.flatMap((each) => Object.keys(each.kinds)));
    expect(kinds).toEqual(new Set(["replace", "replaceAround", "addMark", "removeMark", "addNodeMark", "removeNodeMark", "attr"]));
  });

  it("write the same story for the same seed, so that a failure can be looked at", async () => {
    const { handed, steps, kinds } = told[6]!;
    expect(await tell(7)).toMatchObject({ handed, steps, kinds });
  });
});
