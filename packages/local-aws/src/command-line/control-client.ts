import { z } from 'zod';
import type { Claims } from '../services/oidc/claims.js';

const REQUEST_TIMEOUT_MS = 5000;

const healthSchema = z.looseObject({ status: z.literal('ok'), pid: z.int() });
const environmentSchema = z.record(z.string(), z.string());

const request = async (port: number, path: string, init: RequestInit = {}): Promise<unknown> => {
  const url = `http://127.0.0.1:${port}/_local-aws/${path}`;
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} returned HTTP ${response.status}: ${await response.text()}`);
  return response.json();
};

/** The process id of the Local AWS server on a port; undefined if there is none, or another program responds. */
export const findServerPid = async (port: number): Promise<number | undefined> => {
  const health = await request(port, 'health').catch(() => undefined);
  return healthSchema.safeParse(health).data?.pid;
};

export interface EnvironmentRequest {
  readonly claims: Claims;
  readonly keys: boolean;
}

/** Requests environment variables for a job from the server. @throws Error if the server does not respond */
export const requestEnvironment = async (
  port: number,
  environmentRequest: EnvironmentRequest,
): Promise<Readonly<Record<string, string>>> =>
  environmentSchema.parse(
    await request(port, 'environment', { method: 'POST', body: JSON.stringify(environmentRequest) }),
  );

export type Environment = Readonly<Record<string, string>>;

/** A value in single quotes, so that a POSIX shell does not expand it. */
const quoteForShell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

const formatLines = (env: Environment, formatLine: (name: string, value: string) => string): string =>
  Object.entries(env)
    .map(([name, value]) => `${formatLine(name, value)}\n`)
    .join('');

const FORMATS = {
  shell: (env: Environment) => formatLines(env, (name, value) => `export ${name}=${quoteForShell(value)}`),
  env: (env: Environment) => formatLines(env, (name, value) => `${name}=${value}`),
  json: (env: Environment) => `${JSON.stringify(env)}\n`,
};

export type EnvironmentFormat = keyof typeof FORMATS;

/** @throws TypeError unless `value` is one of `allowed` */
export const parseFormat = (value: string, allowed: readonly EnvironmentFormat[]): EnvironmentFormat => {
  const format = allowed.find((name) => name === value);
  if (format === undefined) throw new TypeError(`--format '${value}' is not supported: use ${allowed.join(' or ')}`);
  return format;
};

/** Formats environment variables for `eval`, for an env file or as JSON, with a final line break. */
export const formatEnvironment = (env: Environment, format: EnvironmentFormat): string => FORMATS[format](env);
