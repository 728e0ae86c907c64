import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { describe, expect, it } from '@jest/globals';
import { TestHarness } from '../../actions/cloudformation-deploy/test/harness.js';
import { Harness as EcrHarness } from '../../actions/ecr-push/test/harness.js';
import { runOnce } from '../../actions/health-gate/test/harness.js';
import { createImage } from '../../packages/oci/test/image-fixtures.js';
import { NEWER_MEMBERS, NEWER_OPERATIONS } from './newer-members.js';

type Faults = NonNullable<ScenarioInput['faults']>;

/** An API of 2022: responses without newer members, and no newer operations. */
const createOlderApi = (): Faults => [
  ...Object.entries(NEWER_MEMBERS).map(([service, members]) => ({
    fault: 'omit' as const,
    service,
    members: [...members],
  })),
  ...NEWER_OPERATIONS.cloudformation.map((operation) => ({
    fault: 'error' as const,
    service: 'cloudformation',
    operation,
    code: 'InvalidAction',
    message: `Could not find operation ${operation}`,
    status: 400,
  })),
];

/** The results of a scenario with the current API and with that of 2022. */
const runWithBoth = async <T>(run: (faults: Faults) => Promise<T>): Promise<readonly [T, T]> => [
  await run([]),
  await run(createOlderApi()),
];

describe('cloudformation-deploy', () => {
  it.each([
    ['creates and updates a stack', [{ A: 'good' }, { A: 'better', B: 'good' }], {}],
    ['recognises an unchanged stack', [{ A: 'good' }, { A: 'good' }], {}],
    ['reports the cause of a failed update', [{ A: 'good' }, { A: 'bad' }], {}],
    ['reports the cause of a failed creation', [{ A: 'bad' }], {}],
    ['previews', [{ A: 'good' }, { A: 'better' }], { mode: 'preview' }],
  ])('%s with an older API as with the current one', async (_name, templates, last) => {
    const [current, older] = await runWithBoth(async (faults) => {
      const harness = await TestHarness.open();
      const results: unknown[] = [];
      await harness.withFaults(faults, async () => {
        for (const [index, modes] of templates.entries()) {
          const template = harness.writeTemplate(modes);
          const inputs = index === templates.length - 1 ? { template, ...last } : { template };
          const { outputs, failure } = await harness.deploy(inputs);
          results.push({
            failure,
            status: outputs['stack-status'],
            changes: outputs['changes-count'],
            hasChanges: outputs['has-changes'],
          });
        }
      });
      await harness.close();
      return results;
    });
    expect(older).toEqual(current);
  });
});

describe('ecr-push', () => {
  it.each([
    ['a new repository', { repository: 'shop/new', 'create-repository': 'true' }],
    ['an existing repository', { repository: 'app' }],
  ])('pushes to %s with an older API as with the current one', async (_name, inputs) => {
    const [current, older] = await runWithBoth(async (faults) => {
      const harness = await EcrHarness.open({ faults });
      const source = await harness.writeLayout('image', createImage({ command: 'serve' }));
      const first = await harness.push(source, inputs);
      const second = await harness.push(source, inputs);
      await harness.close();
      return [first, second].map(({ failures, outputs }) => ({ failures, digest: outputs['digest'] }));
    });
    expect(older).toEqual(current);
    expect(current[0]?.failures).toEqual([]);
  });
});

describe('a scan whose response lacks a member', () => {
  it.each(['imageScanStatus', 'imageScanFindings', 'findings'])('does not pass without %s', async (member) => {
    const faults: Faults = [
      { fault: 'omit', service: 'ecr', operation: 'DescribeImageScanFindings', members: [member] },
    ];
    const harness = await EcrHarness.open({ faults });
    const source = await harness.writeLayout('image', createImage({ command: 'serve' }));
    const { failures } = await harness.push(source, { scan: 'basic' });
    await harness.close();
    expect(failures[0]).toContain('scan gate unknown: incomplete results from app:1.0');
  });
});

describe('health-gate', () => {
  it('does not pass if the state of a calendar is missing', async () => {
    const faults: Faults = [{ fault: 'omit', service: 'ssm', members: ['State'] }];
    const step = await runOnce({ ssm: { calendars: { freeze: {} } }, faults }, { inputs: { calendars: 'freeze' } });
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.recorded.failures[0]).toContain("calendar 'freeze' has the state 'undefined'");
  });

  it('includes events without actionability and personas', async () => {
    const event = { service: 'RDS', region: 'eu-west-1', actionability: 'INFORMATIONAL', personas: ['BILLING'] };
    const inputs = { actionability: 'ACTION_REQUIRED', personas: 'OPERATIONS' };
    const [current, older] = await runWithBoth(async (faults) => {
      const { outputs } = await runOnce({ health: { events: [event] }, faults }, { inputs });
      return outputs['verdict'];
    });
    // An event whose actionability is unknown may require action.
    expect([current, older]).toEqual(['passed', 'blocked']);
  });
});
