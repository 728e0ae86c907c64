import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { createAnnotation } from './annotation.js';
import type { CommandProcessor } from './command-processor.js';
import { readPairs, readPaths } from './environment-file.js';

const FILE_KINDS = ['env', 'output', 'path', 'state', 'step_summary'] as const;
type FileKind = (typeof FILE_KINDS)[number];

/** What a phase wrote into its files. The summary is not masked yet. */
export interface CommandFileContents {
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** GitHub takes no more of a step's summary than this, in bytes. */
const MAX_SUMMARY_BYTES = 1024 * 1024;

const getCommandFilesDirectory = (temp: string): string => join(temp, '_runner_file_commands');

/** The state that a script saved which was killed together with its runner: nobody has collected it. */
export const readUncollectedState = (temp: string): Readonly<Record<string, string>> => {
  const directory = getCommandFilesDirectory(temp);
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.startsWith('state_')) : [];
  return Object.assign({}, ...files.map((name) => readPairs(readFileSync(join(directory, name), 'utf8'))));
};

/** The fresh files a phase writes its outputs, variables, paths, state and summary into. */
export class CommandFiles {
  private readonly directory: string;
  private readonly suffix = randomUUID();

  constructor(temp: string) {
    this.directory = getCommandFilesDirectory(temp);
    mkdirSync(this.directory, { recursive: true });
    for (const kind of FILE_KINDS) writeFileSync(this.getPath(kind), '');
  }

  /** The variables that tell a phase where the files are. */
  get env(): Record<string, string> {
    return Object.fromEntries(FILE_KINDS.map((kind) => [`GITHUB_${kind.toUpperCase()}`, this.getPath(kind)]));
  }

  /** Reads what was written and removes the files. What cannot be read fails the step, by way of the transcript. */
  collect(processor: CommandProcessor): CommandFileContents {
    const contents = {
      env: this.read('env', readPairs, {}, processor),
      outputs: this.read('output', readPairs, {}, processor),
      paths: this.read('path', readPaths, [], processor),
      state: this.read('state', readPairs, {}, processor),
      summary: this.read('step_summary', (content) => limitSummary(content, processor), '', processor),
    };
    for (const kind of FILE_KINDS) rmSync(this.getPath(kind), { force: true });
    return { ...contents, env: removeNodeOptions(contents.env, processor) };
  }

  private getPath(kind: FileKind): string {
    return join(this.directory, `${kind}_${this.suffix}`);
  }

  private read<T>(kind: FileKind, parse: (content: string) => T, fallback: T, processor: CommandProcessor): T {
    try {
      return parse(readFileSync(this.getPath(kind), 'utf8'));
    } catch (error) {
      processor.fail(`Unable to process file command '${kind}' successfully.`);
      processor.fail(errorMessage(error));
      return fallback;
    }
  }
}

const limitSummary = (summary: string, processor: CommandProcessor): string => {
  const bytes = Buffer.byteLength(summary);
  if (bytes <= MAX_SUMMARY_BYTES) return summary;
  const rule = `supports content up to a size of 1024k, got ${Math.floor(bytes / 1024)}k`;
  processor.annotate(createAnnotation('error', `$GITHUB_STEP_SUMMARY upload aborted, ${rule}.`));
  return '';
};

/** The one variable GitHub keeps a step from setting for the steps after it. */
const removeNodeOptions = (
  env: Readonly<Record<string, string>>,
  processor: CommandProcessor,
): Record<string, string> => {
  const allowed = Object.entries(env).filter(([name]) => name.toUpperCase() !== 'NODE_OPTIONS');
  if (allowed.length < Object.keys(env).length) {
    const message = "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.";
    processor.annotate(createAnnotation('error', message));
  }
  return Object.fromEntries(allowed);
};
