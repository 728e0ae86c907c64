import { dirname } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findProgramObstacle, findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { readFiles } from './act/read-files.js';
import { createDeployScenario, DEPLOY_ROLE } from './services/deploy-scenario.js';
import { Cluster } from './services/kubernetes.js';
import { type RestService, startRestService } from './services/rest-service.js';

const awsCli = findProgram('aws');
const workflow = 'examples/workflows/eks.yml';
const obstacle = findToolObstacle(['act', 'aws']) ?? findProgramObstacle(['buildah', 'kubectl']);

const files = readFiles(workflow, 'examples/web', 'examples/kubernetes');

declareUnless(obstacle, describe)('delivery to EKS under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;
  let cluster: Cluster;
  let eks: RestService;

  beforeAll(async () => {
    cluster = await Cluster.start();
    eks = await startRestService({ 'GET /clusters/shop': () => cluster.describe() });
    aws = await startLocalAws({
      scenario: createDeployScenario({ permissions: ['eks:*'] }),
      upstream: { eks: eks.url },
    });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    await eks.close();
    await cluster[Symbol.asyncDispose]();
  });

  const deliver = (changes: Readonly<Record<string, string>> = {}): Promise<ActResult> =>
    act.run({
      files: { ...files, ...changes },
      workflow,
      env: aws.createEnv(),
      programs: [dirname(awsCli ?? '')],
      variables: {
        AWS_REGION: 'eu-west-1',
        DEPLOY_ROLE_ARN: DEPLOY_ROLE,
        EKS_CLUSTER: 'shop',
        BASE_IMAGE: 'scratch',
      },
    });

  it('builds, pushes and scans the image, and deploys it by digest with a token of the role', async () => {
    const { exitCode, output, findStep } = await deliver();
    expect(exitCode === 0 ? 'delivered' : output).toBe('delivered');
    const { 'image-uri': image, verdict } = findStep('image').outputs;
    expect(image).toMatch(/\/ticket-shop@sha256:[0-9a-f]{64}$/u);
    expect(verdict).toBe('passed');
    expect(cluster.images).toEqual([image]);
    expect(cluster.tokens.size).toBeGreaterThan(0);
    expect([...cluster.tokens].filter((token) => !token.startsWith('Bearer k8s-aws-v1.'))).toEqual([]);
    expect(aws.calls().filter((call) => call.verdict === 'denied')).toEqual([]);
  }, 240_000);

  it('restores the previous revision when the rollout fails', async () => {
    const [first] = cluster.images;
    cluster.healthy = false;
    const { exitCode, output } = await deliver({ 'examples/web/shop/server.mjs': '// a broken version\n' });
    expect(exitCode).toBe(1);
    expect(output).toContain('exceeded its progress deadline');
    expect(cluster.images).toEqual([first, expect.not.stringMatching(first ?? ''), first]);
  }, 240_000);
});
