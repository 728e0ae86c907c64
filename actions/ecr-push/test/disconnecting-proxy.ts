import { connect, createServer, type Socket } from 'node:net';

export interface DisconnectingProxy {
  readonly url: string;
  /** How many connections were cut. */
  readonly disconnects: () => number;
  readonly close: () => Promise<void>;
}

interface DisconnectingProxyOptions {
  /** Where everything goes. */
  readonly to: string;
  /** Bytes of one connection after which it is cut, in the direction that is named. */
  readonly afterBytes: number;
  readonly direction: 'up' | 'down';
  /** How many connections are cut. */
  readonly maxDisconnects: number;
}

/** A way to a server that breaks in the middle of what is under way. */
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
