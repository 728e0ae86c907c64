import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { findProgramObstacle } from '../required-programs.js';

const RUNNER = join(root, 'packages/node-runner/dist/runner.js');

// The state names the file before the file exists: a signal may arrive at any moment.
const MAIN = `import { appendFileSync, writeFileSync } from 'node:fs';
const { WORK } = process.env;
writeFileSync(WORK + '/pid', String(process.pid));
appendFileSync(process.env.GITHUB_STATE, 'session=' + WORK + '/session\\n');
writeFileSync(WORK + '/session', 'a credential');
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(1));
for (let count = 0; ; count += 1) {
  console.log('line ' + count);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
`;
const POST = `import { rmSync } from 'node:fs';
console.log('cleaning up');
if (process.env.STATE_session) rmSync(process.env.STATE_session, { force: true });
`;

const createJob = (directory: string): void => {
  const action = join(directory, 'actions', 'works');
  mkdirSync(action, { recursive: true });
  const runs = { using: 'node24', main: 'main.mjs', post: 'post.mjs' };
  writeFileSync(join(action, 'action.yml'), JSON.stringify({ name: 'works', runs }));
  writeFileSync(join(action, 'main.mjs'), MAIN);
  writeFileSync(join(action, 'post.mjs'), POST);
};

/** Commands around the runner; each gets the runner's command line as its arguments. */
const READERS = {
  'no pipe': '"$@" > "$WORK/log"; echo $? > "$WORK/code"',
  tee: '("$@"; echo $? > "$WORK/code") | (trap - INT TERM HUP; exec tee "$WORK/log") > /dev/null',
  head: '("$@"; echo $? > "$WORK/code") | head -n 2 > "$WORK/log"',
} as const;

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const waitUntil = async (condition: () => boolean, timeout = 20_000): Promise<void> => {
  for (const end = Date.now() + timeout; !condition() && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 20));
};

interface Orphans {
  readonly code: string;
  readonly left: readonly string[];
}

/** Starts a process for the runner's command line, and ends the job. */
interface Killer {
  readonly start: (command: readonly string[], options: SpawnOptions) => ChildProcess;
  readonly kill: (child: ChildProcess) => void;
}

/** Runs a job, kills it after a delay, and returns what is left of it. */
const killJob = async ({ start, kill }: Killer, delay: number): Promise<Orphans> => {
  const directory = mkdtempSync(join(tmpdir(), 'signals-'));
  try {
    createJob(directory);
    const state = join(directory, 'state');
    const command = [
      process.execPath,
      RUNNER,
      '--actions',
      join(directory, 'actions'),
      '--env',
      'WORK',
      '--state',
      state,
    ];
    const env = { PATH: process.env['PATH'], HOME: directory, WORK: directory };
    const child = start([...command, 'works'], { env });
    const pidFile = join(directory, 'pid');
    await waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
    await new Promise((resolve) => setTimeout(resolve, delay));
    kill(child);
    const readCode = (): string => {
      const file = join(directory, 'code');
      return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    };
    await waitUntil(() => readCode() !== '');
    const main = Number(readFileSync(pidFile, 'utf8'));
    const files = readdirSync(directory).filter((name) => name === 'state' || name === 'session');
    return { code: readCode(), left: [...files, ...(isAlive(main) ? ['process'] : [])] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Runs the job in a process group of its own and signals the whole group. */
const createGroupKiller = (reader: keyof typeof READERS, signal: keyof typeof CODES): Killer => ({
  // The shell ignores the signals to write the exit code; Node resets them.
  start: (command, options) =>
    spawn('sh', ['-c', `trap '' INT TERM HUP; ${READERS[reader]}`, 'sh', ...command], {
      ...options,
      detached: true,
      stdio: 'ignore',
    }),
  kill: ({ pid }) => {
    if (pid !== undefined) process.kill(-pid, signal);
  },
});

interface TerminalEvent {
  /** The exit code of the runner. */
  readonly code: number;
  /** What the shell of the terminal runs; `$1` and the further arguments are the runner's command line. */
  readonly job: string;
  readonly kill: (child: ChildProcess) => void;
}

const FOREGROUND = `trap '' INT; "$@"; echo $? > "$WORK/code"`;

/** As interactive shells do, passes the hangup on. The first `wait` ends with the hangup, the second with the runner. */
const HANGUP = `"$@" & trap "kill -HUP $!" HUP; wait $!; wait $!; echo $? > "$WORK/code"`;

const TERMINAL_EVENTS: Readonly<Record<string, TerminalEvent>> = {
  'Ctrl+C': { code: 130, job: FOREGROUND, kill: ({ stdin }) => stdin?.write('\u0003') },
  'two Ctrl+C': { code: 130, job: FOREGROUND, kill: ({ stdin }) => stdin?.write('\u0003\u0003') },
  'a closed window': { code: 129, job: HANGUP, kill: (child) => child.kill('SIGKILL') },
};

/** Runs the job in a pseudoterminal, whose other end is this process. */
const createTerminalKiller = ({ job, kill }: TerminalEvent): Killer => ({
  start: (command, { env }) =>
    spawn(
      'script',
      ['--quiet', '--command', `set -- ${command.map((word) => `'${word}'`).join(' ')}; ${job}`, '/dev/null'],
      {
        env: { ...env, SHELL: '/bin/sh' },
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    ),
  kill,
});

describe('a runner whose process group gets a signal', () => {
  const moments = [0, 100, 300];
  const cases = (Object.keys(READERS) as (keyof typeof READERS)[]).flatMap((reader) =>
    (Object.keys(CODES) as (keyof typeof CODES)[]).map((signal) => [reader, signal] as const),
  );

  it.each(cases)('with %s and %s leaves nothing', async (reader, signal) => {
    const results = await Promise.all(moments.map((moment) => killJob(createGroupKiller(reader, signal), moment)));
    expect(results).toEqual(moments.map(() => ({ code: String(CODES[signal]), left: [] })));
  });
});

declareUnless(findProgramObstacle(['script']), describe)('a runner in a terminal', () => {
  const events = Object.entries(TERMINAL_EVENTS);
  it.each(events)('that gets %s leaves nothing', async (_name, event) => {
    const moments = [0, 100, 300];
    const results = await Promise.all(moments.map((moment) => killJob(createTerminalKiller(event), moment)));
    expect(results).toEqual(moments.map(() => ({ code: String(event.code), left: [] })));
  });
});
