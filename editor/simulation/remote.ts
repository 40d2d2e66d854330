/**
 * The real server, asked by whoever started this process: each question is a line of JSON on the output,
 * its answer the next line of the input. So cookies and tokens stay where they are known.
 */
import { createInterface } from "node:readline";
import type { Node } from "prosemirror-model";
import { SCHEMA_VERSION } from "../schema.ts";
import type { Asked, Reply, Server } from "./authority.ts";

export class Remote implements Server {
  readonly #lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

  async answer(asked: Asked): Promise<Reply> {
    process.stdout.write(`${JSON.stringify({ ask: asked })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("nobody answers any more");
    return JSON.parse(String(value)) as Reply;
  }

  async stored(): Promise<{ doc: unknown; hash: string; version: number }> {
    return (await this.answer({ method: "GET", url: "/document", body: null, user: "c0" })).body as never;
  }

  /** Puts the story's first text in the place of what is there. */
  async begin(opening: Node, seed: number): Promise<void> {
    const { doc, version } = await this.stored();
    const { schema } = opening.type;
    const to = schema.nodeFromJSON(doc).content.size;
    const step = { stepType: "replace", from: 0, to, slice: { content: opening.content.toJSON() as unknown } };
    const body = { version, client: "begin", key: `begin-${seed}-${version}`, schema: SCHEMA_VERSION, steps: [step] };
    const { status, body: told } = await this.answer({ method: "POST", url: "/steps", body, user: "c0" });
    if (status !== 200) throw new Error(`the first text was refused: ${JSON.stringify(told)}`);
  }
}
