import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Annotation } from '../annotation.js';
import type { TokenSource } from '../token/token-source.js';
import type { Entry } from '../transcript.js';
import { plainText } from './annotation-text.js';
import { type CiHost, contextOf, type Output, type Surroundings } from './host.js';

/** The contract's variables that a runner makes itself, or that name files of the step around ours. */
const ownVariables = ['action', 'action_path', 'action_ref', 'action_repository', 'actions'];
const isContext = (name: string): boolean =>
  !ownVariables.includes(name) && !/^(env|output|path|state|step_summary|event_path|workspace)$/.test(name);

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const propertiesOf = ({ title, file, line, endLine, column, endColumn }: Annotation): string => {
  const given = Object.entries({ title, file, line, endLine, col: column, endColumn });
  const known = given.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return known.length === 0 ? '' : ` ${known.join(',')}`;
};

const lineFor = (entry: Entry): string => {
  switch (entry.kind) {
    case 'text':
      return plainText(entry.text);
    case 'debug':
    case 'group':
      return `::${entry.kind}::${escapeData(plainText(entry.text))}`;
    case 'endgroup':
      return '::endgroup::';
    case 'annotation':
      return `::${entry.annotation.level}${propertiesOf(entry.annotation)}::${escapeData(entry.annotation.message)}`;
  }
};

/** A `run:` step of GitHub's runner: its own commands and files. */
export class GitHubHost implements CiHost {
  readonly name = 'github';
  readonly workspace: string;
  readonly temp: string | undefined;
  /** Steps get the job's own token endpoint. */
  readonly token: TokenSource | undefined = undefined;
  readonly tokenAdvice = "give the job 'permissions: id-token: write'";
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    const { variables, directory } = surroundings;
    this.#surroundings = surroundings;
    this.workspace = variables['GITHUB_WORKSPACE'] || directory;
    this.temp = variables['RUNNER_TEMP'] || undefined;
  }

  get github(): Readonly<Record<string, string>> {
    const named = Object.entries(this.#surroundings.variables).flatMap(([name, value]) =>
      name.startsWith('GITHUB_') ? [[name.slice('GITHUB_'.length).toLowerCase(), value] as const] : [],
    );
    return contextOf(Object.fromEntries(named.filter(([name]) => isContext(name))));
  }

  get event(): object {
    const path = this.#surroundings.variables['GITHUB_EVENT_PATH'];
    if (!path || !existsSync(path)) return {};
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
  }

  show(entry: Entry): void {
    this.#line(lineFor(entry));
  }

  hide(secret: string): void {
    this.#line(`::add-mask::${escapeData(secret)}`);
  }

  setOutput({ name, value }: Output): void {
    const delimiter = `delimiter_${randomUUID()}`;
    this.#append('GITHUB_OUTPUT', `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
  }

  async publishSummary(markdown: string): Promise<void> {
    this.#append('GITHUB_STEP_SUMMARY', markdown);
  }

  /** The actions write comments themselves there. */
  async comment(): Promise<undefined> {}

  close(): void {}

  #append(variable: string, text: string): void {
    const path = this.#surroundings.variables[variable];
    if (path) appendFileSync(path, text);
  }

  #line(text: string): void {
    this.#surroundings.print(`${text}\n`);
  }
}
