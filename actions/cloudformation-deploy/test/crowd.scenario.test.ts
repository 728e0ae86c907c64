import type { AwsConfiguration } from '@aws-delivery/action-kit/aws';
import { runAction } from '@aws-delivery/action-kit/run';
import { afterAll, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/protocol-http';
import { definition } from '../action.js';
import { cloudformationDeploy } from '../src/cloudformation-deploy.js';
import { Stage, things } from './stage.js';

const stage = await Stage.open();
afterAll(() => stage.close());

const LIMIT = 5;

/** An account in which everybody together may call DescribeStacks five times a second. */
const limited = () => {
  const served: number[] = [];
  const throttled = () => {
    const body =
      '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';
    return {
      response: new HttpResponse({ statusCode: 400, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) }),
    };
  };
  let refused = 0;
  const tune = (given: AwsConfiguration): AwsConfiguration => {
    const configuration = stage.tune(given);
    const { requestHandler } = configuration;
    const handle = requestHandler.handle.bind(requestHandler);
    requestHandler.handle = async (request, options) => {
      if (!String(request.body).includes('Action=DescribeStacks&')) return handle(request, options);
      const now = stage.clock.now();
      if (served.filter((at) => now - at < 1000).length >= LIMIT) {
        refused += 1;
        return throttled();
      }
      served.push(now);
      return handle(request, options);
    };
    return configuration;
  };
  return { tune, refusals: () => refused };
};

it('fifty deploys at once end right where DescribeStacks is limited to five a second', async () => {
  const { tune, refusals } = limited();
  const good = stage.write('good.json', things({ A: 'good', B: 'good' }));
  const bad = stage.write('bad.json', things({ A: 'good', B: 'bad' }));
  const hosts = Array.from({ length: 50 }, (_, index) =>
    stage.host({ name: `shop-${index}`, template: index % 5 === 0 ? bad : good }),
  );
  await Promise.all(hosts.map((host) => runAction(definition, cloudformationDeploy(tune), host)));
  const failed = hosts.map(({ memory }) => memory.failures.length > 0);
  expect(failed).toEqual(hosts.map((_, index) => index % 5 === 0));
  expect(hosts[0]?.memory.failures[0]).toContain('Mode bad is not good');
  expect(refusals()).toBeGreaterThan(50);
});
