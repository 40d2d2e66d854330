/** Live events: one stream for all pages in a SharedWorker, else one of our own, else none (then we poll). */
export interface LiveListener {
  open(open: boolean): void;
  event(name: string, data: Record<string, unknown>): void;
}

interface Message {
  open?: boolean;
  event?: string;
  data?: string;
}

function parse(text: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(text ?? "{}") as Record<string, unknown>;
  } catch {
    return {};
  }
}

function throughWorker(url: string, listener: LiveListener): void {
  const worker = new SharedWorker(new URL("../live-worker.ts", import.meta.url), { type: "module", name: "countersign-live" });
  worker.port.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.open !== undefined) listener.open(data.open);
    if (data.event) listener.event(data.event, parse(data.data));
  };
  worker.onerror = () => onOurOwn(url, listener);
  worker.port.start();
  worker.port.postMessage({ join: url });
  addEventListener("pagehide", () => worker.port.postMessage({ leave: url }));
  addEventListener("pageshow", (event) => {
    if (event.persisted) worker.port.postMessage({ join: url });
  });
}

function onOurOwn(url: string, listener: LiveListener): void {
  if (!("EventSource" in window)) return;
  const source = new EventSource(url);
  source.onopen = () => listener.open(true);
  source.onerror = () => listener.open(false);
  for (const name of ["section", "presence", "outline", "talk", "job", "resync"]) {
    source.addEventListener(name, (event) => listener.event(name, parse((event as MessageEvent<string>).data)));
  }
  addEventListener("pagehide", () => source.close());
}

export function listen(url: string, listener: LiveListener): void {
  if (!url) return;
  // Relative to the page: inside the worker the base would be the script's own address.
  const absolute = new URL(url, location.href).href;
  if ("SharedWorker" in window) throughWorker(absolute, listener);
  else onOurOwn(absolute, listener);
}
