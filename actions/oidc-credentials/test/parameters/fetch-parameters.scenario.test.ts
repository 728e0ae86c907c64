import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Harness } from '../harness.js';

describe('parameters', () => {
  let harness: Harness;
  beforeAll(async () => {
    const many = Object.fromEntries(
      Array.from({ length: 23 }, (_, index) => [`/many/n${String(index).padStart(2, '0')}`, `v${index}`]),
    );
    const parameters = {
      '/prod/db/host': 'db.example',
      '/prod/db/password': { type: 'SecureString' as const, value: 'line one\nline two' },
      '/prod/flags/beta/zones': { type: 'StringList' as const, value: 'a,b' },
      flat: 'flat-value',
      ...many,
    };
    harness = await Harness.start({ ssm: { parameters } });
  });
  afterAll(() => harness.close());

  const run = (names: string, inputs: Record<string, string> = {}, env: Record<string, string> = {}) =>
    harness.runMain({ inputs: { 'parameter-names': names, ...inputs }, env });

  const getFailure = async (...options: Parameters<typeof run>): Promise<string> => {
    const { recorded } = await run(...options);
    expect(recorded.exported).toEqual({});
    return recorded.failures[0] ?? '';
  };

  it('are exported by name, version, ARN and path; only SecureStrings are masked', async () => {
    const arn = `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/prod/db/host`;
    const step = await run(`/prod/db/*\nFLAT, flat:1\nBY_ARN, ${arn}\n/prod/flags/beta/zones`);
    expect(step.recorded.failures).toEqual([]);
    expect(step.recorded.exported).toMatchObject({
      PROD_DB_HOST: 'db.example',
      PROD_DB_PASSWORD: 'line one\nline two',
      FLAT: 'flat-value',
      BY_ARN: 'db.example',
      PROD_FLAGS_BETA_ZONES: 'a,b',
    });
    expect(step.recorded.masked).toContain('line one\nline two');
    for (const plain of ['db.example', 'flat-value', 'a,b']) expect(step.recorded.masked).not.toContain(plain);
    expect(step.recorded.summary()).toContain('| Parameters | FLAT, BY\\_ARN, PROD\\_FLAGS\\_BETA\\_ZONES, ');
    expect((await harness.runPostStep(step)).exported).toMatchObject({ PROD_DB_HOST: '', FLAT: '' });
  });

  it('are named after the parameter without the ARN and the first slash', async () => {
    const { recorded } = await run(`arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/prod/db/host\n/prod/db/host`);
    expect(recorded.exported).toMatchObject({ PROD_DB_HOST: 'db.example' });
  });

  it('are fetched in groups of ten, and path by path in pages', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `/many/n${String(index).padStart(2, '0')}`);
    const byName = await run(names.join('\n'));
    expect(byName.recorded.exported).toMatchObject({ MANY_N00: 'v0', MANY_N22: 'v22' });
    expect(byName.operations.filter((name) => name.startsWith('GetParameter'))).toHaveLength(3);
    const byPath = await run('/many/*\n/many/n01');
    expect(Object.keys(byPath.recorded.exported).filter((name) => name.startsWith('MANY_'))).toHaveLength(23);
  });

  it('fail the step when they do not exist', async () => {
    expect(await getFailure('flat\n/prod/none')).toContain(
      "parameter '/prod/none' not found in this account and Region: correct 'parameter-names'",
    );
    expect(await getFailure('flat:2')).toContain("parameter 'flat:2' not found");
    expect(await getFailure('/none/*')).toContain("no parameter in path '/none/'");
  });

  it('never overwrite another variable or a secret', async () => {
    const db = { 'secret-ids': 'HOST, prod/plain' };
    expect(await getFailure('HOST, flat', db)).toContain(
      "parameter 'flat' would set HOST, which is also set by secret 'prod/plain'",
    );
    expect(await getFailure('flat', {}, { FLAT: 'x' })).toContain('which is already set');
    expect(await getFailure('Path, flat')).toContain('would set Path, which is reserved');
    expect(await getFailure('ONE, /prod/db/*')).toContain("'/prod/db/*' matches 2 parameters, but ONE can contain");
  });

  it.each(['prod/*', '/*', '/prod/fl*', 'a*'])('are rejected for the path %s', async (line) => {
    expect(await getFailure(line)).toContain(`input 'parameter-names': '${line}' is not a valid path`);
  });

  it('are rejected for other invalid lines', async () => {
    expect(await getFailure('/a/*/b')).toContain('has a * before its end');
    expect(await getFailure('my-name, flat')).toContain('use MY_NAME');
    expect(await getFailure('A, B, C')).toContain("is not valid: use a parameter, or 'VARIABLE, parameter'");
  });
});
