/** Requests to the server, with one CSRF token that may change when the person signs in anew. */
export class Wire {
  #csrf: string;

  constructor(csrf: string) {
    this.#csrf = csrf;
  }

  get csrf(): string {
    return this.#csrf;
  }

  async #ask(url: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...init });
    // A redirect means the sign-in page: private addresses answer every stranger so.
    if (response.type === "opaqueredirect") return { status: 401, body: {}, retryAfter: 0 };
    let body: Record<string, unknown> = {};
    try {
      body = (await response.json()) as Record<string, unknown>;
    } catch {
      // A proxy's error page is not JSON; the status says enough.
    }
    if (typeof body["csrf"] === "string") this.#csrf = body["csrf"];
    return { status: response.status, body, retryAfter: Number(response.headers.get("Retry-After")) || 0 };
  }

  get(url: string): Promise<Answer> {
    return this.#ask(url, { headers: { Accept: "application/json" } });
  }

  post(url: string, body: unknown): Promise<Answer> {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.#csrf, Accept: "application/json" };
    return this.#ask(url, { method: "POST", headers, body: JSON.stringify(body) });
  }

  upload(url: string, form: FormData): Promise<Answer> {
    return this.#ask(url, { method: "POST", headers: { "X-CSRFToken": this.#csrf, Accept: "application/json" }, body: form });
  }
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds, 0 when the server did not say. */
  readonly retryAfter: number;
}
