import { readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout } from './checkout.js';
import { BUCKET, Harness } from './harness.js';
import { buildSarif } from './sarif-log.js';

const COUNT = 10_000;

describe('10,000 findings', () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout();
  });
  afterEach(() => checkout.remove());

  it("stay within GitHub's limits", async () => {
    const code = Array.from({ length: 1000 }, (_, line) => `call(${line}); // ${'x'.repeat(60)}`).join('\n');
    checkout.commit(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`src/${index}.js`, code])));
    const message = '"<&|`*_'.repeat(40);
    const results = Array.from({ length: COUNT }, (_, index) => {
      return { file: `src/${index % 100}.js`, line: 1 + (index % 1000), rule: `rule-${index % 50}`, message };
    });
    checkout.write('scan.sarif', buildSarif({ results }));
    checkout.write('baseline.sarif', buildSarif({ results: results.slice(0, COUNT / 2) }));
    const step = await checkout.run({ inputs: { baseline: 'baseline.sarif' } });
    expect(step.failures).toEqual(['10000 failing findings (10000 high)']);
    expect(Buffer.byteLength(step.summary)).toBeLessThan(1024 * 1024);
    expect(step.annotations.length).toBeLessThanOrEqual(10);
    expect(Buffer.byteLength(Object.values(step.outputs).join(''))).toBeLessThan(1024 * 1024);
    expect(statSync(step.outputs['html-file'] ?? '').size).toBeLessThan(32 * 1024 * 1024);
    expect(JSON.parse(readFileSync(step.outputs['json-file'] ?? '', 'utf8'))).toHaveLength(COUNT);
  });
});

it('rejects more files than an archive can hold, with a hint', async () => {
  const association = { name: 'shop', bucket: BUCKET };
  const harness = await Harness.open({ 'codeguru-reviewer': { associations: [association] } });
  const { checkout } = harness;
  for (let index = 0; index < 100_000; index += 1) checkout.write(`many/${index % 100}/${index}`, '');
  checkout.git('add', 'many');
  const { failures, operations } = await harness.run();
  await harness.close();
  expect(failures[0]).toContain('contains more than 65535 files: correct the path, or exclude files');
  expect(operations).not.toContain('PutObject');
});
