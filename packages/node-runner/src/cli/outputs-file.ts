import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Output } from '../host/host.js';

/** GitLab's limits of a dotenv report: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv */
const DOTENV_LIMITS = { bytes: 5 * 1024, variables: 20 };

/** `stack-id` → STACK_ID. */
const formatVariableName = (prefix: string, name: string): string =>
  `${prefix}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** The lines within the limits. Short lines have priority, so that a long value does not displace several others. */
const selectFitting = (lines: readonly string[]): readonly string[] => {
  const selected = new Set<string>();
  let bytes = 0;
  for (const line of lines.toSorted((a, b) => a.length - b.length).slice(0, DOTENV_LIMITS.variables)) {
    bytes += Buffer.byteLength(line);
    if (bytes <= DOTENV_LIMITS.bytes) selected.add(line);
  }
  return lines.filter((line) => selected.has(line));
};

const renderDotenv = (outputs: readonly Output[], prefix: string): string => {
  const singleLineOutputs = outputs.filter(({ value }) => value !== '' && !/[\r\n]/.test(value));
  return selectFitting(
    singleLineOutputs.map(({ name, value }) => `${formatVariableName(prefix, name)}=${value}\n`),
  ).join('');
};

const renderJson = (outputs: readonly Output[]): string =>
  `${JSON.stringify(Object.fromEntries(outputs.map(({ name, value }) => [name, value])), null, 2)}\n`;

/**
 * Writes outputs to a file: all of them as JSON to `*.json`, otherwise single-line values as NAME=value lines within
 * GitLab's limits. Secrets are omitted, since such files are passed on and stored as artifacts.
 */
export const writeOutputs = (path: string, outputs: readonly Output[], prefix: string): void => {
  const publicOutputs = outputs.filter(({ secret }) => !secret);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, path.endsWith('.json') ? renderJson(publicOutputs) : renderDotenv(publicOutputs, prefix));
};
