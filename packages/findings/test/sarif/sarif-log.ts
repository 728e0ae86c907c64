import { readFileSync } from 'node:fs';
import type { Finding } from '../../src/finding.js';
import { readSarif, type SarifContent } from '../../src/sarif/read-sarif.js';

export const ROOT = '/home/runner/work/shop/shop';

export const read = (content: string | Buffer): SarifContent =>
  readSarif(content, { name: 'scan.sarif', top: ROOT, root: ROOT, workspace: ROOT, exists: () => false });

/** Reads the recorded log of a real scanner. */
export const readScan = (name: string): SarifContent =>
  read(readFileSync(new URL(`scanners/${name}.sarif`, import.meta.url), 'utf8'));

export type Json = Readonly<Record<string, unknown>>;

/** A log with one result; tests override parts of it. */
export const buildLog = (result: Json = {}, driver: Json = {}, run: Json = {}): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Scanner', ...driver } },
        results: [{ message: { text: 'found' }, ...result }],
        ...run,
      },
    ],
  });

export const readFinding = (content: string | Buffer): Finding => {
  const [finding] = read(content).findings;
  if (finding === undefined) throw new RangeError('no finding');
  return finding;
};

export const buildLocation = (uri: string, more: Json = {}, region: Json = { startLine: 3 }) => ({
  locations: [{ physicalLocation: { artifactLocation: { uri, ...more }, region } }],
});

/** A finding in an image. */
export const createArtifactFinding = (artifact: string, message = 'CVE-2026-1 in openssl 1.0.0'): Finding => ({
  source: 'Amazon Inspector',
  id: undefined,
  rule: { id: 'CVE-2026-1', name: 'CVE-2026-1', description: '', help: undefined, tags: ['security'] },
  severity: 'high',
  category: 'VulnerablePackages',
  message,
  location: undefined,
  artifact,
  fingerprints: {},
  suppression: undefined,
});
