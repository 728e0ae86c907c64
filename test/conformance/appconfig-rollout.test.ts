import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { systemClock } from '@aws-delivery/action-kit/util/clock';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition } from '../../actions/appconfig-rollout/action.js';
import { createAction } from '../../actions/appconfig-rollout/src/create-action.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { miniStackObstacle } from './reference-emulator.js';

const TREE = {
  'appconfig.yml': 'profiles: { Flags: { type: AWS.AppConfig.FeatureFlags } }\n',
  'template/Limits.yaml': 'rate: 010\ncountry: NO\n',
  'tenants/acme/dev/Flags.json':
    '{"version": "1", "flags": {"beta": {"name": "beta"}}, "values": {"beta": {"enabled": true}}}\n',
  'tenants/acme/qa/Banner.txt': 'Welcome\n',
  'tenants/globex/dev/Limits.yaml': 'rate: 20\n',
};

// MiniStack deploys in real time.
const STRATEGY = '{ name: at-once, duration: 0m, bake: 0m, growth: 100 }';

// Its lists have no ConfigurationProfileId, as those of an older API.
declareUnless(miniStackObstacle, describe)('appconfig-rollout on MiniStack', () => {
  let emulator: MiniStack;
  const directory = mkdtempSync(join(tmpdir(), 'appconfig-conformance-'));

  const write = (name: string, content: string): void => {
    mkdirSync(dirname(join(directory, 'config', name)), { recursive: true });
    writeFileSync(join(directory, 'config', name), content);
  };

  beforeAll(async () => {
    emulator = await startMiniStack();
    for (const [name, content] of Object.entries(TREE)) write(name, content);
  });
  afterAll(async () => {
    await emulator.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const roll = async () => {
    const requests: string[] = [];
    const overrideConfig: ConfigOverride = (configuration) => {
      const { requestHandler } = configuration;
      const handle: typeof requestHandler.handle = (request, options) => {
        requests.push(`${request.method} ${request.path}`);
        return requestHandler.handle(request, options);
      };
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const recording = Object.assign(Object.create(requestHandler), { handle });
      return { ...configuration, endpoint: emulator.url, credentials, requestHandler: recording };
    };
    const host = createFakeHost({
      clock: systemClock,
      inputs: { 'aws-region': 'eu-west-1', tree: 'config', strategy: STRATEGY },
      env: { GITHUB_WORKSPACE: directory, GITHUB_REPOSITORY: 'octocat/shop', GITHUB_RUN_ID: '1' },
    });
    await runAction(definition, createAction(overrideConfig), host);
    const { failures, outputs } = host.recorded;
    return { failures, outputs, requests, writes: requests.filter((request) => !request.startsWith('GET ')) };
  };

  it('makes no write call in a second run, and deploys only what changed in a third', async () => {
    const first = await roll();
    expect(first.failures).toEqual([]);
    expect(first.outputs).toMatchObject({ changed: '5', skipped: '0', failed: '0' });
    const second = await roll();
    expect(second.failures).toEqual([]);
    expect(second.writes).toEqual([]);
    expect(second.outputs).toMatchObject({ changed: '0', skipped: '5' });
    write('tenants/globex/dev/Limits.yaml', 'rate: "20"\n');
    const third = await roll();
    expect(third.outputs).toMatchObject({ changed: '1', skipped: '4' });
  }, 120_000);
});
