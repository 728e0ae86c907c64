import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { declareUnless, WINDOWS_OBSTACLE } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const job = z.object({ script: z.array(z.string()) });
const [, body] = parseAllDocuments(readFileSync('hosts/gitlab/templates/oidc-credentials.yml', 'utf8'));
const [fetchScript = ''] = z.record(z.string(), job).parse(body?.toJS())['$[[ inputs.job-name ]]']?.script ?? [];

const getAddress = (server: Server): string => {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
};

/** The server redirects like GitLab's package registry, from the API to the storage with the archive. */
declareUnless(WINDOWS_OBSTACLE, describe)("a component's archive", () => {
  let directory: string;
  let archive: Buffer;
  let requests: { readonly path: string | undefined; readonly token: string | string[] | undefined }[];
  let servers: readonly Server[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'archive-'));
    mkdirSync(join(directory, 'release'));
    writeFileSync(join(directory, 'release', 'runner.js'), 'ours');
    execFileSync('tar', ['-czf', 'release.tgz', 'release'], { cwd: directory });
    archive = readFileSync(join(directory, 'release.tgz'));
    requests = [];
    const note = ({ url, headers }: IncomingMessage): number =>
      requests.push({ path: url, token: headers['job-token'] });
    const storage = createServer((request, response) => {
      note(request);
      response.end(archive);
    });
    const api = createServer((request, response) => {
      note(request);
      response.writeHead(302, { location: `${getAddress(storage)}/object` }).end();
    });
    servers = [api, storage];
    await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  });
  afterEach(() => {
    for (const server of servers) server.close();
    rmSync(directory, { recursive: true });
  });

  const bundle = (): string => join(directory, 'work', 'bundle');
  const unpack = async (sha256 = createHash('sha256').update(archive).digest('hex')) => {
    const [api] = servers.map((server) => `${getAddress(server)}/api/v4`);
    const expected = {
      DELIVERY_BUNDLE: bundle(),
      DELIVERY_BUNDLE_URL: `${api}/packages/a.tgz`,
      DELIVERY_BUNDLE_SHA256: sha256,
    };
    const env = { PATH: process.env['PATH'], CI_API_V4_URL: api, CI_JOB_TOKEN: 'job-token', ...expected };
    const shell = spawn('sh', ['-ec', fetchScript], { env });
    const [errors, [status]] = await Promise.all([text(shell.stderr), once(shell, 'close')]);
    return { errors, status };
  };
  const runner = (): string => readFileSync(join(bundle(), 'runner.js'), 'utf8');

  it('is requested with the job token, which redirect targets do not get', async () => {
    expect(await unpack()).toEqual({ errors: '', status: 0 });
    expect(requests).toEqual([
      { path: '/api/v4/packages/a.tgz', token: 'job-token' },
      { path: '/object', token: undefined },
    ]);
    expect(runner()).toBe('ours');
  });

  it('is downloaded once and verified by every job', async () => {
    await unpack();
    writeFileSync(join(bundle(), 'runner.js'), 'of an earlier job');
    expect(await unpack()).toMatchObject({ status: 0 });
    expect([runner(), requests.length]).toEqual(['ours', 2]);
    writeFileSync(`${bundle()}.tgz`, 'of an earlier job');
    expect(await unpack()).toMatchObject({ status: 0 });
    expect([runner(), requests.length]).toEqual(['ours', 4]);
  });

  it.each(['', '0'.repeat(64)])("is not unpacked with the digest '%s'", async (digest) => {
    const { status, errors } = await unpack(digest);
    expect(status).toBe(1);
    expect(errors).toContain(`expected bundle-sha256 ${digest}`);
    expect(runner).toThrow('ENOENT');
  });
});
