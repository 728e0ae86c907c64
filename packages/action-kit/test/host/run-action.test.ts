import { describe, expect, it } from '@jest/globals';
import { type Action, failed, passed, type Report, runAction, runPost } from '../../src/host/run-action.js';
import { boolean, defineAction, string } from '../../src/inputs/definition.js';
import { createFakeHost, type FakeHost } from '../../src/testing/fake-host.js';
import { DeliveryError } from '../../src/util/error.js';

const definition = defineAction({
  name: 'sample',
  title: 'Sample',
  description: 'A sample.',
  branding: { icon: 'cloud', color: 'orange' },
  inputs: { token: string({ help: 'Token.', secret: true }), fail: boolean({ default: false, help: 'Fail.' }) },
  outputs: { count: { help: 'Count.' }, key: { help: 'Key.', secret: true }, 'part-*': { help: 'Parts.' } },
  environment: { AWS_REGION: { help: 'Region.' } },
  permissions: {},
  workflow: [],
});

type Sample = Action<typeof definition, string, boolean>;

const report = (fail: boolean): Report<typeof definition> => ({
  verdict: fail ? failed('it broke') : passed,
  outputs: { count: 3, key: 'k3y', 'part-a': { x: 1 } },
  environment: { AWS_REGION: 'eu-west-1' },
  summary: 'the token is s3cret',
  annotations: [{ level: 'warning', message: 'careful', file: 'a.yml', startLine: 2 }],
});

const sample: Sample = { createServices: () => 'service', run: async (inputs) => inputs.fail, report };

const run = async (inputs: Record<string, string>, parts: Partial<Sample> = {}): Promise<FakeHost['recorded']> => {
  const host = createFakeHost({ inputs });
  await runAction(definition, { ...sample, ...parts }, host);
  return host.recorded;
};

describe('runAction', () => {
  it('publishes outputs, environment, summary and annotations of a passed run', async () => {
    const recorded = await run({ token: 's3cret' });
    expect(recorded.failures).toEqual([]);
    expect(recorded.outputs).toEqual({ count: '3', key: 'k3y', 'part-a': '{"x":1}' });
    expect(recorded.exported).toEqual({ AWS_REGION: 'eu-west-1' });
    expect(recorded.log.entries).toContainEqual({
      kind: 'warning',
      message: 'careful',
      properties: { file: 'a.yml', startLine: 2 },
    });
  });

  it('masks secret inputs first, secret outputs before they are set, and redacts the summary', async () => {
    const recorded = await run({ token: 's3cret' });
    expect(recorded.masked).toEqual(['s3cret', 'k3y']);
    expect(recorded.summary()).toBe('the token is ***');
  });

  it('truncates a summary that GitHub would reject', async () => {
    const row = '| a changed line |\n';
    const recorded = await run({}, { report: () => ({ ...report(false), summary: row.repeat(100_000) }) });
    expect(Buffer.byteLength(recorded.summary())).toBeLessThan(1024 * 1024);
    expect(recorded.summary()).toMatch(/_Truncated at the size limit: \d+ more lines\._$/u);
  });

  it('passes with a warning when the summary cannot be written', async () => {
    const host = createFakeHost({ inputs: {} });
    const full = { ...host, writeSummary: () => Promise.reject(new Error('no space left')) };
    await runAction(definition, sample, full);
    expect(host.recorded.failures).toEqual([]);
    expect(host.recorded.exported).toEqual({ AWS_REGION: 'eu-west-1' });
    expect(host.recorded.log.getOutput()).toContain('cannot write the job summary: no space left');
  });

  it('sets outputs but exports no environment when the verdict is failed', async () => {
    const recorded = await run({ fail: 'true' });
    expect(recorded.failures).toEqual(['it broke']);
    expect(recorded.outputs).toMatchObject({ count: '3' });
    expect(recorded.exported).toEqual({});
  });

  it('publishes a report that is created asynchronously', async () => {
    const recorded = await run({}, { report: async () => report(false) });
    expect(recorded.outputs).toMatchObject({ count: '3' });
  });

  it('fails on a thrown error and on invalid input without publishing a report', async () => {
    const thrown = await run({}, { run: () => Promise.reject(new DeliveryError('timeout', 'took too long')) });
    expect(thrown).toMatchObject({ failures: ['took too long'], outputs: {}, exported: {} });
    const misspelt = await run({ fail: 'maybe' });
    expect(misspelt.failures[0]).toContain("input 'fail': 'maybe' is not a boolean");
    expect(misspelt.summary()).toMatch(/^## ❌ .+\n\n.*'fail': 'maybe' is not a boolean/u);
  });

  it('rejects a name that could add lines to a command file before anything is set', async () => {
    const outputs = { count: 3, 'part-x\nAWS_REGION': 'evil' };
    const recorded = await run({}, { report: () => ({ ...report(false), outputs }) });
    expect(recorded.failures[0]).toContain('output "part-x\\nAWS_REGION" has an invalid name');
    expect([recorded.outputs, recorded.exported]).toEqual([{}, {}]);
  });

  it('rejects an undeclared output before anything is set', async () => {
    const undeclared = { ...report(false), outputs: { count: 1, surprise: 2 } };
    const recorded = await run({}, { report: () => undeclared });
    expect(recorded).toMatchObject({ failures: ["output 'surprise' is not declared"], outputs: {} });
  });
});

describe('runPost', () => {
  it('logs an error as a warning', async () => {
    const host = createFakeHost();
    await runPost(() => Promise.reject(new Error('disk gone')), host);
    expect(host.recorded.failures).toEqual([]);
    expect(host.recorded.log.getOutput()).toContain('warning: Cleanup failed: disk gone');
  });
});
