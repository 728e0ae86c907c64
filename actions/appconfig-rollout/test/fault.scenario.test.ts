import { describe, expect, it } from '@jest/globals';
import { onStage } from './helpers/stage.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('an answer that is lost', () => {
  it.each([
    'CreateApplication',
    'CreateEnvironment',
    'CreateConfigurationProfile',
    'CreateHostedConfigurationVersion',
    'StartDeployment',
  ])('of %s makes nothing twice', (operation) =>
    onStage(
      async (stage) => {
        const { failures, outputs } = await stage.run({ inputs: FAST });
        expect(failures).toEqual([]);
        expect(outputs).toMatchObject({ changed: '7', failed: '0' });
        const again = await stage.run({ inputs: FAST });
        expect(again.writes).toEqual([]);
        expect(again.failures).toEqual([]);
      },
      { faults: [{ fault: 'lost-reply', operation, calls: '1-2' }] },
    ),
  );
});

describe('a service in trouble', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('ends with content that is asked for, or says that it has not (seed %d)', (seed) =>
    onStage(
      async (stage) => {
        const { deployments, failures } = await stage.run({ inputs: FAST });
        const isWhole = deployments.every(({ state }) => state === 'complete' || state === 'unchanged');
        expect(failures.length > 0).toBe(!isWhole || deployments.length === 0);
        stage.aws.setFaults([]);
        for (const { tenant, environment, profile, state } of deployments) {
          const served = await stage.served(tenant, environment, profile).catch(() => '');
          const wanted: Readonly<Record<string, string>> = {
            'acme/Limits': '{"rate": 10}',
            'acme/Names': 'names: [a]\n',
            'globex/Limits': environment === 'dev' ? '{"rate": 20}' : '{"rate": 10}',
            'globex/Names': 'names: [g]\n',
          };
          expect(['', wanted[`${tenant}/${profile}`]]).toContain(served);
          if (state === 'complete') expect(served).not.toBe('');
        }
        // What is left is done by the next run.
        const again = await stage.run({ inputs: FAST });
        expect(again.failures).toEqual([]);
      },
      {
        seed: `trouble-${seed}`,
        faults: [
          { fault: 'throttle', service: 'appconfig', probability: 0.1 },
          { fault: 'error', service: 'appconfig', status: 500, probability: 0.1 },
          { fault: 'reset', service: 'appconfig', probability: 0.05 },
          { fault: 'lost-reply', service: 'appconfig', probability: 0.05 },
          { fault: 'stale', service: 'appconfig', by: '3s' },
        ],
      },
    ),
  );
});
