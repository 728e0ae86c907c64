import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { root } from '../../../scripts/command.mjs';
import { type Endpoint, openEndpoint } from '../../../scripts/demo/environment/endpoint.js';
import { scenario, startAgent } from './account.js';
import { readSteps, runSteps } from './pipeline.js';
import { AzureServer } from './server.js';

const text = z.union([z.string(), z.number()]).transform(String);
const pipeline = z.object({ variables: z.record(z.string(), text), steps: z.array(z.looseObject({})) });

/** The example's variables and steps, without display names. */
const example = () => {
  const path = join(root, 'hosts', 'azure-devops', 'examples', 'delivery.azure-pipelines.yml');
  const { variables, steps } = pipeline.parse(parse(readFileSync(path, 'utf8')));
  return { variables, steps: readSteps(stringify(steps.map(({ displayName: _, ...step }) => step))) };
};

describe('the delivery for Azure Pipelines', () => {
  let aws: LocalAws;
  let server: AzureServer;
  let endpoint: Endpoint;

  beforeAll(async () => {
    endpoint = await openEndpoint(join(root, 'examples', 'delivery', 'shop'));
    const { iam } = scenario;
    const roles = Object.entries(iam?.roles ?? {}).map(([name, role]) => [
      name,
      { ...role, maxSessionDuration: '12h' },
    ]);
    aws = await startLocalAws({
      scenario: {
        ...scenario,
        iam: { ...iam, roles: Object.fromEntries(roles) },
        clock: { scale: 60 },
        cloudformation: { types: { 'AWS::Lambda::Url': { attributes: { FunctionUrl: endpoint.url } } } },
      },
    });
    server = await AzureServer.start(() => aws);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await aws.close();
    await endpoint[Symbol.asyncDispose]();
  });

  it('runs the same delivery as the workflow for GitHub, and checks the deployed endpoint', async () => {
    const { variables, steps } = example();
    await using agent = startAgent(aws, { server, variables });
    cpSync(join(root, 'examples'), join(agent.workspace, 'examples'), { recursive: true });

    const { outcomes, scriptOutputs } = await runSteps(steps, agent);

    expect(outcomes.map(({ result }) => result)).toEqual(Array(6).fill('succeeded'));
    expect(scriptOutputs.at(-1)).toContain('"shop":"open"');
    expect((await agent.finish()).map(({ result }) => result)).not.toContain('failed');
    expect(aws.calls().filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  }, 180_000);
});
