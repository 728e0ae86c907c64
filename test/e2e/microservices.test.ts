import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { findProgramObstacle, findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { readFiles } from './act/read-files.js';

const workflow = 'examples/workflows/microservices.yml';
const obstacle = findToolObstacle(['act']) ?? findProgramObstacle(['buildah']);

const files = readFiles(workflow, 'examples/microservices');

declareUnless(obstacle, describe)('microservices from images under act', () => {
  let act: Act;
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await startLocalAws({ scenario: parse(buildAccountScenario(root)) });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
  });

  const deliver = (changes: Readonly<Record<string, string>> = {}): Promise<ActResult> =>
    act.run({
      files: { ...files, ...changes },
      workflow,
      env: aws.createEnv(),
      variables: {
        AWS_REGION: 'eu-west-1',
        DEPLOY_ROLE_ARN: 'arn:aws:iam::123456789012:role/deliver',
        STAGE: 'dev',
        BASE_IMAGE: 'scratch',
      },
    });

  const findParameters = (stack: string): unknown =>
    aws
      .calls()
      .filter(({ operation, input }) => operation === 'CreateChangeSet' && input['StackName'] === stack)
      .at(-1)?.input['Parameters'];

  it('builds every directory on the common layer, and deploys each stack with its digest', async () => {
    const { exitCode, output, findStep } = await deliver();
    expect({ exitCode, text: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, text: '' });
    const images: readonly { repository: string; uri: string }[] = JSON.parse(
      findStep('images').outputs['images'] ?? '',
    );
    expect(images.map(({ repository }) => repository).sort()).toEqual([
      'dev-common-layer',
      'dev-pricing-lambda',
      'dev-routing-lambda',
    ]);
    for (const name of ['pricing-lambda', 'routing-lambda']) {
      const uri = images.find(({ repository }) => repository === `dev-${name}`)?.uri;
      expect(findParameters(`dev-${name}`)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ ParameterKey: 'ImageUri', ParameterValue: uri }),
          expect.objectContaining({ ParameterKey: 'MemorySize', ParameterValue: '256' }),
        ]),
      );
    }
  }, 240_000);
});
