import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { describe, expect, it } from '@jest/globals';
import { definition } from '../../action.js';
import { createAction } from '../../src/create-action.js';
import { Harness, roleArn } from '../harness.js';

describe('the post step', () => {
  it('does nothing after a failed step, and warns about an invalid AWS_SKIP_CLEANUP_STEP', async () => {
    const harness = await Harness.start();
    const failed = await harness.runMain({ inputs: { 'role-arn': 'no role at all', 'role-to-assume': '' } });
    expect(failed.recorded.failures).toHaveLength(1);
    expect((await harness.runPostStep(failed)).exported).toEqual({});
    const step = await harness.runMain();
    const recorded = await harness.runPostStep(step, { AWS_SKIP_CLEANUP_STEP: 'perhaps' });
    expect(recorded.failures).toEqual([]);
    expect(recorded.exported).toMatchObject({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
    expect(recorded.log.getOutput()).toContain("'perhaps' is not a boolean");
    await harness.close();
  });

  it('removes the directory of a step that was killed early', async () => {
    const harness = await Harness.start();
    const step = await harness.runMain();
    await rm(join(step.recorded.state['restore'] ?? '', 'restore.json'));
    expect((await harness.runPostStep(step)).log.getOutput()).not.toContain('did not finish');
    expect(await readdir(harness.tempDirectory)).toEqual([]);
    await harness.close();
  });

  it('keeps previous secrets out of the state and masks them', async () => {
    const harness = await Harness.start();
    const env = { AWS_ACCESS_KEY_ID: 'AKIAFORMER', AWS_SECRET_ACCESS_KEY: 'former-secret' };
    const step = await harness.runMain({ env });
    expect(JSON.stringify(step.recorded.state)).not.toContain('former');
    const recorded = await harness.runPostStep(step);
    expect(recorded.masked).toEqual(expect.arrayContaining(['AKIAFORMER', 'former-secret']));
    expect(recorded.exported).toMatchObject(env);
    await harness.close();
  });

  it('has its state before the first profile is written', async () => {
    const harness = await Harness.start();
    const host = createFakeHost({
      clock: harness.clock,
      inputs: { 'aws-region': 'eu-central-1', 'role-to-assume': roleArn('deploy'), 'aws-profile': 'shop' },
      env: harness.buildEnv(),
    });
    const hadProfiles: boolean[] = [];
    const saveState = (name: string, value: string): void => {
      hadProfiles.push(existsSync(join(harness.homeDirectory, '.aws')));
      host.saveState(name, value);
    };
    await runAction(definition, createAction(harness.processFiles), { ...host, saveState });
    const hasProfiles = existsSync(join(harness.homeDirectory, '.aws', 'credentials'));
    await harness.close();
    expect(host.recorded.failures).toEqual([]);
    expect(hadProfiles).toEqual([false]);
    expect(hasProfiles).toBe(true);
  });
});
