import { createWriteStream } from 'node:fs';
import type { StartOptions } from '../local-aws.js';

/** Options of a server, for `parseArgs`. */
export const SERVER_OPTIONS = {
  scenario: { type: 'string' },
  port: { type: 'string' },
  upstream: { type: 'string', multiple: true },
  'upstream-keys': { type: 'string' },
  log: { type: 'string' },
} as const;

export interface ServerArguments {
  readonly scenario?: string | undefined;
  readonly port?: string | undefined;
  readonly upstream?: readonly string[] | undefined;
  readonly 'upstream-keys'?: string | undefined;
  readonly log?: string | undefined;
}

const parseUpstream = (value: string): readonly [string, string] => {
  const [, service = '*', url = ''] = /^(?:([\w-]+)=)?(https?:\/\/.+)$/.exec(value) ?? [];
  if (url === '') throw new TypeError(`--upstream '${value}' is not valid: use URL or service=URL`);
  return [service, url];
};

const parseKeys = (value: string): NonNullable<StartOptions['upstreamCredentials']> => {
  const [, accessKeyId, secretAccessKey] = /^([^:]+):(.+)$/.exec(value) ?? [];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new TypeError('--upstream-keys is not valid: use the access key ID and the secret, separated by a colon');
  }
  return { accessKeyId, secretAccessKey };
};

/** @throws TypeError unless the value is a port number */
export const parsePort = (value: string): number => {
  const port = Number(value);
  if (value.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`--port '${value}' is not a port: use a number from 0 to 65535`);
  return port;
};

const openLog = (path: string): ((line: string) => void) => {
  const stream = path === '-' ? process.stderr : createWriteStream(path, { flags: 'a' });
  return (line) => stream.write(`${line}\n`);
};

/** Converts arguments to options of the server; opens the log. @throws TypeError for an invalid argument */
export const parseServerOptions = (values: ServerArguments): StartOptions => ({
  ...(values.scenario !== undefined && { scenario: values.scenario }),
  ...(values.port !== undefined && { port: parsePort(values.port) }),
  ...(values['upstream-keys'] !== undefined && { upstreamCredentials: parseKeys(values['upstream-keys']) }),
  ...(values.log !== undefined && { log: openLog(values.log) }),
  upstream: Object.fromEntries((values.upstream ?? []).map(parseUpstream)),
});
