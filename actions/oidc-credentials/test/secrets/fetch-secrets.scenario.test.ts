import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness } from '../harness.js';

describe('secrets', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  const getFailure = async (secretIds: string, env: Record<string, string> = {}): Promise<string> => {
    const { recorded } = await harness.runMain({ inputs: { 'secret-ids': secretIds }, env });
    expect(recorded.exported).toEqual({});
    return recorded.failures[0] ?? '';
  };

  it('are fetched by name, ARN and prefix, masked, and removed after the job', async () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/plain';
    const step = await harness.runMain({ inputs: { 'secret-ids': `prod/db\nBY_ARN, ${arn}\nstage/*` } });
    expect(step.recorded.failures).toEqual([]);
    expect(step.recorded.exported).toMatchObject({
      PROD_DB: '{"user":"shop","password":"hunter22","nested":{"port":5432}}',
      BY_ARN: 'plain-value',
      STAGE_PLAIN: 'stage-value',
    });
    expect(step.recorded.masked).toEqual(expect.arrayContaining(['plain-value', 'stage-value']));
    expect(step.recorded.log.getOutput()).not.toContain('plain-value');
    expect((await harness.runPostStep(step)).exported).toMatchObject({ PROD_DB: '', BY_ARN: '', STAGE_PLAIN: '' });
  });

  it('are named after their members alone with a comma before them', async () => {
    const inputs = { 'secret-ids': ',prod/db\n, prod/plain', 'parse-json-secrets': 'true' };
    const { recorded } = await harness.runMain({ inputs });
    expect(recorded.exported).toMatchObject({ USER: 'shop', NESTED_PORT: '5432', PROD_PLAIN: 'plain-value' });
    const { recorded: whole } = await harness.runMain({ inputs: { 'secret-ids': ',prod/plain' } });
    expect(whole.exported).toMatchObject({ PROD_PLAIN: 'plain-value' });
  });

  it('fail the step when they do not exist', async () => {
    expect(await getFailure('prod/none')).toContain("secret 'prod/none' not found in this account and Region");
    expect(await getFailure('none/*')).toContain("no secret starts with 'none/'");
  });

  it('never overwrite another variable', async () => {
    expect(await getFailure('prod/db', { PROD_DB: 'something' })).toContain(
      "which is already set: choose another variable with 'VARIABLE, prod/db'",
    );
    expect(await getFailure('SAME, prod/db\nSAME, prod/plain')).toContain("which is also set by secret 'prod/db'");
    expect(await getFailure('AWS_REGION, prod/plain')).toContain('would set AWS_REGION, which is reserved');
    expect(await getFailure('ONE, prod/*')).toContain("'prod/*' matches 2 secrets, but ONE can contain only one");
  });

  it('are rejected for invalid lines', async () => {
    expect(await getFailure('a*')).toContain('is not a valid prefix: use at least 3 characters');
    expect(await getFailure('my-name, prod/db')).toContain('use MY_NAME');
    expect(await getFailure('A, B, C')).toContain("is not valid: use a secret, or 'VARIABLE, secret'");
  });
});
