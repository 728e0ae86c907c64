import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Harness, roleArn, type StepOptions, scenario } from '../harness.js';

describe('the trust diagnosis', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  const runDenied = async (options: StepOptions, overrides: ScenarioInput = {}) => {
    harness = await Harness.start(overrides);
    const { recorded, operations } = await harness.runMain(options);
    expect(recorded.failures).toHaveLength(1);
    expect(recorded.exported).toEqual({});
    return { recorded, operations, output: recorded.log.getOutput() };
  };

  /** The statements in a log, parsed. */
  const parseStatements = (log: string): { Condition: { StringEquals: Record<string, string> } }[] =>
    [...log.matchAll(/^\{\n[\s\S]*?^\}$/gmu)].map(([json]) => JSON.parse(json));

  it('logs a statement that accepts the token', async () => {
    const claims = { repository: 'octocat/elsewhere', environment: 'prod' };
    const { output } = await runDenied({ claims });
    await harness.close();
    const trust = { Version: '2012-10-17', Statement: parseStatements(output).slice(0, 1) };
    harness = await Harness.start({ iam: { ...scenario.iam, roles: { deploy: { trust } } } });
    expect((await harness.runMain({ claims })).recorded.failures).toEqual([]);
  });

  it('logs statements for both forms of sub, the token’s own first', async () => {
    const { output, recorded } = await runDenied({}, { oidc: { subject: 'immutable' } });
    const key = 'token.actions.githubusercontent.com:sub';
    expect(parseStatements(output).map(({ Condition }) => Condition.StringEquals[key])).toEqual([
      'repo:octocat@123456/my-repo@456789:ref:refs/heads/main',
      'repo:octocat/my-repo:ref:refs/heads/main',
    ]);
    expect(output).toContain("the token's sub is of the immutable form");
    expect(recorded.summary()).toContain('octocat');
  });

  it('never logs the token', async () => {
    const { recorded, output } = await runDenied({ claims: { repository: 'octocat/elsewhere' } });
    const token = harness.aws.calls().at(-1)?.input['WebIdentityToken'];
    expect(typeof token).toBe('string');
    expect(`${output}${recorded.summary()}${JSON.stringify(recorded.outputs)}`).not.toContain(
      String(token).split('.')[2],
    );
  });

  it('names an expected subject of the other form', async () => {
    const inputs = { 'expected-subjects': 'repo:octocat/my-repo:ref:*' };
    const { output } = await runDenied({ inputs }, { oidc: { subject: 'immutable' } });
    expect(output).toContain("'repo:octocat/my-repo:ref:*' expects the other form of sub");
  });

  it('explains the sub of pull requests and environments', async () => {
    const { output } = await runDenied({
      claims: { repository: 'a/b', event_name: 'pull_request', environment: 'stage' },
    });
    expect(output).toContain('for pull requests sub ends in pull_request');
    expect(output).toContain("the job names the environment 'stage'");
  });

  it('names a missing identity provider', async () => {
    const { output } = await runDenied({}, { oidc: { issuer: 'https://token.actions.example.ghe.com' } });
    expect(output).toContain('the account has no identity provider for token.actions.example.ghe.com');
  });

  it('compares the role’s trust policy when the default credentials may read it', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
    const { output, operations } = await runDenied({ claims: { repository: 'octocat/elsewhere' }, env });
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetRole']);
    expect(output).toContain(
      "the role's trust policy wants sub StringLike repo:octocat/my-repo:*, and the token has repo:octocat/elsewhere:ref:refs/heads/main",
    );
  });

  it('works without the trust policy when IAM denies it', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
    const { output, operations } = await runDenied({ claims: { repository: 'octocat/elsewhere' }, env });
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetRole']);
    expect(output).not.toContain("the role's trust policy wants");
    expect(output).toContain('also usual');
  });

  it('uses the partition and account of the role in the statement', async () => {
    const inputs = { 'role-to-assume': `arn:aws-cn:iam::${ACCOUNT}:role/absent`, 'aws-region': 'cn-north-1' };
    const { output } = await runDenied({ inputs });
    expect(output).toContain(`arn:aws-cn:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`);
  });

  it('is omitted when a role denies credentials', async () => {
    const inputs = {
      'aws-access-key-id': 'AKIAUSER',
      'aws-secret-access-key': 'user/secret+key',
      'role-to-assume': roleArn('second'),
    };
    const { output, recorded } = await runDenied({ inputs });
    expect(recorded.failures[0]).toContain('is not authorized to perform: sts:AssumeRole');
    expect(output).not.toContain('Federated');
  });
});
