import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readSarif, type SarifContent } from '../../src/sarif/read-sarif.js';
import { ROOT } from './sarif-log.js';

const corpus = fileURLToPath(new URL('corpus', import.meta.url));

/** Severities by an independent reading of the specification: `corpus/oracle.py` writes them. */
const expectedSeverities: Readonly<Record<string, readonly (readonly [rule: string, severity: string])[]>> = JSON.parse(
  readFileSync(join(corpus, 'severities.json'), 'utf8'),
);

const sources = join(corpus, 'sources');

/** gosec writes paths relative to its module; the other scanners, to the checkout. */
const getRoot = (name: string): string => (name.startsWith('gosec/') ? 'go/bad' : '');

const read = (name: string): SarifContent =>
  readSarif(readFileSync(join(corpus, name)), {
    name,
    top: ROOT,
    root: join(ROOT, getRoot(name)),
    workspace: ROOT,
    exists: (file) => existsSync(join(sources, file)),
  });

const names = Object.keys(expectedSeverities);

describe('SARIF files that scanners wrote', () => {
  it('are at least 60, of at least 12 scanners', () => {
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names.map(dirname)).size).toBeGreaterThanOrEqual(12);
    const files = readdirSync(corpus, { recursive: true }).map(String);
    expect(files.filter((file) => file.endsWith('.sarif')).sort()).toEqual(names);
  });

  it.each(names)('%s has the severities of the specification', (name) => {
    const { findings } = read(name);
    expect(findings.map(({ rule, severity }) => [rule.id, severity])).toEqual(expectedSeverities[name]);
  });

  it.each(names)('%s has findings in files of the checkout', (name) => {
    for (const { location, message } of read(name).findings)
      expect([message, location?.file, existsSync(join(sources, location?.file ?? 'missing'))]).toEqual([
        message,
        location?.file,
        true,
      ]);
  });

  it('have no finding, and no gap, if the source is clean', () => {
    const clean = names.filter((name) => name.endsWith('/clean.sarif'));
    expect(clean.map((name) => [name, read(name).findings.length, read(name).gaps])).toEqual(
      clean.map((name) => [name, 0, []]),
    );
  });

  it('are never complete without a finding if the source cannot be parsed', () => {
    // Semgrep states success and no error for a Python file that it cannot parse.
    const broken = names.filter((name) => name.endsWith('/broken.sarif') && name !== 'semgrep/broken.sarif');
    expect(
      broken
        .map((name) => [name, [...read(name).findings, ...read(name).gaps, ...read(name).warnings].length])
        .filter(([, count]) => count === 0),
    ).toEqual([]);
  });
});
