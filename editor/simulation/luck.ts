/** A small generator of our own, so that a story that failed can be told again from its seed. */
export class Luck {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 1) | 0;
  }

  /** A whole number below. */
  below(limit: number): number {
    return Math.floor(this.part() * limit);
  }

  /** From 0 up to 1. */
  part(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  often(chance: number): boolean {
    return this.part() < chance;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}
