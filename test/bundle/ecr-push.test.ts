import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless, WINDOWS_OBSTACLE } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job/job';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createImage, createLayoutFiles, writeFiles } from '../../packages/oci/test/image-fixtures.js';
import { root } from '../../scripts/command.mjs';

const action = join(root, 'actions', 'ecr-push');

describe('the bundle of ecr-push', () => {
  let aws: LocalAws;
  let home: string;

  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
    await mkdir(join(home, 'work'));
    aws = await startLocalAws({
      scenario: { iam: { accessKeys: { test: 'test' } }, ecr: { repositories: { app: {} } } },
    });
  });
  afterEach(async () => {
    await aws.close();
    await rm(home, { recursive: true });
  });

  const startJob = (url = aws.url, path = process.env['PATH'] ?? ''): Job =>
    new Job({
      workspace: join(home, 'work'),
      baseEnv: { PATH: path, HOME: home },
      env: {
        AWS_ENDPOINT_URL: url,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
  const listRemaining = async (job: Job): Promise<readonly string[]> =>
    (await readdir(job.temp)).filter((name) => name.startsWith('ecr-'));

  const image = createImage();
  const inputs = { source: 'oci:build', repository: 'app', tags: '1.0' };
  const writeImage = () =>
    writeFiles(join(home, 'work', 'build'), createLayoutFiles({ latest: image.manifest }, [image]));

  it('pushes an OCI layout once', async () => {
    await writeImage();
    await using job = startJob();
    const first = await job.run({ action, inputs });
    expect(first.conclusion).toBe('success');
    expect(first.outputs).toMatchObject({ digest: image.manifest.digest, pushed: 'true' });
    const second = await job.run({ action, inputs });
    expect(second.outputs).toMatchObject({ digest: image.manifest.digest, pushed: 'false' });
    await job.finish();
    expect(await listRemaining(job)).toEqual([]);
  });

  it.each([
    ['basic', 'BASIC'],
    ['enhanced', 'ENHANCED'],
  ] as const)('waits for a %s scan, fails on its findings, and writes a report and a referrer', async (scan, type) => {
    const scanning = { type, duration: '0s', findings: [{ id: 'CVE-2026-1' }] };
    const scanned = await startLocalAws({
      scenario: {
        iam: { accessKeys: { test: 'test' } },
        ecr: { repositories: { app: { scanOnPush: true } }, scanning },
      },
    });
    try {
      await writeImage();
      await writeFile(join(home, 'work', 'sbom.json'), '{"spdxVersion":"SPDX-2.3"}');
      await using job = startJob(scanned.url);
      const { conclusion, outputs, log } = await job.run({
        action,
        inputs: { ...inputs, scan, referrers: 'sbom.json' },
      });
      expect(conclusion).toBe('failure');
      expect(log.join('\n')).toContain('scan gate blocked: 1 failing finding (1 high)');
      expect(outputs).toMatchObject({ digest: image.manifest.digest, verdict: 'blocked' });
      expect(JSON.parse(await readFile(outputs['sarif-file'] ?? '', 'utf8')).runs).toHaveLength(1);
      expect(JSON.parse(outputs['images'] ?? '')[0].referrers).toHaveLength(1);
    } finally {
      await scanned.close();
    }
  });

  // The fake engine is a shell script.
  declareUnless(WINDOWS_OBSTACLE, it)('hides the job’s credentials from builds', async () => {
    const dumpEnvironment =
      'env > "$HOME/seen"; cat "$DOCKER_CONFIG/config.json" "$REGISTRY_AUTH_FILE" >> "$HOME/seen"';
    const script = `#!/bin/sh\n[ "$1" = info ] && exit 0\n[ "$1" = build ] && { ${dumpEnvironment}; echo broken; }\nexit 1\n`;
    await writeFiles(home, {
      'bin/docker': Buffer.from(script),
      '.docker/config.json': Buffer.from('{"credsStore":"x"}'),
    });
    await chmod(join(home, 'bin', 'docker'), 0o755);
    await writeFiles(join(home, 'work'), { 'lambdas/app/Dockerfile': Buffer.from('FROM scratch\n') });
    await using job = startJob(aws.url, `${join(home, 'bin')}:${process.env['PATH']}`);
    const inputs = { 'build-directory': 'lambdas', tags: '1.0', engine: 'docker' };
    const { conclusion, log } = await job.run({ action, inputs });
    expect(conclusion).toBe('failure');
    expect(log.join('\n')).toContain("'lambdas/app': docker build failed (exit code 1): broken");
    const seen = await readFile(join(home, 'seen'), 'utf8');
    expect(seen).toContain('DOCKER_CONFIG=');
    expect(seen).not.toMatch(/^(?:AWS|ACTIONS|INPUT|GITHUB|RUNNER)_/mu);
    expect(seen).not.toMatch(/credsStore|"auth"/u);
    await job.finish();
    expect(await listRemaining(job)).toEqual([]);
  });

  it('logs in for later steps without printing the password, and logs out in the post step', async () => {
    await using job = startJob();
    const { conclusion, log } = await job.run({ action });
    expect(conclusion).toBe('success');
    const config = JSON.parse(await readFile(join(job.exported['DOCKER_CONFIG'] ?? '', 'config.json'), 'utf8'));
    const { auth } = config.auths[new URL(aws.url).host];
    expect(log.join('\n')).not.toContain(auth);
    await job.finish();
    expect(await listRemaining(job)).toEqual([]);
    expect(job.exported['DOCKER_CONFIG']).toBe('');
  });

  it('deletes its credentials file after main was killed', async () => {
    await using job = startJob();
    const step = await job.start({ action });
    await step.waitForLine(/^Logged in to/u);
    step.kill();
    await step.result;
    await job.finish();
    expect(await listRemaining(job)).toEqual([]);
  });

  it('sets no tag when it is killed during a push', async () => {
    await writeImage();
    aws.setFaults([{ fault: 'latency', by: '2s', operation: 'PutUpload' }]);
    await using job = startJob();
    const step = await job.start({ action, inputs });
    while (!aws.calls().some(({ operation }) => operation === 'StartUpload')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    step.kill();
    await step.result;
    await job.finish();
    expect(aws.calls().map(({ operation }) => operation)).not.toContain('PutManifest');
  });
});
