import { dirname } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startHttpServer } from '../../packages/action-kit/src/testing/http-servers.js';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { readFiles } from './act/read-files.js';
import { createDeployScenario, DEPLOY_ROLE } from './services/deploy-scenario.js';
import { type RestService, startRestService } from './services/rest-service.js';

const workflow = 'examples/workflows/verified-delivery.yml';
const files = readFiles(workflow, 'examples/delivery');
const SHOP = 'examples/delivery/shop/index.mjs';

declareUnless(findToolObstacle(['act', 'aws']), describe)('a verified delivery under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;
  let shop: RunningServer;
  let fis: RestService;
  let isShopUp = true;
  /** States of the experiment in the order of the calls; the last one is repeated. */
  let states: { status: string; reason?: string }[] = [];

  const readExperiment = () => {
    const state = states.length > 1 ? states.shift() : states[0];
    return { experiment: { id: 'EXP1', state } };
  };

  beforeAll(async () => {
    shop = await startHttpServer((_, response) => response.writeHead(isShopUp ? 200 : 500).end('{"shop":"open"}'));
    fis = await startRestService({
      'POST /experiments': () => ({ experiment: { id: 'EXP1', state: { status: 'initiating' } } }),
      'GET /experiments/EXP1': readExperiment,
      'DELETE /experiments/EXP1': () => ({ experiment: { id: 'EXP1', state: { status: 'stopping' } } }),
    });
    aws = await startLocalAws({
      scenario: createDeployScenario({ permissions: ['fis:*'], endpoint: `http://127.0.0.1:${shop.port}/` }),
      upstream: { fis: fis.url },
    });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    await fis.close();
    await shop.stop();
  });

  const deliver = (changes: Readonly<Record<string, string>> = {}): Promise<ActResult> =>
    act.run({
      files: { ...files, ...changes },
      workflow,
      env: aws.createEnv(),
      programs: [dirname(findProgram('aws') ?? '')],
      variables: {
        AWS_REGION: 'eu-west-1',
        DEPLOY_ROLE_ARN: DEPLOY_ROLE,
        SHARD_COUNT: '1',
        FIS_TEMPLATE_ID: 'EXT1',
        FIS_INTERVAL: '0.1',
      },
    });

  /** Images of the deployments of the shop's stack, oldest first. */
  const listImages = (): readonly unknown[] =>
    aws
      .calls()
      .filter(
        ({ operation, input }) => operation === 'CreateChangeSet' && input['StackName'] === 'ticket-shop-function',
      )
      .map(({ input }) => JSON.stringify(input['Parameters']))
      .map((parameters) => /@(sha256:[0-9a-f]{64})/u.exec(parameters)?.[1]);

  it('passes when the shop stays healthy until the experiment is completed', async () => {
    states = [{ status: 'running' }, { status: 'running' }, { status: 'completed' }];
    const { exitCode, output } = await deliver();
    expect(exitCode === 0 ? 'delivered' : output).toBe('delivered');
    expect(fis.requests.map(({ route }) => route)).toEqual([
      'POST /experiments',
      ...Array(3).fill('GET /experiments/EXP1'),
    ]);
    expect(fis.requests[0]?.body).toMatchObject({ experimentTemplateId: 'EXT1' });
    expect(listImages()).toHaveLength(1);
  }, 240_000);

  it('rolls back to the previous image when a stop condition ends the experiment', async () => {
    states = [{ status: 'running' }, { status: 'stopped', reason: 'Experiment halted by stop condition.' }];
    const { exitCode, output, findStep } = await deliver({ [SHOP]: 'export const handler = () => "slow";\n' });
    expect(exitCode).toBe(1);
    expect(output).toContain('Experiment halted by stop condition.');
    expect(findStep('rollback').outputs['stack-status']).toBe('UPDATE_COMPLETE');
    const [first, second, third] = listImages();
    expect(second).not.toBe(first);
    expect(third).toBe(first);
  }, 240_000);

  it('stops the experiment and rolls back when the shop fails during it', async () => {
    states = [{ status: 'running' }];
    isShopUp = false;
    const { exitCode } = await deliver({ [SHOP]: 'export const handler = () => "broken";\n' });
    expect(exitCode).toBe(1);
    expect(fis.requests.at(-1)?.route).toBe('DELETE /experiments/EXP1');
    const images = listImages();
    expect(images.at(-1)).toBe(images[0]);
    expect(images.at(-2)).not.toBe(images[0]);
  }, 240_000);
});
