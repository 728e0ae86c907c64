import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const document = (statement: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

/** A role, whose trusted account and actions may be parameters. */
const writeRole = (
  name: string,
  actions: unknown,
  principal: unknown = { Service: 'lambda.amazonaws.com' },
): string => {
  const permissions = document({ Action: actions, Resource: 'arn:aws:s3:::secret-bucket/*' });
  const properties = {
    AssumeRolePolicyDocument: document({ Action: 'sts:AssumeRole', Principal: principal }),
    Policies: [{ PolicyName: 'read', PolicyDocument: permissions }],
  };
  const template = {
    Parameters: { Account: { Type: 'String', Default: '111111111111' } },
    Resources: { R: { Type: 'AWS::IAM::Role', Properties: properties } },
  };
  return harness.write(`${name}.json`, JSON.stringify(template));
};

const narrow = writeRole('narrow', 's3:GetObject');
const wide = writeRole('wide', ['s3:GetObject', 's3:DeleteObject']);
const inputs = { capabilities: 'CAPABILITY_IAM', protect: 'security' };
const allowed = { ...inputs, 'allow-permissions': 'R' };

describe('protect: security', () => {
  it('stops a deployment before it widens a role, and names the statement and the exception', async () => {
    await harness.deploy({ template: narrow, ...allowed });
    const run = await harness.deploy({ template: wide, ...inputs });
    expect(run.failure).toContain('R (Allow s3:deleteobject on arn:aws:s3:::secret-bucket/*)');
    expect(run.failure).toContain("add 'allow-permissions: R'");
    expect(run.failure).not.toContain('s3:getobject');
    expect(run.calls.map(({ operation }) => operation)).not.toContain('ExecuteChangeSet');
  });

  it('allows what narrows a role, and a named resource', async () => {
    await harness.deploy({ template: wide, ...allowed });
    expect((await harness.deploy({ template: narrow, ...inputs })).failure).toBeUndefined();
    const byType = await harness.deploy({ template: wide, ...inputs, 'allow-permissions': 'AWS::IAM::*' });
    expect(byType.failure).toBeUndefined();
  });

  it('sees access that only a parameter widens', async () => {
    const template = writeRole('trust', 's3:GetObject', { AWS: { 'Fn::Sub': 'arn:aws:iam::${Account}:root' } });
    await harness.deploy({ template, ...allowed });
    const run = await harness.deploy({ template, ...inputs, parameters: 'Account=222222222222' });
    expect(run.failure).toContain('to AWS:arn:aws:iam::222222222222:root');
  });

  it('shows the widened statements first in a preview, without other values', async () => {
    await harness.deploy({ template: narrow, ...allowed });
    const run = await harness.deploy({ template: wide, ...allowed, mode: 'preview' });
    expect(run.failure).toBeUndefined();
    const { summary, outputs } = run;
    expect(summary.indexOf('s3:deleteobject')).toBeGreaterThan(0);
    expect(summary.indexOf('s3:deleteobject')).toBeLessThan(summary.indexOf('🔵 Modify'));
    expect(outputs['changes-summary']).not.toContain('secret-bucket');
    expect(run.log).toContain('Widens      R Allow s3:deleteobject');
  });

  it('can be joined with the guard of resources, and excludes none', async () => {
    await harness.deploy({ template: narrow, ...allowed });
    const both = await harness.deploy({ template: wide, ...inputs, protect: 'stateful, security' });
    expect(both.failure).toContain('protect: security rejects');
    const none = await harness.deploy({ template: wide, ...inputs, protect: 'none, security' });
    expect(none.failure).toContain("'none' excludes other values");
  });

  it('checks an existing change set before it is executed', async () => {
    await harness.deploy({ template: narrow, ...allowed });
    const named = { 'change-set-name': 'wider', capabilities: 'CAPABILITY_IAM' };
    await harness.deploy({ template: wide, ...named, mode: 'create-only' });
    const run = await harness.deploy({ ...named, mode: 'execute', protect: 'security' });
    expect(run.failure).toContain('protect: security rejects the wider permissions of R');
  });
});
