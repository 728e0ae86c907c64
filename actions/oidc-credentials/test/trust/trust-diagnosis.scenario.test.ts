import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, createTokenTrust, Harness, roleArn, type StepOptions, scenario } from '../harness.js';

const onlyOtherRepository = {
  iam: { ...scenario.iam, roles: { deploy: { trust: createTokenTrust('repo:octocat/elsewhere:*') } } },
};

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
    expect(output).toContain("the token's sub contains repository IDs");
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
    expect(output).toContain("'repo:octocat/my-repo:ref:*' expects the other format of sub");
  });

  it('explains the sub of pull requests and environments', async () => {
    const { output } = await runDenied({
      claims: { repository: 'a/b', event_name: 'pull_request', environment: 'stage' },
    });
    expect(output).toContain('for pull requests, sub ends with pull_request');
    expect(output).toContain("the job has the environment 'stage'");
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
      "the role's trust policy requires sub StringLike repo:octocat/my-repo:*, but the token has repo:octocat/elsewhere:ref:refs/heads/main",
    );
  });

  it('works without the trust policy when IAM denies it', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
    const { output, operations } = await runDenied({ claims: { repository: 'octocat/elsewhere' }, env });
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetRole']);
    expect(output).not.toContain("the role's trust policy requires");
    expect(output).toContain('other common causes');
  });

  it('uses the partition and account of the role in the statement', async () => {
    const inputs = { 'role-to-assume': `arn:aws-cn:iam::${ACCOUNT}:role/absent`, 'aws-region': 'cn-north-1' };
    const { output } = await runDenied({ inputs });
    expect(output).toContain(`arn:aws-cn:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`);
  });

  it('names the environment that the role trusts, and suggests no statement that bypasses it', async () => {
    const trust = createTokenTrust('repo:octocat/my-repo:environment:production');
    const env = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
    const { output, recorded } = await runDenied({ env }, { iam: { ...scenario.iam, roles: { deploy: { trust } } } });
    const cause =
      'this job names no `environment:`, the role trusts only `environment:production`: set `environment: production` on the job';
    expect(recorded.failures[0]).toContain(cause);
    expect(output).toContain(`- ${cause}`);
    expect(output).toContain('would bypass the protection rules of that environment');
    expect(parseStatements(`${output}${recorded.summary()}`)).toEqual([]);
  });

  it('names the environment of the expected subjects', async () => {
    const inputs = { 'expected-subjects': 'repo:octocat/my-repo:environment:production' };
    const { output } = await runDenied({ inputs, claims: { environment: 'stage' } }, onlyOtherRepository);
    expect(output).toContain(
      'this job names `environment: stage`, the role trusts only `environment:production`: set `environment: production`',
    );
    expect(parseStatements(output)).toEqual([]);
  });

  it('says that a statement for a branch has no environment', async () => {
    const { output, recorded } = await runDenied({}, onlyOtherRepository);
    expect(parseStatements(output)).toHaveLength(2);
    for (const text of [output, recorded.summary()]) {
      expect(text).toContain('this job names no ');
      expect(text).toContain(
        'The statement trusts every job on refs/heads/main, without the protection rules of an environment.',
      );
    }
  });

  it('says that a statement for pull requests trusts all of them', async () => {
    const claims = { event_name: 'pull_request' } as const;
    const { output } = await runDenied({ claims }, onlyOtherRepository);
    expect(output).toContain('The statement trusts every pull request of the repository');
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
