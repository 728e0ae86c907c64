import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Output } from '../host/host.js';

/** What GitLab takes of a dotenv report: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv */
const limits = { bytes: 5 * 1024, variables: 20 };

/** `stack-id` as a variable: STACK_ID. */
const variableOf = (prefix: string, name: string): string =>
  `${prefix}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** The lines that fit, the short ones first: one long value shall not keep out ten others. */
const fitting = (lines: readonly string[]): readonly string[] => {
  const kept = new Set<string>();
  let bytes = 0;
  for (const line of lines.toSorted((one, other) => one.length - other.length).slice(0, limits.variables)) {
    bytes += Buffer.byteLength(line);
    if (bytes <= limits.bytes) kept.add(line);
  }
  return lines.filter((line) => kept.has(line));
};

const dotenvOf = (outputs: readonly Output[], prefix: string): string => {
  const plain = outputs.filter(({ value }) => value !== '' && !/[\r\n]/.test(value));
  return fitting(plain.map(({ name, value }) => `${variableOf(prefix, name)}=${value}\n`)).join('');
};

const jsonOf = (outputs: readonly Output[]): string =>
  `${JSON.stringify(Object.fromEntries(outputs.map(({ name, value }) => [name, value])), null, 2)}\n`;

/**
 * Writes outputs to a file: all as JSON into `*.json`, else as many one-line values as GitLab takes, as NAME=value
 * lines. Secrets stay out of either: files of this kind are handed on and kept.
 */
export const writeOutputs = (path: string, outputs: readonly Output[], prefix: string): void => {
  const open = outputs.filter(({ secret }) => !secret);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, path.endsWith('.json') ? jsonOf(open) : dotenvOf(open, prefix));
};
