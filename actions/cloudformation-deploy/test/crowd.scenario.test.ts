import { runAction } from '@aws-delivery/action-kit/run';
import { afterAll, expect, it } from '@jest/globals';
import { definition } from '../action.js';
import { cloudformationDeploy } from '../src/cloudformation-deploy.js';
import { Stage, things } from './stage.js';

const stage = await Stage.open();
afterAll(() => stage.close());

it('fifty deploys at once end right where DescribeStacks is limited to five a second', async () => {
  stage.aws.setFaults([{ fault: 'throttle', operation: 'DescribeStacks', above: 5 }]);
  const good = stage.write('good.json', things({ A: 'good', B: 'good' }));
  const bad = stage.write('bad.json', things({ A: 'good', B: 'bad' }));
  const hosts = Array.from({ length: 50 }, (_, index) =>
    stage.host({ name: `shop-${index}`, template: index % 5 === 0 ? bad : good }),
  );
  await Promise.all(hosts.map((host) => runAction(definition, cloudformationDeploy(stage.tune), host)));
  const failed = hosts.map(({ memory }) => memory.failures.length > 0);
  expect(failed).toEqual(hosts.map((_, index) => index % 5 === 0));
  expect(hosts[0]?.memory.failures[0]).toContain('Mode bad is not good');
  expect(stage.aws.calls().filter(({ verdict }) => verdict === 'disturbed').length).toBeGreaterThan(50);
});
