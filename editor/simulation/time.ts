/**
 * Time that passes only when the story goes on. The clients' own timers (`setTimeout`, `Date.now`,
 * `AbortSignal.timeout`) run on it, so a minute offline costs nothing, and everybody's moments come in an
 * order that the seed decides. Whatever happens belongs to somebody; who sleeps hears of it on waking.
 */
type Work = () => unknown;

interface Moment {
  readonly at: number;
  readonly order: number;
  readonly owner: string;
  readonly work: Work;
}

const real = { setTimeout, clearTimeout, setImmediate, now: Date.now, random: Math.random, timeout: AbortSignal.timeout, fetch: globalThis.fetch };
/** Not 0: code may take a clock that stands at nothing for one that was never set. */
const BEGIN = 1_000_000_000_000;

export class Time {
  now = BEGIN;
  /** Whose moment this is: what is begun in it belongs to them, too. */
  owner = "";
  readonly #moments = new Map<number, Moment>();
  readonly #asleep = new Map<string, number>();
  #order = 0;

  get passed(): number {
    return this.now - BEGIN;
  }

  install(random: () => number, fetch: typeof globalThis.fetch): void {
    const globals = globalThis as unknown as Record<string, unknown>;
    globals["setTimeout"] = (work: Work, wait = 0) => this.after(wait, work);
    globals["clearTimeout"] = (id: number) => this.#moments.delete(id);
    globals["fetch"] = fetch;
    Date.now = () => this.now;
    Math.random = random;
    AbortSignal.timeout = (wait) => {
      const controller = new AbortController();
      this.after(wait, () => controller.abort(new DOMException("too late", "TimeoutError")));
      return controller.signal;
    };
  }

  uninstall(): void {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout, fetch: real.fetch });
    Object.assign(Date, { now: real.now });
    Object.assign(Math, { random: real.random });
    AbortSignal.timeout = real.timeout;
  }

  after(wait: number, work: Work, owner = this.owner): number {
    const order = ++this.#order;
    this.#moments.set(order, { at: this.now + Math.max(0, wait), order, owner, work });
    return order;
  }

  /** Nothing of theirs happens before then: a laptop that was closed. */
  sleep(owner: string, wait: number): void {
    this.#asleep.set(owner, this.now + wait);
  }

  wakeAll(): void {
    this.#asleep.clear();
  }

  /** Nothing of theirs happens any more: a page that was closed. */
  end(owner: string): void {
    for (const [order, moment] of this.#moments) if (moment.owner === owner) this.#moments.delete(order);
  }

  #next(): Moment | null {
    let next: Moment | null = null;
    for (const moment of this.#moments.values()) {
      const at = Math.max(moment.at, this.#asleep.get(moment.owner) ?? 0);
      if (!next || at < next.at || (at === next.at && moment.order < next.order)) next = { ...moment, at };
    }
    return next;
  }

  /** Theirs, and now. */
  async at(owner: string, work: Work): Promise<void> {
    this.owner = owner;
    await work();
    // Everything that was promised comes about before the next moment.
    await new Promise((done) => real.setImmediate(done as Work));
    this.owner = "";
  }

  /** Goes on for so long, or until `enough`. */
  async pass(milliseconds: number, enough: () => boolean = () => false): Promise<void> {
    const end = this.now + milliseconds;
    while (!enough()) {
      const next = this.#next();
      if (!next || next.at > end) break;
      this.#moments.delete(next.order);
      this.now = Math.max(this.now, next.at);
      await this.at(next.owner, next.work);
    }
    if (!enough()) this.now = Math.max(this.now, end);
  }
}
