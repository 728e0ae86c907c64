import { describe, expect, it } from '@jest/globals';
import { runProgram, selectEnv } from '../../src/host/run-program.js';

describe('runProgram', () => {
  const env = { PATH: process.env['PATH'] ?? '' };
  const node = (script: string, more: object = {}) => runProgram(process.execPath, ['-e', script], { env, ...more });

  it('reports each line of stdout and stderr and returns the last ones', async () => {
    const lines: string[] = [];
    const script = 'for (let i = 0; i < 20; i++) console[i % 2 ? "log" : "error"]("line", i); process.exitCode = 3';
    const { exitCode, stdout, lastLines } = await node(script, { onLine: (line: string) => lines.push(line) });
    expect(exitCode).toBe(3);
    expect(stdout.split('\n')).toHaveLength(11);
    expect(lines).toHaveLength(20);
    expect(lastLines).toHaveLength(12);
  });

  it('passes only the given environment', async () => {
    const { stdout } = await node('console.log(Object.keys(process.env).join())');
    expect(stdout).toContain('PATH');
    expect(stdout).not.toMatch(/HOME|NODE_|JEST/u);
  });

  it('returns the exit code 127 for a missing program', async () => {
    expect(await runProgram('no-such-program', [], { env })).toMatchObject({ exitCode: 127 });
  });

  it('terminates the program when the signal aborts', async () => {
    const controller = new AbortController();
    const running = node('setInterval(() => {}, 1000); console.log("up")', {
      signal: controller.signal,
      onLine: () => controller.abort(new Error('time is up')),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled', message: expect.stringContaining('time is up') });
    await expect(node('', { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('writes the input to stdin, which is empty without it', async () => {
    const echo =
      'process.stdin.on("data", (c) => process.stdout.write(c)); process.stdin.on("end", () => console.log("|"))';
    expect((await node(echo, { input: 'secret' })).stdout).toBe('secret|\n');
    expect((await node(echo)).stdout).toBe('|\n');
    expect((await node('', { input: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
  });
});

describe('selectEnv', () => {
  const env = {
    PATH: '/bin',
    HOME: '/root',
    XDG_RUNTIME_DIR: '/run',
    AWS_SECRET_ACCESS_KEY: 'x',
    INPUT_A: 'x',
    DOCKER_HOST: 'd',
  };

  it('keeps paths and drops credentials', () => {
    expect(selectEnv(env)).toEqual({ PATH: '/bin', HOME: '/root', XDG_RUNTIME_DIR: '/run' });
  });

  it('adds the variables that the caller allows', () => {
    expect(selectEnv(env, /^DOCKER_HOST$/u)).toMatchObject({ DOCKER_HOST: 'd', PATH: '/bin' });
  });
});
