import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pathToFileURL } from 'node:url';

/** Bytes in transit in one direction of a connection: more than a gigabyte a second needs for the delay. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** One direction of a connection: passes chunks on in their order when they are due. */
class DelayedDirection {
  private readonly queue: { readonly due: number; readonly chunk: Buffer | undefined }[] = [];
  private pending = 0;
  private timer: NodeJS.Timeout | undefined;

  /** `earliest`: when the connection is open; `delayMs`: the time that a chunk takes. */
  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly earliest: number,
    private readonly delayMs: number,
  ) {
    from.on('data', (chunk: Buffer) => this.add(chunk));
    from.on('end', () => this.add(undefined));
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  }

  private add(chunk: Buffer | undefined): void {
    this.pending += chunk?.length ?? 0;
    if (this.pending > MAX_PENDING_BYTES) this.from.pause();
    this.queue.push({ due: Math.max(this.earliest, performance.now()) + this.delayMs, chunk });
    this.timer ??= setTimeout(() => this.flush(), this.delayMs);
  }

  private flush(): void {
    this.timer = undefined;
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      const wait = next.due - performance.now();
      if (wait > 0.5) {
        this.timer = setTimeout(() => this.flush(), wait);
        return;
      }
      this.queue.shift();
      this.send(next.chunk);
    }
  }

  private send(chunk: Buffer | undefined): void {
    if (chunk === undefined) {
      this.to.end();
      return;
    }
    this.to.write(chunk, () => {
      this.pending -= chunk.length;
      if (this.pending <= MAX_PENDING_BYTES / 2) this.from.resume();
    });
  }
}

/**
 * Starts a TCP proxy of a local port that delays each direction by half of the round-trip time (milliseconds). Opening
 * a connection takes one round trip, as between two machines. Returns the proxy's port.
 */
const startDelayProxy = async (port: number, roundTripMs: number): Promise<number> => {
  const server = createServer({ noDelay: true }, (client) => {
    const openedAt = performance.now() + roundTripMs;
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
    new DelayedDirection(client, upstream, openedAt, roundTripMs / 2);
    new DelayedDirection(upstream, client, openedAt, roundTripMs / 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** As a process of its own: its work must not delay the benchmark. */
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [port, roundTripMs] = process.argv.slice(2).map(Number);
  process.stdout.write(`${await startDelayProxy(port ?? 0, roundTripMs ?? 0)}\n`);
}
