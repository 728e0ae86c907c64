import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startHttpServer } from '../../packages/action-kit/src/testing/http-servers.js';
import { findProgramObstacle, findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { readFiles } from './act/read-files.js';
import { createDeployScenario, DEPLOY_ROLE } from './services/deploy-scenario.js';

const workflow = 'examples/workflows/ecs-blue-green.yml';
const obstacle = findToolObstacle(['act']) ?? findProgramObstacle(['buildah']);
const files = readFiles(workflow, 'examples/web', 'examples/ecs');
const CIRCUIT_BREAKER = `Resource handler returned message: "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'." (RequestToken: 7d3b1c52-5a51-4f2e-8a3e-2a9a8f6f1c1e, HandlerErrorCode: GeneralServiceException)`;

declareUnless(obstacle, describe)('blue/green delivery to ECS under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;
  let balancer: RunningServer;

  beforeAll(async () => {
    balancer = await startHttpServer((request, response) =>
      response.writeHead(request.url === '/health' ? 200 : 404).end('{"shop":"open"}'),
    );
    const scenario = createDeployScenario({
      permissions: ['cloudwatch:*', 'ec2:*', 'ecs:*', 'elasticloadbalancing:*', 'logs:*'],
      types: {
        'AWS::EC2::SecurityGroup': { attributes: { GroupId: 'sg-0a1b2c3d' } },
        'AWS::ECS::TaskDefinition': { replace: ['ContainerDefinitions'] },
        'AWS::ElasticLoadBalancingV2::LoadBalancer': {
          attributes: { DNSName: `127.0.0.1:${balancer.port}`, LoadBalancerFullName: 'app/shop/1' },
        },
      },
      rules: [
        {
          on: { type: 'AWS::ECS::Service', operation: 'update', attempts: [1] },
          fail: { reason: CIRCUIT_BREAKER, after: '10s' },
        },
      ],
    });
    aws = await startLocalAws({ scenario });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    await balancer.stop();
  });

  const deliver = (changes: Readonly<Record<string, string>> = {}): Promise<ActResult> =>
    act.run({
      files: { ...files, ...changes },
      workflow,
      env: aws.createEnv(),
      variables: {
        AWS_REGION: 'eu-west-1',
        DEPLOY_ROLE_ARN: DEPLOY_ROLE,
        VPC_ID: 'vpc-0a1b2c3d',
        SUBNET_IDS: 'subnet-0a1b2c3d,subnet-1a1b2c3d',
        BASE_IMAGE: 'scratch',
      },
    });

  it('deploys the scanned image by digest and verifies the service', async () => {
    const { exitCode, output, findStep } = await deliver();
    expect(exitCode === 0 ? 'delivered' : output).toBe('delivered');
    const { 'image-uri': image, verdict } = findStep('image').outputs;
    expect(verdict).toBe('passed');
    expect(findStep('service').outputs['stack-status']).toBe('CREATE_COMPLETE');
    const { input } = aws.calls().findLast(({ operation }) => operation === 'CreateChangeSet') ?? {};
    expect(input?.['Parameters']).toEqual(
      expect.arrayContaining([
        { ParameterKey: 'ImageUri', ParameterValue: image },
        { ParameterKey: 'SubnetIds', ParameterValue: 'subnet-0a1b2c3d,subnet-1a1b2c3d' },
      ]),
    );
  }, 240_000);

  it('fails with the reason of ECS when its circuit breaker rolls the deployment back', async () => {
    const { exitCode, output, findStep } = await deliver({ 'examples/web/shop/server.mjs': '// a broken version\n' });
    expect(exitCode).toBe(1);
    expect(output).toContain('ECS Deployment Circuit Breaker was triggered');
    expect(findStep('service').outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  }, 240_000);
});
