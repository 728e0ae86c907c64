import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly url: string;
  /** How many connections were cut. */
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
}

interface CuttingOptions {
  /** Where everything goes. */
  readonly to: string;
  /** Bytes of one connection after which it is cut, in the direction that is named. */
  readonly after: number;
  readonly way: 'up' | 'down';
  /** How many connections are cut. */
  readonly times: number;
}

/** A way to a server that breaks in the middle of what is under way. */
export const startCuttingProxy = async ({ to, after, way, times }: CuttingOptions): Promise<CuttingProxy> => {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(to);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const cut = (): void => {
      for (const socket of [client, upstream]) socket.destroy();
    };
    let passed = 0;
    const watched = way === 'up' ? client : upstream;
    watched.on('data', (piece) => {
      passed += piece.length;
      if (passed <= after || cuts >= times) return;
      cuts += 1;
      cut();
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy listens nowhere');
  return {
    url: `http://127.0.0.1:${address.port}`,
    cuts: () => cuts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
