import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Output } from '../host/host.js';

/** GitLab's limits of a dotenv report: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv */
const GITLAB_LIMITS = { bytes: 5 * 1024, variables: 20 };

export interface OutputsFileOptions {
  /** Prefix of every name in NAME=value lines. */
  readonly prefix: string;
  /** `gitlab`: lines beyond GitLab's limits would fail the job. */
  readonly limits: 'gitlab' | 'none';
}

interface Line {
  readonly name: string;
  readonly text: string;
}

/** `stack-id` → STACK_ID. */
const formatVariableName = (prefix: string, name: string): string =>
  `${prefix}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** The lines within the limits. Short lines have priority, so that a long value does not displace several others. */
const selectFitting = (lines: readonly Line[]): readonly Line[] => {
  const selected = new Set<Line>();
  let bytes = 0;
  for (const line of lines.toSorted((a, b) => a.text.length - b.text.length).slice(0, GITLAB_LIMITS.variables)) {
    bytes += Buffer.byteLength(line.text);
    if (bytes <= GITLAB_LIMITS.bytes) selected.add(line);
  }
  return lines.filter((line) => selected.has(line));
};

/** Line breaks of any reader, and characters that readers of such files reject or cut a value at. */
const UNSUPPORTED = /[^\P{Cc}\t]|[\u2028\u2029]/u;

const isSingleLine = ({ value }: Output): boolean => !UNSUPPORTED.test(value);

/** Outputs whose variable another output has already: names differ in case and characters only. */
const listDuplicates = (outputs: readonly Output[], prefix: string): readonly Output[] => {
  const variables = new Set<string>();
  return outputs.filter(({ name }) => {
    const variable = formatVariableName(prefix, name);
    return variables.size === variables.add(variable).size;
  });
};

/** A warning that names the omitted outputs by reason; undefined if there are none. */
const formatWarning = (path: string, omitted: Readonly<Record<string, readonly string[]>>): string | undefined => {
  const reasons = Object.entries(omitted).filter(([, names]) => names.length > 0);
  if (reasons.length === 0) return undefined;
  const list = reasons.map(([reason, names]) => `${names.join(', ')} (${reason})`).join('; ');
  return `${basename(path)} does not contain ${list}: read them from a *.json file`;
};

interface RenderedFile {
  readonly text: string;
  readonly warning: string | undefined;
}

const renderDotenv = (path: string, outputs: readonly Output[], options: OutputsFileOptions): RenderedFile => {
  const values = outputs.filter(({ value }) => value !== '');
  const duplicates = listDuplicates(values, options.prefix);
  const distinctValues = values.filter((output) => !duplicates.includes(output));
  const lines = distinctValues.filter(isSingleLine).map(({ name, value }) => ({
    name,
    text: `${formatVariableName(options.prefix, name)}=${value}\n`,
  }));
  const written = options.limits === 'gitlab' ? selectFitting(lines) : lines;
  const { variables, bytes } = GITLAB_LIMITS;
  const warning = formatWarning(path, {
    'line breaks or control characters': distinctValues
      .filter((output) => !isSingleLine(output))
      .map(({ name }) => name),
    'variable of another output': duplicates.map(({ name }) => name),
    [`GitLab's limits: ${variables} variables, ${bytes} bytes`]: lines
      .filter((line) => !written.includes(line))
      .map(({ name }) => name),
  });
  return { text: written.map(({ text }) => text).join(''), warning };
};

const renderJson = (outputs: readonly Output[]): string =>
  `${JSON.stringify(Object.fromEntries(outputs.map(({ name, value }) => [name, value])), null, 2)}\n`;

/**
 * Writes outputs to a file: all of them as JSON to `*.json`, otherwise single-line values as NAME=value lines, on GitLab
 * within its limits. Secrets are omitted, since such files are passed on and stored as artifacts.
 * @returns a warning that names the outputs that do not fit; undefined if all do
 */
export const writeOutputs = (
  path: string,
  outputs: readonly Output[],
  options: OutputsFileOptions,
): string | undefined => {
  const publicOutputs = outputs.filter(({ secret }) => !secret);
  const { text, warning } = path.endsWith('.json')
    ? { text: renderJson(publicOutputs), warning: undefined }
    : renderDotenv(path, publicOutputs, options);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return warning;
};
