import { describe, expect, it } from '@jest/globals';
import { runCli } from '../src/cli.js';

describe('the command line', () => {
  const run = async (args: readonly string[], during: (env: Record<string, string>) => Promise<void>) => {
    const { promise, resolve } = (() => {
      let finish: () => void = () => undefined;
      return { promise: new Promise<void>((done) => (finish = done)), resolve: () => finish() };
    })();
    await runCli(args, {
      ended: promise,
      write: (content) => {
        const pairs = content
          .split('\n')
          .flatMap((line) => (line.includes('=') ? [line.split(/=(.*)/s).slice(0, 2)] : []));
        during(Object.fromEntries(pairs)).finally(resolve);
      },
    });
  };

  it('prints the environment and serves until it is stopped', async () => {
    let url = '';
    await run([], async (env) => {
      url = env['AWS_ENDPOINT_URL'] ?? '';
      expect(Object.keys(env)).toEqual(
        expect.arrayContaining(['AWS_REGION', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']),
      );
      expect((await fetch(`${url}/_local-aws/health`)).status).toBe(200);
    });
    await expect(fetch(`${url}/_local-aws/health`)).rejects.toThrow('fetch failed');
  });

  it.each([
    [['--port', 'x'], '--port x is no port'],
    [['--upstream', 'localhost'], 'neither a URL nor service=URL'],
    [['--upstream', 'sts=http://localhost'], 'sts cannot go upstream'],
    [['--scenario', '/absent.yml'], 'ENOENT'],
    [['--unknown'], 'unknown'],
  ])('rejects %j', async (args, message) => {
    await expect(run(args, async () => undefined)).rejects.toThrow(message);
  });
});
