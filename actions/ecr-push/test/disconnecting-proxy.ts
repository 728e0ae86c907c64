import { connect, createServer, type Socket } from 'node:net';

export interface DisconnectingProxy {
  readonly url: string;
  /** Number of broken connections so far. */
  readonly disconnects: () => number;
  readonly close: () => Promise<void>;
}

interface DisconnectingProxyOptions {
  /** The server that connections are forwarded to. */
  readonly to: string;
  /** Breaks a connection after this many bytes in `direction`. */
  readonly afterBytes: number;
  readonly direction: 'up' | 'down';
  /** Number of connections to break. */
  readonly maxDisconnects: number;
}

/** A TCP proxy that breaks connections during a transfer. */
export const startDisconnectingProxy = async ({
  to,
  afterBytes,
  direction,
  maxDisconnects,
}: DisconnectingProxyOptions): Promise<DisconnectingProxy> => {
  let disconnects = 0;
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(to);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const disconnect = (): void => {
      for (const socket of [client, upstream]) socket.destroy();
    };
    let transferred = 0;
    const watched = direction === 'up' ? client : upstream;
    watched.on('data', (chunk) => {
      transferred += chunk.length;
      if (transferred <= afterBytes || disconnects >= maxDisconnects) return;
      disconnects += 1;
      disconnect();
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', disconnect).on('close', disconnect);
    }
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy listens nowhere');
  return {
    url: `http://127.0.0.1:${address.port}`,
    disconnects: () => disconnects,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
