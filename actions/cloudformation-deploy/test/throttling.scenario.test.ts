import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { afterAll, expect, it } from '@jest/globals';
import { definition } from '../action.js';
import { createAction } from '../src/create-action.js';
import { renderThings, TestHarness } from './harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());

it('fifty deployments at once succeed with five DescribeStacks calls per second', async () => {
  harness.aws.setFaults([{ fault: 'throttle', operation: 'DescribeStacks', above: 5 }]);
  const good = harness.write('good.json', renderThings({ A: 'good', B: 'good' }));
  const bad = harness.write('bad.json', renderThings({ A: 'good', B: 'bad' }));
  const hosts = Array.from({ length: 50 }, (_, index) =>
    harness.createHost({ name: `shop-${index}`, template: index % 5 === 0 ? bad : good }),
  );
  await Promise.all(hosts.map((host) => runAction(definition, createAction(harness.overrideConfig), host)));
  const failed = hosts.map(({ recorded }) => recorded.failures.length > 0);
  expect(failed).toEqual(hosts.map((_, index) => index % 5 === 0));
  expect(hosts[0]?.recorded.failures[0]).toContain('Mode bad is not good');
  expect(harness.aws.calls().filter(({ verdict }) => verdict === 'disturbed').length).toBeGreaterThan(50);
});
