import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainAnnotation } from './annotation.js';
import { readPairs, readPaths } from './environment-file.js';
import { textOf } from './runner-error.js';
import type { Transcript } from './transcript.js';

const kinds = ['env', 'output', 'path', 'state', 'step_summary'] as const;
type Kind = (typeof kinds)[number];

/** What a phase wrote into its files. The summary is not masked yet. */
export interface Written {
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** GitHub takes no more of a step's summary than this, in bytes. */
const summaryLimit = 1024 * 1024;

const folderIn = (temp: string): string => join(temp, '_runner_file_commands');

/** The state that a script saved which was killed together with its runner: nobody has collected it. */
export const leftState = (temp: string): Readonly<Record<string, string>> => {
  const folder = folderIn(temp);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('state_')) : [];
  return Object.assign({}, ...files.map((name) => readPairs(readFileSync(join(folder, name), 'utf8'))));
};

/** The fresh files a phase writes its outputs, variables, paths, state and summary into. */
export class CommandFiles {
  readonly #folder: string;
  readonly #suffix = randomUUID();

  constructor(temp: string) {
    this.#folder = folderIn(temp);
    mkdirSync(this.#folder, { recursive: true });
    for (const kind of kinds) writeFileSync(this.#path(kind), '');
  }

  /** The variables that tell a phase where the files are. */
  get variables(): Record<string, string> {
    return Object.fromEntries(kinds.map((kind) => [`GITHUB_${kind.toUpperCase()}`, this.#path(kind)]));
  }

  /** Reads what was written and removes the files. What cannot be read fails the step, by way of the transcript. */
  collect(transcript: Transcript): Written {
    const written = {
      env: this.#read('env', readPairs, {}, transcript),
      outputs: this.#read('output', readPairs, {}, transcript),
      paths: this.#read('path', readPaths, [], transcript),
      state: this.#read('state', readPairs, {}, transcript),
      summary: this.#read('step_summary', (text) => limitSummary(text, transcript), '', transcript),
    };
    for (const kind of kinds) rmSync(this.#path(kind), { force: true });
    return { ...written, env: withoutNodeOptions(written.env, transcript) };
  }

  #path(kind: Kind): string {
    return join(this.#folder, `${kind}_${this.#suffix}`);
  }

  #read<T>(kind: Kind, parse: (text: string) => T, nothing: T, transcript: Transcript): T {
    try {
      return parse(readFileSync(this.#path(kind), 'utf8'));
    } catch (error) {
      transcript.fail(`Unable to process file command '${kind}' successfully.`);
      transcript.fail(textOf(error));
      return nothing;
    }
  }
}

const limitSummary = (text: string, transcript: Transcript): string => {
  const bytes = Buffer.byteLength(text);
  if (bytes <= summaryLimit) return text;
  const size = `supports content up to a size of 1024k, got ${Math.floor(bytes / 1024)}k`;
  transcript.annotate(plainAnnotation('error', `$GITHUB_STEP_SUMMARY upload aborted, ${size}.`));
  return '';
};

/** The one variable GitHub keeps a step from setting for the steps after it. */
const withoutNodeOptions = (env: Readonly<Record<string, string>>, transcript: Transcript): Record<string, string> => {
  const kept = Object.entries(env).filter(([name]) => name.toUpperCase() !== 'NODE_OPTIONS');
  if (kept.length < Object.keys(env).length) {
    const message = "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.";
    transcript.annotate(plainAnnotation('error', message));
  }
  return Object.fromEntries(kept);
};
