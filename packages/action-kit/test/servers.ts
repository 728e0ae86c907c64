import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Certificate } from './certificate.js';

export interface Running {
  readonly port: number;
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Duplex>;
  stop(): Promise<void>;
}

const start = async (server: net.Server): Promise<Running> => {
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

export const startHttp = (listener: http.RequestListener): Promise<Running> => start(http.createServer(listener));

export const startHttps = ({ cert, key }: Certificate, listener: http.RequestListener): Promise<Running> =>
  start(https.createServer({ cert, key }, listener));

/** Takes connections and says nothing. */
export const startMute = (): Promise<Running> => start(net.createServer());

export interface ForwardProxy extends Running {
  /** `host:port` of each tunnel that was asked for. */
  readonly tunnels: string[];
  /** Absolute address of each plain request. */
  readonly requests: string[];
  /** Credentials that came along, decoded. */
  readonly credentials: (string | undefined)[];
}

export interface ForwardProxyOptions {
  /** Where names lead: nothing else on this machine knows them, so that the proxy is the only way out. */
  readonly hosts: Readonly<Record<string, number>>;
  /** Answers every request with this status instead. */
  readonly refuse?: number;
}

const credentialsOf = (request: http.IncomingMessage): string | undefined => {
  const header = request.headers['proxy-authorization'];
  return header === undefined ? undefined : Buffer.from(header.replace(/^Basic /u, ''), 'base64').toString();
};

/** A real forward proxy: tunnels for https, absolute addresses for http. */
export const startProxy = async ({ hosts, refuse }: ForwardProxyOptions): Promise<ForwardProxy> => {
  const [tunnels, requests, credentials]: [string[], string[], (string | undefined)[]] = [[], [], []];
  const server = http.createServer((request, response) => {
    requests.push(request.url ?? '');
    credentials.push(credentialsOf(request));
    const url = new URL(request.url ?? '');
    const options = { port: hosts[url.hostname], path: url.pathname + url.search, method: request.method };
    const onward = http.request({ host: '127.0.0.1', ...options, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnels.push(request.url ?? '');
    credentials.push(credentialsOf(request));
    const port = hosts[(request.url ?? '').split(':')[0] ?? ''];
    if (refuse !== undefined || port === undefined) {
      socket.end(`HTTP/1.1 ${refuse ?? 502} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return { ...(await start(server)), tunnels, requests, credentials };
};
