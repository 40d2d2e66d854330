/**
 * Several people write in one section at once, on bad lines, with laptops that sleep and browsers that
 * are closed; then the lines are good again. Whatever happened, all must come to the same text as the
 * server, everybody must get there, and no word may be gone that nobody took out.
 */
import { Node } from "prosemirror-model";
import { documentHash } from "../hash.ts";
import { schema } from "../schema.ts";
import { type Asked, Authority, type Reply, type Server } from "./authority.ts";
import { Device } from "./device.ts";
import { Line, type Trouble, type Weather } from "./line.ts";
import { Luck } from "./luck.ts";
import { opening } from "./opening.ts";
import { Time } from "./time.ts";
import { counted, read, Words } from "./words.ts";
import { Writer } from "./writer.ts";

export interface Told {
  seed: number;
  clients: number;
  changes: Record<string, number>;
  steps: number;
  /** How many steps of each kind reached the server's text. */
  kinds: Record<string, number>;
  /** Why words were handed back, and how often. */
  handed: Record<string, number>;
  troubles: Record<string, number>;
  words: number;
  offered: number;
  /** What must not be: each with a sentence. */
  diverged: string[];
  wedged: string[];
  lost: string[];
  doubled: string[];
  refused: string[];
  faults: string[];
}

export interface How {
  clients?: number;
  changes?: number;
  server?: Server;
}

/** How long everybody has, once the lines are good, in virtual milliseconds. */
const PATIENCE = 300_000;
const WEATHERS: readonly Weather[] = [
  { latency: 3, loss: 0 },
  { latency: 40, loss: 0.02 },
  { latency: 200, loss: 0.2 },
];
const TROUBLES: readonly Exclude<Trouble, null>[] = ["offline", "offline", "silent", "signed-out", "hotel", "busy"];

class Story {
  readonly time = new Time();
  readonly luck: Luck;
  readonly words = new Words();
  readonly writers: Writer[] = [];
  readonly gone: Writer[] = [];
  readonly devices = new Map<string, Device>();
  readonly lines = new Map<string, Line>();
  readonly troubles = new Map<string, number>();
  readonly kinds = new Map<string, number>();
  readonly faults: string[] = [];
  readonly server: Server;
  /** What a hand-back for refused steps was asked for by the story itself. */
  injected = 0;
  healed = false;
  #pages = 0;

  constructor(seed: number, server: Server | undefined, start: Node) {
    this.luck = new Luck(seed);
    this.server = server ?? new Authority(start);
    const fetch = (url: unknown, init: RequestInit = {}): Promise<Response> => this.lines.get(this.time.owner)!.fetch(String(url), init);
    this.time.install(() => this.luck.part(), fetch as never);
  }

  async page(device: Device): Promise<Writer> {
    const name = `c${this.#pages++}`;
    const weather = { ...this.luck.of(WEATHERS) };
    if (this.healed) weather.loss = 0;
    const line = new Line(this.time, this.luck, { answer: (asked) => this.#answer(asked), stored: () => this.server.stored() }, name, weather);
    this.lines.set(name, line);
    this.devices.set(name, device);
    const writer = new Writer(name, this.luck, this.words, line, device);
    const live = this.luck.often(0.5);
    writer.session.live = live;
    if (live && this.server instanceof Authority) {
      this.server.listeners.add((version) => {
        if (line.trouble === "offline" || this.luck.often(weather.loss)) return;
        this.time.after(weather.latency, () => writer.here && writer.session.connection.hear(version), name);
      });
    }
    this.writers.push(writer);
    this.time.after(0, () => void writer.open().catch((error: unknown) => this.faults.push(`${name}: ${String(error)}`)), name);
    return writer;
  }

  note(trouble: string): void {
    this.troubles.set(trouble, (this.troubles.get(trouble) ?? 0) + 1);
  }

  async #answer(asked: Asked): Promise<Reply> {
    const reply = await this.server.answer(asked);
    if (asked.method === "POST" && reply.status === 200) {
      for (const step of asked.body!["steps"] as { stepType: string }[]) this.kinds.set(step.stepType, (this.kinds.get(step.stepType) ?? 0) + 1);
    }
    return reply;
  }

  act(writer: Writer): void {
    try {
      writer.act();
    } catch (error) {
      const told = error instanceof Error ? error.stack?.split("\n").slice(0, 6).join(" ") : String(error);
      this.faults.push(`${writer.name} could not act: ${told}`);
    }
  }

  /** Something goes wrong for one of them, for a while. */
  async mishap(): Promise<void> {
    const writer = this.luck.of(this.writers);
    if (!writer) return;
    const act = this.luck.below(10);
    if (act < 5) {
      const trouble = this.luck.of(TROUBLES);
      this.note(trouble);
      writer.line.trouble = trouble;
      this.time.after(this.luck.between(500, 90_000), () => (writer.line.trouble = writer.line.trouble === trouble ? null : writer.line.trouble), "weather");
    } else if (act < 7) {
      this.note("asleep");
      this.time.sleep(writer.name, this.luck.between(1_000, 600_000));
    } else if (act < 9) await this.#closeAndComeBack(writer);
    else if (this.luck.often(0.3)) {
      this.note("astray");
      writer.line.trouble = "astray";
    } else if (this.server instanceof Authority && this.luck.often(0.7)) {
      this.note("restart");
      this.server.restart();
    } else {
      this.note("refused");
      this.injected++;
      writer.line.trouble = "refused";
    }
  }

  async #closeAndComeBack(writer: Writer): Promise<void> {
    if (!writer.here) return;
    this.note("closed");
    const device = this.devices.get(writer.name)!;
    await this.time.at(writer.name, async () => {
      if (!(await writer.session.keepNow())) this.faults.push(`${writer.name}: could not keep`);
    });
    writer.session.connection.stop();
    this.time.end(writer.name);
    device.closed(writer.name);
    this.gone.push(writer);
    this.writers.splice(this.writers.indexOf(writer), 1);
    this.time.after(this.luck.between(0, 20_000), () => this.page(device), "weather");
  }
}

const add = (into: Record<string, number>, from: ReadonlyMap<string, number>): void => {
  for (const [name, count] of from) into[name] = (into[name] ?? 0) + count;
};

/** Tells one story and what came of it. */
export async function tell(seed: number, { clients = 5, changes = 60, server }: How = {}): Promise<Told> {
  const story = new Story(seed, server, opening());
  const { time, luck, words } = story;
  const uncaught = (error: unknown): void => void story.faults.push(`unhandled: ${String(error)}`);
  process.on("unhandledRejection", uncaught);
  const errors = console.error;
  console.error = (error: unknown) => void story.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  try {
    // The last two are two tabs of one browser.
    for (let index = 0; index < clients; index++) {
      await story.page(index === clients - 1 ? story.devices.get(story.writers[index - 1]!.name)! : new Device());
    }
    await time.pass(2_000);
    for (let made = 0; made < changes; made++) {
      const writer = luck.of(story.writers);
      if (writer?.here) await time.at(writer.name, () => story.act(writer));
      if (luck.often(0.12)) await story.mishap();
      await time.pass(luck.often(0.85) ? luck.below(400) : luck.below(15_000));
    }
    story.healed = true;
    for (const line of story.lines.values()) {
      line.trouble = null;
      line.weather.loss = 0;
    }
    time.wakeAll();
    const done = (): boolean => story.writers.length === clients && story.writers.every((each) => each.settled);
    for (let round = 0; round < 3; round++) {
      await time.pass(PATIENCE, done);
      // Whoever is waiting to come back, or to be told, has time for it.
      await time.pass(21_000);
    }
    return await judge(story, seed, clients, story.server, words);
  } finally {
    console.error = errors;
    process.off("unhandledRejection", uncaught);
    time.uninstall();
  }
}

async function judge(story: Story, seed: number, clients: number, server: Server, words: Words): Promise<Told> {
  const stored = await server.stored();
  const doc = Node.fromJSON(schema, stored.doc);
  const everybody = [...story.writers, ...story.gone];
  const told: Told = {
    ...{ seed, clients, changes: {}, steps: stored.version, kinds: Object.fromEntries(story.kinds), handed: {}, troubles: Object.fromEntries(story.troubles) },
    ...{ words: words.all.size, offered: 0, diverged: [], wedged: [], lost: [], doubled: [], refused: [], faults: story.faults },
  };
  for (const writer of everybody) {
    add(told.changes, writer.kinds);
    add(told.handed, writer.handed);
  }
  if (documentHash(doc) !== stored.hash) told.diverged.push("the server's text is not that of its own hash");
  for (const writer of story.writers) {
    if (!writer.settled) told.wedged.push(`${writer.name} is at “${writer.reported || "not open"}” with ${writer.here ? writer.session.connection.unsaved : 0} changes`);
    else if (writer.hash !== stored.hash || !writer.state.doc.eq(doc)) told.diverged.push(`${writer.name} has another text than the server`);
  }
  const strayed = [...story.lines.values()].reduce((sum, line) => sum + line.strayed, 0);
  if ((told.handed["diverged"] ?? 0) > strayed) told.diverged.push(`${told.handed["diverged"]} pages noticed that they had come apart, ${strayed} of them led astray`);
  if ((told.handed["refused"] ?? 0) > story.injected) told.refused.push(`${told.handed["refused"]} refusals, ${story.injected} of them wanted`);
  const count = counted(read(doc));
  for (const [word, author] of words.all) {
    const times = count.get(word) ?? 0;
    if (times === 0 && words.offered.has(word)) told.offered++;
    else if (times === 0 && !words.deleted.has(word)) told.lost.push(`${word} of ${author}`);
    if (times > 1 && !words.copied.has(word)) told.doubled.push(`${word} of ${author}, ${times} times`);
  }
  return told;
}
