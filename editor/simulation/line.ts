/** The way between one page and the server: slow, lossy, cut off, or ending at somebody's sign-in page. */
import type { Asked, Reply, Server } from "./authority.ts";
import type { Luck } from "./luck.ts";
import type { Time } from "./time.ts";

export interface Weather {
  /** Milliseconds each way. */
  latency: number;
  /** The part of requests that get lost, on the way there or back. */
  loss: number;
}

/** What happens to requests for a while. */
export type Trouble = "offline" | "silent" | "signed-out" | "hotel" | "busy" | "refused" | "astray" | null;

export class Line {
  trouble: Trouble = null;
  /** Requests on the way; they reach the server even when the page that sent them is gone. */
  underWay = 0;
  strayed = 0;
  readonly #time: Time;
  readonly #luck: Luck;
  readonly #server: Server;
  readonly #owner: string;
  readonly weather: Weather;

  constructor(time: Time, luck: Luck, server: Server, owner: string, weather: Weather) {
    this.#time = time;
    this.#luck = luck;
    this.#server = server;
    this.#owner = owner;
    this.weather = weather;
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    const method = init.method ?? "GET";
    const body = init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : null;
    const lost = (): boolean => this.#luck.often(this.weather.loss / 2);
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(init.signal!.reason as Error));
      const noLine = (): void => void this.#later(() => reject(new TypeError("no line")));
      if (this.trouble === "offline" || lost()) return noLine();
      if (this.trouble === "silent") return;
      this.underWay++;
      // On its way it belongs to the network: a page that closes does not call it back.
      this.#time.after(
        this.#wait(),
        async () => {
          const reply = await this.#meet({ method, url, body, user: this.#owner });
          this.underWay--;
          if (lost() || this.trouble === "offline") return void this.#time.after(this.#wait(), () => reject(new TypeError("no answer")), this.#owner);
          this.#time.after(this.#wait(), () => resolve(response(reply)), this.#owner);
        },
        "network",
      );
    });
  }

  #later(work: () => void): void {
    this.#time.after(this.#wait(), work, this.#owner);
  }

  #wait(): number {
    return this.weather.latency * (0.5 + this.#luck.part());
  }

  async #meet(asked: Asked): Promise<Reply | "redirect" | "page"> {
    if (this.trouble === "signed-out") return "redirect";
    if (this.trouble === "hotel") return "page";
    if (this.trouble === "busy") return { status: this.#luck.of([429, 500, 502, 503]), body: {} };
    if (this.trouble === "refused" && asked.method === "POST") {
      this.trouble = null;
      return { status: 422, body: { error: "Not this." } };
    }
    const reply = await this.#server.answer(asked);
    if (this.trouble !== "astray" || !reply.body["hash"]) return reply;
    // The page is told that the text it built is not the server's.
    this.trouble = null;
    this.strayed++;
    return { ...reply, body: { ...reply.body, hash: "0".repeat(64) } };
  }
}

function response(reply: Reply | "redirect" | "page"): Response {
  const headers = { get: () => null };
  if (reply === "redirect") return { type: "opaqueredirect", status: 0, headers, text: async () => "" } as unknown as Response;
  if (reply === "page") return { type: "basic", status: 200, headers, text: async () => "<h1>Welcome</h1>" } as unknown as Response;
  return { type: "basic", status: reply.status, headers, text: async () => JSON.stringify(reply.body) } as unknown as Response;
}
