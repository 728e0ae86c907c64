import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import { useFrozenLocalAws } from '../../fixtures.js';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const TemplateBody = JSON.stringify({
  Resources: {
    Shop: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'shop' } },
    Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Shop', 'Arn'] } } },
  },
  Outputs: { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } },
});

const start = useFrozenLocalAws('2026-11-20T12:00:00.000Z');

describe('a function URL of a stack', () => {
  const deploy = async (responses: { path?: string; function?: string; status?: number; body?: string }[]) => {
    const aws = await start({ lambda: { responses } });
    const client = new CloudFormationClient({ region: 'eu-west-1', endpoint: aws.url, credentials });
    await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody }));
    aws.clock.advance(60_000);
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'shop' }));
    return Stacks[0]?.Outputs?.[0]?.OutputValue ?? '';
  };

  it('returns the first matching response of the scenario', async () => {
    const url = await deploy([
      { function: '*:other', body: 'other' },
      { path: '/health', body: '{"shop":"open"}' },
      { status: 503, body: 'closed' },
    ]);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/_local-aws\/lambda\/arn:aws:lambda:.*:function:shop\/$/u);
    const health = await fetch(`${url}health`);
    expect([health.status, await health.json()]).toEqual([200, { shop: 'open' }]);
    const other = await fetch(`${url}tickets?day=1`);
    expect([other.status, await other.text()]).toEqual([503, 'closed']);
  });

  it('returns HTTP 501 without a response in the scenario', async () => {
    const response = await fetch(`${await deploy([])}health`);
    expect(response.status).toBe(501);
    expect(await response.json()).toEqual({
      message: 'Local AWS does not run functions: add a response for GET /health to lambda.responses in the scenario',
    });
  });

  it('is forbidden unless a stack has it', async () => {
    const url = await deploy([{ body: 'open' }]);
    expect((await fetch(url.replace(':shop', ':absent'))).status).toBe(403);
  });
});
