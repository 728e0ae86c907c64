import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { createAnnotation } from './annotation.js';
import type { CommandProcessor } from './command-processor.js';
import { readPairs, readPaths } from './environment-file.js';

const FILE_KINDS = ['env', 'output', 'path', 'state', 'step_summary'] as const;
type FileKind = (typeof FILE_KINDS)[number];

/** The contents of the command files of a phase. The summary is not masked. */
export interface CommandFileContents {
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** GitHub's limit for the summary of a step. */
const MAX_SUMMARY_BYTES = 1024 * 1024;

const getCommandFilesDirectory = (temp: string): string => join(temp, '_runner_file_commands');

/** The state saved by a script that was killed together with its runner, so that its files were not collected. */
export const readUncollectedState = (temp: string): Readonly<Record<string, string>> => {
  const directory = getCommandFilesDirectory(temp);
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.startsWith('state_')) : [];
  return Object.assign({}, ...files.map((name) => readPairs(readFileSync(join(directory, name), 'utf8'))));
};

/** The empty files into which a phase writes outputs, variables, paths, state and summary. */
export class CommandFiles {
  private readonly directory: string;
  private readonly suffix = randomUUID();

  constructor(temp: string) {
    this.directory = getCommandFilesDirectory(temp);
    mkdirSync(this.directory, { recursive: true });
    for (const kind of FILE_KINDS) writeFileSync(this.getPath(kind), '');
  }

  /** `GITHUB_OUTPUT` and the other variables with the paths of the files. */
  get env(): Record<string, string> {
    return Object.fromEntries(FILE_KINDS.map((kind) => [`GITHUB_${kind.toUpperCase()}`, this.getPath(kind)]));
  }

  /** Reads and removes the files. An invalid file fails the step with an error annotation. */
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

/** GitHub does not let a step set NODE_OPTIONS for later steps. */
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
