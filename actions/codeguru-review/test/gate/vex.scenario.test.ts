import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout, pullRequest } from '../checkout.js';
import { buildSarif } from '../sarif-log.js';

const CVE = 'CVE-2021-23337';

const buildVex = (status: string): string =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    timestamp: '2026-01-01T00:00:00Z',
    statements: [
      {
        vulnerability: { name: CVE },
        products: [{ '@id': 'pkg:oci/shop', subcomponents: [{ '@id': 'pkg:npm/lodash@4.17.4' }] }],
        status,
        justification: 'vulnerable_code_not_present',
      },
    ],
  });

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const run = (options = {}) => {
  const message = 'Package: lodash\nInstalled Version: 4.17.4';
  const results = [
    { rule: CVE, message },
    { rule: 'CVE-2020-8203', message },
  ];
  checkout.write('scan.sarif', buildSarif({ results }));
  return checkout.run({ inputs: { 'vex-files': 'vex.json' }, ...options });
};

const pullRequestOptions = (base: string, head: string) => ({
  inputs: { 'vex-files': 'vex.json' },
  ...pullRequest(base, head),
});

describe('a VEX document', () => {
  it('is an exception for the vulnerability that it accepts, with its justification', async () => {
    checkout.commit({ 'vex.json': buildVex('not_affected') });
    const step = await run();
    expect(JSON.parse(step.outputs['counts'] ?? '')).toMatchObject({ fails: { high: 1 }, ignored: { high: 1 } });
    expect(step.summary).toContain('vulnerable\\_code\\_not\\_present (statement 1 of vex.json)');
    expect(JSON.parse(step.outputs['findings'] ?? '')).toMatchObject([{ rule: 'CVE-2020-8203' }]);
  });

  it.each(['affected', 'under_investigation'])('counts a vulnerability with the state %s', async (status) => {
    checkout.commit({ 'vex.json': buildVex(status) });
    expect(JSON.parse((await run()).outputs['counts'] ?? '')).toMatchObject({ fails: { high: 2 } });
  });

  it('applies from the base commit of a pull request', async () => {
    const base = checkout.commit({ 'vex.json': buildVex('affected') });
    const head = checkout.commit({ 'vex.json': buildVex('not_affected') });
    const step = await run(pullRequestOptions(base, head));
    expect(JSON.parse(step.outputs['counts'] ?? '')).toMatchObject({ fails: { high: 2 } });
    expect(step.log).toContain('Using vex.json from the base commit');
  });

  it('that a pull request adds is not used', async () => {
    const base = checkout.commit({ 'src/app.js': 'one();' });
    const head = checkout.commit({ 'vex.json': buildVex('not_affected') });
    const step = await run(pullRequestOptions(base, head));
    expect(JSON.parse(step.outputs['counts'] ?? '')).toMatchObject({ fails: { high: 2 } });
    expect(step.log).toContain('vex.json is added by this pull request and is not used until it is merged');
  });

  it('that is missing fails the step', async () => {
    expect((await run()).failures).toEqual([expect.stringContaining("input 'vex-files': cannot read 'vex.json'")]);
  });
});
