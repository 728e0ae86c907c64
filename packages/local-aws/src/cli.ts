import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { type LocalAws, type StartOptions, startLocalAws } from './local-aws.js';

export interface Terminal {
  readonly write: (content: string) => void;
  /** Settles when the process should end. */
  readonly ended: Promise<unknown>;
}

const USAGE = `usage: local-aws [options]

  --scenario FILE           what there is and what goes wrong (YAML); without, root keys test/test only
  --port N                  the port on 127.0.0.1; any free one without it
  --upstream URL            send every service but sts and iam on to an emulator; may be given as service=URL, many times
  --upstream-keys ID:SECRET the emulator's keys; the account number and "test" without it
  --log FILE                one JSON line a call; "-" is standard error
  --format env|json         how the environment is printed (default env, lines for eval or $GITHUB_ENV)
  --help
`;

const OPTIONS = {
  scenario: { type: 'string' },
  port: { type: 'string' },
  upstream: { type: 'string', multiple: true },
  'upstream-keys': { type: 'string' },
  log: { type: 'string' },
  format: { type: 'string', default: 'env' },
  help: { type: 'boolean', default: false },
} as const;

const parseUpstream = (value: string): readonly [string, string] => {
  const [, service = '*', url = ''] = /^(?:([\w-]+)=)?(https?:\/\/.+)$/.exec(value) ?? [];
  if (url === '') throw new TypeError(`--upstream ${value} is neither a URL nor service=URL`);
  return [service, url];
};

const parseKeys = (value: string): NonNullable<StartOptions['upstreamCredentials']> => {
  const [, accessKeyId, secretAccessKey] = /^([^:]+):(.+)$/.exec(value) ?? [];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new TypeError('--upstream-keys wants the access key id and the secret with a colon between them');
  }
  return { accessKeyId, secretAccessKey };
};

const parsePort = (value: string): number => {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`--port ${value} is no port: give 0 to 65535`);
  return port;
};

const openLog = (path: string): ((line: string) => void) => {
  const stream = path === '-' ? process.stderr : createWriteStream(path, { flags: 'a' });
  return (line) => stream.write(`${line}\n`);
};

const formatEnv = (aws: LocalAws, format: string): string => {
  const env = aws.createEnv();
  if (format === 'json') return `${JSON.stringify(env)}\n`;
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
};

/** Runs the command until `terminal.ended` settles. Throws TypeError for invalid arguments. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) {
    terminal.write(USAGE);
    return;
  }
  if (values.format !== 'env' && values.format !== 'json')
    throw new TypeError(`--format ${values.format}: env or json`);
  const aws = await startLocalAws({
    ...(values.scenario !== undefined && { scenario: values.scenario }),
    ...(values.port !== undefined && { port: parsePort(values.port) }),
    ...(values['upstream-keys'] !== undefined && { upstreamCredentials: parseKeys(values['upstream-keys']) }),
    ...(values.log !== undefined && { log: openLog(values.log) }),
    upstream: Object.fromEntries((values.upstream ?? []).map(parseUpstream)),
  });
  try {
    terminal.write(formatEnv(aws, values.format));
    await terminal.ended;
  } finally {
    await aws.close();
  }
};
