/** Milliseconds without an answer after which a request is given up and made again. */
const PATIENCE = 20_000;

/** Requests to the server, with one CSRF token that may change when the person signs in anew. */
export class Wire {
  #csrf: string;
  readonly #user: string;

  constructor(csrf: string, user = "") {
    this.#csrf = csrf;
    this.#user = user;
  }

  get csrf(): string {
    return this.#csrf;
  }

  async #ask(url: string, init: RequestInit, patience: number): Promise<Answer> {
    try {
      const signal = AbortSignal.timeout(patience);
      const response = await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal, ...init });
      // A redirect means the sign-in page: private addresses answer every stranger so.
      if (response.type === "opaqueredirect") return { status: 401, body: {}, retryAfter: 0 };
      const body = read(await response.text());
      if (typeof body["csrf"] === "string") this.#csrf = body["csrf"];
      return { status: response.status, body, retryAfter: Number(response.headers.get("Retry-After")) || 0 };
    } catch (error) {
      // Cut off in the middle, or silent for too long (a laptop that slept): no answer is no answer.
      throw error instanceof TypeError ? error : new TypeError("no answer", { cause: error });
    }
  }

  get(url: string): Promise<Answer> {
    return this.#ask(url, { headers: { Accept: "application/json" } }, PATIENCE);
  }

  post(url: string, body: unknown): Promise<Answer> {
    const headers = { ...this.#ours(), "Content-Type": "application/json" };
    return this.#ask(url, { method: "POST", headers, body: JSON.stringify(body) }, PATIENCE);
  }

  upload(url: string, form: FormData): Promise<Answer> {
    return this.#ask(url, { method: "POST", headers: this.#ours(), body: form }, PATIENCE * 10);
  }

  #ours(): Record<string, string> {
    // Who this page belongs to: another person may have signed in in this browser since.
    return { "X-CSRFToken": this.#csrf, "X-Writing-As": this.#user, Accept: "application/json" };
  }
}

/** A proxy's error page is not JSON; the status says enough. */
function read(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds, 0 when the server did not say. */
  readonly retryAfter: number;
}
