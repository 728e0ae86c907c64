import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Certificate } from './certificate.js';

export interface RunningServer {
  readonly port: number;
  /** Open connections. */
  readonly sockets: ReadonlySet<Duplex>;
  stop(): Promise<void>;
}

const startServer = async (server: net.Server): Promise<RunningServer> => {
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: (address satisfies AddressInfo).port, sockets, stop };
};

export const startHttpServer = (listener: http.RequestListener): Promise<RunningServer> =>
  startServer(http.createServer(listener));

export const startHttpsServer = ({ cert, key }: Certificate, listener: http.RequestListener): Promise<RunningServer> =>
  startServer(https.createServer({ cert, key }, listener));

/** Accepts connections and sends nothing. */
export const startSilentServer = (): Promise<RunningServer> => startServer(net.createServer());

/** A TCP port of 127.0.0.1 that was free a moment ago, for a server that cannot choose one itself. */
export const findFreePort = async (): Promise<number> => {
  const { port, stop } = await startSilentServer();
  await stop();
  return port;
};

export interface ForwardProxy extends RunningServer {
  /** `host:port` of each CONNECT request. */
  readonly tunnels: string[];
  /** Absolute URL of each plain request. */
  readonly requests: string[];
  /** Decoded proxy credentials of each request. */
  readonly credentials: (string | undefined)[];
}

export interface ForwardProxyOptions {
  /** Ports by host name. The names resolve nowhere else, so that requests succeed only through the proxy. */
  readonly hosts: Readonly<Record<string, number>>;
  /** Responds to every CONNECT request with this status. */
  readonly rejectStatus?: number;
}

const parseProxyCredentials = (request: http.IncomingMessage): string | undefined => {
  const header = request.headers['proxy-authorization'];
  return header === undefined ? undefined : Buffer.from(header.replace(/^Basic /u, ''), 'base64').toString();
};

/** A forward proxy: tunnels for https, absolute URLs for http. */
export const startForwardProxy = async ({ hosts, rejectStatus }: ForwardProxyOptions): Promise<ForwardProxy> => {
  const [tunnels, requests, credentials]: [string[], string[], (string | undefined)[]] = [[], [], []];
  const server = http.createServer((request, response) => {
    requests.push(request.url ?? '');
    credentials.push(parseProxyCredentials(request));
    const url = new URL(request.url ?? '');
    const options = { port: hosts[url.hostname], path: url.pathname + url.search, method: request.method };
    const upstream = http.request({ host: '127.0.0.1', ...options, headers: request.headers }, (upstreamResponse) => {
      response.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers);
      upstreamResponse.pipe(response);
    });
    request.pipe(upstream);
  });
  server.on('connect', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnels.push(request.url ?? '');
    credentials.push(parseProxyCredentials(request));
    const port = hosts[(request.url ?? '').split(':')[0] ?? ''];
    if (rejectStatus !== undefined || port === undefined) {
      socket.end(`HTTP/1.1 ${rejectStatus ?? 502} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const upstream = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  return { ...(await startServer(server)), tunnels, requests, credentials };
};
