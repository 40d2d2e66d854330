/**
 * One stream of live events for all pages of this browser: HTTP/1.1 allows six connections to a
 * host, and a person opens more pages than that. Pages say which stream they want and say goodbye.
 */
interface Stream {
  source: EventSource;
  readonly ports: Set<MessagePort>;
}

const EVENTS = ["section", "presence", "outline", "talk", "job", "resync"] as const;
const streams = new Map<string, Stream>();

function tell(stream: Stream, message: unknown): void {
  for (const port of stream.ports) port.postMessage(message);
}

function connect(url: string, stream: Stream): EventSource {
  const source = new EventSource(url);
  source.onopen = () => tell(stream, { open: true });
  source.onerror = () => {
    tell(stream, { open: false });
    if (source.readyState !== EventSource.CLOSED) return;
    // The server answered with an error: EventSource itself would never try again.
    setTimeout(() => {
      if (streams.get(url) === stream) stream.source = connect(url, stream);
    }, 5_000);
  };
  for (const name of EVENTS) {
    source.addEventListener(name, (event) => tell(stream, { event: name, data: (event as MessageEvent<string>).data }));
  }
  return source;
}

function join(url: string, port: MessagePort): void {
  let stream = streams.get(url);
  if (!stream) {
    stream = { ports: new Set([port]), source: undefined as unknown as EventSource };
    streams.set(url, stream);
    stream.source = connect(url, stream);
    return;
  }
  stream.ports.add(port);
  if (stream.source.readyState === EventSource.OPEN) port.postMessage({ open: true });
}

function leave(url: string, port: MessagePort): void {
  const stream = streams.get(url);
  stream?.ports.delete(port);
  if (stream && stream.ports.size === 0) {
    stream.source.close();
    streams.delete(url);
  }
}

addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0]!;
  port.onmessage = ({ data }: MessageEvent<{ join?: string; leave?: string }>) => {
    if (data.join) join(data.join, port);
    if (data.leave) leave(data.leave, port);
  };
  port.start();
});
