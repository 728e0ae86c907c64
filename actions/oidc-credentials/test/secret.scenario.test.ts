import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stage } from './stage.js';

describe('secrets', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const failure = async (secretIds: string, variables: Record<string, string> = {}): Promise<string> => {
    const { memory } = await stage.main({ inputs: { 'secret-ids': secretIds }, variables });
    expect(memory.exported).toEqual({});
    return memory.failures[0] ?? '';
  };

  it('are fetched by name, by ARN and by prefix, each masked and gone after the job', async () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/plain';
    const step = await stage.main({ inputs: { 'secret-ids': `prod/db\nBY_ARN, ${arn}\nstage/*` } });
    expect(step.memory.failures).toEqual([]);
    expect(step.memory.exported).toMatchObject({
      PROD_DB: '{"user":"shop","password":"hunter22","nested":{"port":5432}}',
      BY_ARN: 'plain-value',
      STAGE_PLAIN: 'stage-value',
    });
    expect(step.memory.masked).toEqual(expect.arrayContaining(['plain-value', 'stage-value']));
    expect(step.memory.log.text()).not.toContain('plain-value');
    expect((await stage.post(step)).exported).toMatchObject({ PROD_DB: '', BY_ARN: '', STAGE_PLAIN: '' });
  });

  it('that are missing fail the step', async () => {
    expect(await failure('prod/none')).toContain("there is no secret 'prod/none' in this account and Region");
    expect(await failure('none/*')).toContain("no secret's name begins with 'none/'");
  });

  it('never take a name that belongs to something else', async () => {
    expect(await failure('prod/db', { PROD_DB: 'something' })).toContain("write 'VARIABLE, prod/db'");
    expect(await failure('SAME, prod/db\nSAME, prod/plain')).toContain("belongs to secret 'prod/db'");
    expect(await failure('AWS_REGION, prod/plain')).toContain('would set AWS_REGION');
    expect(await failure('ONE, prod/*')).toContain("'prod/*' fits 2 secrets and one variable cannot hold them");
  });

  it('are asked for in ways that can be meant', async () => {
    expect(await failure('a*')).toContain('is not a prefix: write at least 3 characters');
    expect(await failure('my-name, prod/db')).toContain('write MY_NAME');
    expect(await failure('A, B, C')).toContain("is neither a secret nor 'VARIABLE, secret'");
  });
});
