import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { findToolObstacle } from '../required-programs.js';
import { Act } from './act/act.js';

const obstacle = findToolObstacle(['act']);
const workflow = 'examples/workflows/health-gate.yml';
const template = 'examples/delivery/template.yaml';
const role = 'arn:aws:iam::123456789012:role/deliver';

/** The demo's account with an incident of DynamoDB that ends when the test advances the clock. */
const scenario = () => {
  const document = parseDocument(buildAccountScenario(root));
  document.setIn(['iam', 'roles', 'deliver', 'maxSessionDuration'], '4h');
  document.setIn(['health', 'events'], [{ service: 'DYNAMODB', region: 'eu-west-1', ends: '1h' }]);
  return document.toJS();
};

declareUnless(obstacle, describe)('health-gate under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({ scenario: scenario() });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
  });

  const listOperations = (service: string): readonly string[] =>
    aws.calls().flatMap((call) => (call.service === service ? [call.operation] : []));

  /** Ends the incident after three polls of the gate. Returns the number of calls to CloudFormation before. */
  const endIncident = async (): Promise<number> => {
    while (listOperations('health').filter((name) => name === 'DescribeEvents').length < 3) await setTimeout(100);
    const changesBefore = listOperations('cloudformation').length;
    aws.clock.advance(3_600_000);
    return changesBefore;
  };

  it('waits during an incident, and deploys when it is over', async () => {
    const running = act.run({
      files: Object.fromEntries([workflow, template].map((path) => [path, readFileSync(join(root, path), 'utf8')])),
      workflow,
      env: aws.createEnv(),
      variables: { AWS_REGION: 'eu-west-1', DEPLOY_ROLE_ARN: role, STABLE_FOR: '1s' },
    });
    const changesBefore = await Promise.race([
      endIncident(),
      running.then(({ output }) => Promise.reject(new Error(output))),
    ]);
    const result = await running;
    expect(result.output).toContain('Blocked by DYNAMODB in eu-west-1');
    expect(result.findStep('gate').outputs).toMatchObject({
      verdict: 'passed',
      source: 'health-api',
      'event-count': '0',
    });
    expect(result.findStep('stack').outputs['stack-status']).toBe('CREATE_COMPLETE');
    expect(result.exitCode).toBe(0);
    expect(changesBefore).toBe(0);
    expect(aws.calls().filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  });
});
