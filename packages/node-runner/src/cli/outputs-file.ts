import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Output } from '../host/host.js';

/** What GitLab takes of a dotenv report: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv */
const DOTENV_LIMITS = { bytes: 5 * 1024, variables: 20 };

/** `stack-id` as a variable: STACK_ID. */
const formatVariableName = (prefix: string, name: string): string =>
  `${prefix}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** The lines that fit, the short ones first: one long value shall not keep out ten others. */
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
 * Writes outputs to a file: all as JSON into `*.json`, else as many one-line values as GitLab takes, as NAME=value
 * lines. Secrets stay out of either: files of this kind are handed on and kept.
 */
export const writeOutputs = (path: string, outputs: readonly Output[], prefix: string): void => {
  const publicOutputs = outputs.filter(({ secret }) => !secret);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, path.endsWith('.json') ? renderJson(publicOutputs) : renderDotenv(publicOutputs, prefix));
};
