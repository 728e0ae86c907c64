import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../src/finding.js';
import { createVexMatcher } from '../../src/ignore/vex.js';
import { parseVexDocument } from '../../src/ignore/vex-document.js';

const CVE = 'CVE-2021-23337';
/** The message of Trivy. */
const MESSAGE = `Package: lodash\nInstalled Version: 4.17.4\nVulnerability ${CVE}\nSeverity: HIGH\nFixed Version: 4.17.21`;

const createFinding = (id: string = CVE, message = MESSAGE): Finding => ({
  source: 'Trivy',
  id: undefined,
  rule: { id, name: 'LanguageSpecificPackageVulnerability', description: '', help: undefined, tags: [] },
  severity: 'high',
  category: '',
  message,
  location: { file: 'package-lock.json', startLine: 1 },
  fingerprints: {},
  suppression: undefined,
});

const openVex = (...statements: readonly object[]) =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.com/vex/1',
    author: 'Octo',
    timestamp: '2026-01-01T00:00:00Z',
    statements: statements.map((statement) => ({
      vulnerability: { name: CVE },
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      ...statement,
    })),
  });

const find = (document: string, finding = createFinding()): string | undefined =>
  createVexMatcher({
    statements: parseVexDocument(document, 'vex.json'),
    productNames: ['shop', 'octocat/shop'],
  })(finding);

const product = (id: string, ...subcomponents: readonly string[]) => ({
  products: [{ '@id': id, subcomponents: subcomponents.map((each) => ({ '@id': each })) }],
});

describe('an OpenVEX statement', () => {
  it('accepts a finding with its justification', () => {
    const statement = { impact_statement: 'template() is not called' };
    expect(find(openVex(statement))).toBe(
      'not_affected: vulnerable_code_not_in_execute_path: template() is not called (statement 1 of vex.json)',
    );
  });

  it.each([
    ['not_affected', true],
    ['fixed', true],
    ['affected', false],
    ['under_investigation', false],
  ])('with the state %s: accepted %s', (status, isAccepted) => {
    expect(find(openVex({ status })) !== undefined).toBe(isAccepted);
  });

  it.each([
    ['the product under review', product('pkg:oci/shop@sha256%3Aabc?repository_url=ghcr.io/octocat/shop'), true],
    ['the repository', product('https://github.com/octocat/shop'), true],
    ['the package of the product', product('pkg:npm/shop@1.0.0'), true],
    ['another product', product('pkg:oci/payments@sha256%3Aabc'), false],
    ['another repository', product('https://github.com/octocat/payments'), false],
    ['the package', product('pkg:npm/lodash@4.17.4'), true],
    ['the package in the product', product('pkg:oci/shop', 'pkg:npm/lodash@4.17.4'), true],
    ['any version of the package', product('pkg:oci/shop', 'pkg:npm/lodash'), true],
    ['another version', product('pkg:oci/shop', 'pkg:npm/lodash@4.17.2'), false],
    ['a package whose name is longer', product('pkg:oci/shop', 'pkg:npm/lodash.template@4.17.4'), false],
    ['a package whose name is shorter', product('pkg:oci/shop', 'pkg:npm/dash@4.17.4'), false],
    ['a package of another scope', product('pkg:oci/shop', 'pkg:npm/%40types/lodash@4.17.4'), false],
    ['one of several packages', product('pkg:oci/shop', 'pkg:npm/a@1', 'pkg:npm/lodash@4.17.4'), true],
    ['the package in another product', product('pkg:oci/payments', 'pkg:npm/lodash@4.17.4'), false],
  ])('about %s', (_, statement, isAccepted) => {
    expect(find(openVex(statement)) !== undefined).toBe(isAccepted);
  });

  it.each([
    [CVE, true],
    [CVE.toLowerCase(), true],
    [`${CVE}-lodash`, true],
    ['GHSA-35jh-r3h4-6jhm', true],
    ['GHSA-35jh-r3h4-6jhm-lodash', true],
    [`${CVE}1`, false],
    ['CVE-2021-2333', false],
  ])('applies to a rule with the id %s: %s', (id, isAccepted) => {
    const vulnerability = { name: CVE, aliases: ['GHSA-35jh-r3h4-6jhm'] };
    expect(find(openVex({ vulnerability }), createFinding(id)) !== undefined).toBe(isAccepted);
  });

  it.each([
    ['A high vulnerability in npm package: lodash, version 4.17.4 was found at: /package-lock.json', true],
    ["Package 'lodash@4.17.4' is vulnerable to 'CVE-2021-23337'.", true],
    ['lodash is vulnerable', false],
    ['Package: @types/lodash\nInstalled Version: 4.17.4', false],
    ['Package: org.example:lodash\nInstalled Version: 4.17.4', false],
  ])('matches the package in the message: %s', (message, isAccepted) => {
    const document = openVex(product('pkg:npm/lodash@4.17.4'));
    expect(find(document, createFinding(CVE, message)) !== undefined).toBe(isAccepted);
  });

  it('is replaced by a later one, also in the other order', () => {
    const affected = { status: 'affected', timestamp: '2026-06-01T00:00:00Z' };
    expect([find(openVex({}, affected)), find(openVex(affected, {}))]).toEqual([undefined, undefined]);
    expect(find(openVex({ ...affected, timestamp: '2025-06-01T00:00:00Z' }, {}))).toContain('not_affected');
  });

  it('does not accept a finding that another statement of the same time counts', () => {
    expect(find(openVex({}, { status: 'under_investigation' }))).toBeUndefined();
  });

  it('of version 0.0.1 names the vulnerability and the products as strings', () => {
    expect(find(openVex({ vulnerability: CVE, products: ['pkg:npm/lodash@4.17.4'] }))).toContain('not_affected');
  });
});

const cycloneDx = (analysis: object, affects: readonly object[] = [{ ref: 'lodash' }], metadata: object = {}) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata,
    components: [
      { 'bom-ref': 'app', name: 'a', components: [{ 'bom-ref': 'lodash', purl: 'pkg:npm/lodash@4.17.4' }] },
      { 'bom-ref': 'other', name: 'lodash', version: '3.0.0' },
    ],
    vulnerabilities: [{ id: CVE, references: [{ id: 'GHSA-35jh-r3h4-6jhm' }], analysis, affects }, { id: 'CVE-1' }],
  });

describe('a CycloneDX analysis', () => {
  it.each([
    ['not_affected', true],
    ['false_positive', true],
    ['resolved', true],
    ['resolved_with_pedigree', true],
    ['exploitable', false],
    ['in_triage', false],
  ])('with the state %s: accepted %s', (state, isAccepted) => {
    expect(find(cycloneDx({ state })) !== undefined).toBe(isAccepted);
  });

  it('accepts a finding with its justification and detail', () => {
    expect(
      find(cycloneDx({ state: 'not_affected', justification: 'code_not_reachable', detail: 'no templates' })),
    ).toBe('not_affected: code_not_reachable: no templates (vulnerability 1 of vex.json)');
  });

  it.each([
    ['a component', [{ ref: 'lodash' }], {}, true],
    ['a component of another version', [{ ref: 'other' }], {}, false],
    ['a BOM-Link', [{ ref: 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Flodash%404.17.4' }], {}, true],
    ['the product', [{ ref: 'root' }], { component: { 'bom-ref': 'root', name: 'shop' } }, true],
    ['another product', [{ ref: 'root' }], { component: { 'bom-ref': 'root', name: 'payments' } }, false],
  ])('about %s', (_, affects, metadata, isAccepted) => {
    expect(find(cycloneDx({ state: 'not_affected' }, affects, metadata)) !== undefined).toBe(isAccepted);
  });
});

describe('a VEX document', () => {
  it.each([
    ['{"a": 1}', 'vex.json is not a VEX document: use OpenVEX or CycloneDX as JSON'],
    ['[1, 2', 'cannot parse VEX document vex.json'],
    [openVex({ status: 'none' }), 'the state of statement 1 of vex.json must be one of not_affected'],
    [
      openVex({ justification: undefined }),
      "statement 1 of vex.json is 'not_affected' without a reason: add 'justification' or 'impact_statement'",
    ],
    [cycloneDx({ state: 'fine' }), 'the state of vulnerability 1 of vex.json must be one of resolved'],
  ])('that is invalid is an error: %s', (content, message) => {
    expect(() => parseVexDocument(content, 'vex.json')).toThrow(message);
  });
});
