import { describe, expect, it } from "vitest";
import { converge } from "./convergence.ts";

const SEEDS = Number(process.env["SEEDS"] ?? 40);

describe("several editors of one section", () => {
  it("all come to the engine's document, whatever they do and whenever they hear of it", () => {
    let steps = 0;
    for (let seed = 1; seed <= SEEDS; seed++) steps += converge(seed, 3, 120).steps;
    expect(steps).toBeGreaterThan(SEEDS * 20);
  }, 600_000);

  it("gives the same story for the same seed, so that a failure can be looked at", () => {
    expect(converge(7, 2, 60).steps).toBe(converge(7, 2, 60).steps);
  });
});
