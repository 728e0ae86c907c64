import { parseArgs } from 'node:util';
import { reportReady, SERVE_COMMAND, startInBackground, stopInBackground } from './command-line/background-server.js';
import { findServerPid, formatEnvironment, parseFormat, requestEnvironment } from './command-line/control-client.js';
import { parsePort, parseServerOptions, SERVER_OPTIONS, type ServerArguments } from './command-line/server-options.js';
import { DEFAULT_PORT, ServerStateDirectory } from './command-line/server-state.js';
import { getCommandName, USAGE } from './command-line/usage.js';
import { type LocalAws, startLocalAws } from './local-aws.js';

export interface Terminal {
  readonly write: (content: string) => void;
  /** Settles when the process should end. */
  readonly ended: Promise<unknown>;
  /** The path of `bin/local-aws.js`, which `start` runs in the background. */
  readonly program: string;
  /** Default: a directory in the user's home. */
  readonly states?: ServerStateDirectory;
}

type Command = (args: string[], terminal: Terminal) => Promise<void>;

const HELP_OPTION = { help: { type: 'boolean', default: false } } as const;

const PORT_OPTION = { port: { type: 'string', default: String(DEFAULT_PORT) } } as const;

const getStates = ({ states = new ServerStateDirectory() }: Terminal): ServerStateDirectory => states;

/** Runs a server until the process should end. */
const runServer = async (
  values: ServerArguments,
  ended: Promise<unknown>,
  onReady: (aws: LocalAws) => void,
): Promise<void> => {
  const aws = await startLocalAws(parseServerOptions(values));
  try {
    onReady(aws);
    await ended;
  } finally {
    await aws.close();
  }
};

const runInForeground: Command = async (args, { write, ended }) => {
  const options = { ...SERVER_OPTIONS, ...HELP_OPTION, format: { type: 'string', default: 'env' } } as const;
  const { values } = parseArgs({ args, options });
  if (values.help) return write(USAGE);
  const format = parseFormat(values.format, ['env', 'json']);
  await runServer(values, ended, (aws) => write(formatEnvironment(aws.createEnv(), format)));
};

/** The process that `start` starts: has a state file as long as it runs. */
const serve: Command = async (args, terminal) => {
  const { values } = parseArgs({ args, options: SERVER_OPTIONS });
  const states = getStates(terminal);
  let port = 0;
  await runServer(values, terminal.ended, ({ url }) => {
    port = Number(new URL(url).port);
    states.write(port, { pid: process.pid, url });
    reportReady(url);
  });
  states.delete(port);
};

const start: Command = async (args, terminal) => {
  const { values, tokens } = parseArgs({ args, options: { ...SERVER_OPTIONS, ...HELP_OPTION }, tokens: true });
  if (values.help) return terminal.write(USAGE);
  const port = values.port === undefined ? DEFAULT_PORT : parsePort(values.port);
  const serverArgs = tokens.flatMap((token) =>
    token.kind === 'option' && token.name !== 'port' ? [`--${token.name}=${token.value ?? ''}`] : [],
  );
  const { pid, url } = await startInBackground({
    port,
    args: serverArgs,
    program: terminal.program,
    states: getStates(terminal),
    cancelled: terminal.ended,
  });
  const portOption = url === `http://127.0.0.1:${DEFAULT_PORT}` ? '' : ` --port ${new URL(url).port}`;
  terminal.write(`Local AWS is ready at ${url} (pid ${pid}). Stop it with: ${getCommandName()} stop${portOption}\n`);
};

const stop: Command = async (args, terminal) => {
  const { values } = parseArgs({ args, options: { ...PORT_OPTION, ...HELP_OPTION } });
  if (values.help) return terminal.write(USAGE);
  const port = parsePort(values.port);
  const stopped = await stopInBackground(port, getStates(terminal));
  terminal.write(
    stopped === undefined
      ? `Local AWS is not running on port ${port}\n`
      : `Stopped Local AWS on port ${port} (pid ${stopped.pid})\n`,
  );
};

const parseClaim = (value: string): readonly [string, string] => {
  const [, name, claim] = /^([^=]+)=(.*)$/su.exec(value) ?? [];
  if (name === undefined || claim === undefined) throw new TypeError(`--claim '${value}' is not valid: use NAME=VALUE`);
  return [name, claim];
};

const printEnvironment: Command = async (args, { write }) => {
  const { values } = parseArgs({
    args,
    options: {
      ...PORT_OPTION,
      ...HELP_OPTION,
      format: { type: 'string', default: 'shell' },
      claim: { type: 'string', multiple: true, default: [] },
      keys: { type: 'boolean', default: false },
    },
  });
  if (values.help) return write(USAGE);
  const format = parseFormat(values.format, ['shell', 'env', 'json']);
  const port = parsePort(values.port);
  const claims = Object.fromEntries(values.claim.map(parseClaim));
  if ((await findServerPid(port)) === undefined)
    throw new Error(`Local AWS is not running on port ${port}: start it with ${getCommandName()} start`);
  write(formatEnvironment(await requestEnvironment(port, { claims, keys: values.keys }), format));
};

const COMMANDS: Readonly<Record<string, Command>> = {
  start,
  stop,
  env: printEnvironment,
  [SERVE_COMMAND]: serve,
};

/** Runs the command line; a server in the foreground runs until `terminal.ended` settles. Throws for invalid arguments. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<void> => {
  const [name = '', ...rest] = args;
  if (name === '' || name.startsWith('-')) return runInForeground([...args], terminal);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new TypeError(`unknown command '${name}': use start, env or stop`);
  return command(rest, terminal);
};
