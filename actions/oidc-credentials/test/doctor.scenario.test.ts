import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, role, Stage, type StepOptions, scenario } from './stage.js';

describe('the trust doctor', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const deniedRun = async (options: StepOptions, changes: ScenarioInput = {}) => {
    stage = await Stage.open(changes);
    const { memory, operations } = await stage.main(options);
    expect(memory.failures).toHaveLength(1);
    expect(memory.exported).toEqual({});
    return { memory, operations, text: memory.log.text() };
  };

  /** The statements in a log, parsed. */
  const statementsIn = (text: string): { Condition: { StringEquals: Record<string, string> } }[] =>
    [...text.matchAll(/^\{\n[\s\S]*?^\}$/gmu)].map(([json]) => JSON.parse(json));

  it('prints a statement that lets the token in', async () => {
    const claims = { repository: 'octocat/elsewhere', environment: 'prod' };
    const { text } = await deniedRun({ claims });
    await stage.close();
    const trust = { Version: '2012-10-17', Statement: statementsIn(text).slice(0, 1) };
    stage = await Stage.open({ iam: { ...scenario.iam, roles: { deploy: { trust } } } });
    expect((await stage.main({ claims })).memory.failures).toEqual([]);
  });

  it('prints it for both forms of sub, the token’s own first', async () => {
    const { text, memory } = await deniedRun({}, { oidc: { subject: 'immutable' } });
    const key = 'token.actions.githubusercontent.com:sub';
    expect(statementsIn(text).map(({ Condition }) => Condition.StringEquals[key])).toEqual([
      'repo:octocat@123456/my-repo@456789:ref:refs/heads/main',
      'repo:octocat/my-repo:ref:refs/heads/main',
    ]);
    expect(text).toContain("the token's sub is of the immutable form");
    expect(memory.summary()).toContain('octocat');
  });

  it('never prints the token', async () => {
    const { memory, text } = await deniedRun({ claims: { repository: 'octocat/elsewhere' } });
    const token = stage.aws.calls().at(-1)?.input['WebIdentityToken'];
    expect(typeof token).toBe('string');
    expect(`${text}${memory.summary()}${JSON.stringify(memory.outputs)}`).not.toContain(String(token).split('.')[2]);
  });

  it('tells which expectation is of the other form', async () => {
    const inputs = { 'expected-subjects': 'repo:octocat/my-repo:ref:*' };
    const { text } = await deniedRun({ inputs }, { oidc: { subject: 'immutable' } });
    expect(text).toContain("'repo:octocat/my-repo:ref:*' expects the other form of sub");
  });

  it('says what a pull request and an environment do to sub', async () => {
    const { text } = await deniedRun({
      claims: { repository: 'a/b', event_name: 'pull_request', environment: 'stage' },
    });
    expect(text).toContain('for pull requests sub ends in pull_request');
    expect(text).toContain("the job names the environment 'stage'");
  });

  it('says which provider is missing', async () => {
    const { text } = await deniedRun({}, { oidc: { issuer: 'https://token.actions.example.ghe.com' } });
    expect(text).toContain('the account has no identity provider for token.actions.example.ghe.com');
  });

  it('compares with the role itself where ambient credentials may read it', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
    const { text, operations } = await deniedRun({ claims: { repository: 'octocat/elsewhere' }, variables });
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetRole']);
    expect(text).toContain(
      "the role's trust policy wants sub StringLike repo:octocat/my-repo:*, and the token has repo:octocat/elsewhere:ref:refs/heads/main",
    );
  });

  it('does without the role where nobody may read it', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
    const { text, operations } = await deniedRun({ claims: { repository: 'octocat/elsewhere' }, variables });
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetRole']);
    expect(text).not.toContain("the role's trust policy wants");
    expect(text).toContain('also usual');
  });

  it('has the partition and account of the role in the statement', async () => {
    const inputs = { 'role-to-assume': `arn:aws-cn:iam::${ACCOUNT}:role/absent`, 'aws-region': 'cn-north-1' };
    const { text } = await deniedRun({ inputs });
    expect(text).toContain(`arn:aws-cn:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`);
  });

  it('is not asked when credentials are refused a role', async () => {
    const inputs = {
      'aws-access-key-id': 'AKIAUSER',
      'aws-secret-access-key': 'user/secret+key',
      'role-to-assume': role('second'),
    };
    const { text, memory } = await deniedRun({ inputs });
    expect(memory.failures[0]).toContain('is not authorized to perform: sts:AssumeRole');
    expect(text).not.toContain('Federated');
  });
});
