import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { readRegularFileSync } from '@aws-delivery/action-kit/files/regular-file';
import { assertWritable } from '@aws-delivery/action-kit/host/command-value';
import { LIMITS, truncateMarkdown } from '@aws-delivery/action-kit/report/markdown';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { sanitizeLog } from '@aws-delivery/action-kit/util/sanitize';
import { z } from 'zod';
import { type Annotation, createAnnotation } from '../commands/annotation.js';
import type { LogEntry } from '../commands/command-processor.js';
import { escapeData, escapeProperty } from '../commands/workflow-command.js';
import type { TokenSource } from '../token/token-source.js';
import { type CiHost, createContext, type HostEnvironment, type Output } from './host.js';

/** GITHUB_ variables that the runner sets itself, or that refer to files of the surrounding step. */
const OMITTED_VARIABLES = ['action', 'action_path', 'action_ref', 'action_repository', 'actions'];
const isContextVariable = (name: string): boolean =>
  !OMITTED_VARIABLES.includes(name) && !/^(env|output|path|state|step_summary|event_path|workspace)$/.test(name);

const formatProperties = ({ title, file, line, endLine, column, endColumn }: Annotation): string => {
  const entries = Object.entries({ title, file, line, endLine, col: column, endColumn });
  const properties = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return properties.length === 0 ? '' : ` ${properties.join(',')}`;
};

const formatEntry = (entry: LogEntry): string => {
  switch (entry.kind) {
    case 'line':
      return sanitizeLog(entry.message);
    case 'debug':
    case 'group':
      return `::${entry.kind}::${escapeData(sanitizeLog(entry.message))}`;
    case 'endgroup':
      return '::endgroup::';
    case 'annotation':
      return `::${entry.annotation.level}${formatProperties(entry.annotation)}::${escapeData(entry.annotation.message)}`;
  }
};

/** A `run:` step of GitHub's runner: workflow commands and command files. */
export class GitHubHost implements CiHost {
  readonly name = 'github';
  readonly workspace: string;
  readonly temp: string | undefined;
  /** Actions call GitHub's token endpoint directly. */
  readonly token: TokenSource | undefined = undefined;
  readonly tokenHint = "add 'permissions: id-token: write' to the job";
  private readonly environment: HostEnvironment;

  constructor(environment: HostEnvironment) {
    const { env, directory } = environment;
    this.environment = environment;
    this.workspace = env['GITHUB_WORKSPACE'] || directory;
    this.temp = env['RUNNER_TEMP'] || undefined;
  }

  get github(): Readonly<Record<string, string>> {
    const contextEntries = Object.entries(this.environment.env).flatMap(([name, value]) =>
      name.startsWith('GITHUB_') ? [[name.slice('GITHUB_'.length).toLowerCase(), value] as const] : [],
    );
    return createContext(Object.fromEntries(contextEntries.filter(([name]) => isContextVariable(name))));
  }

  get event(): object {
    const path = this.environment.env['GITHUB_EVENT_PATH'];
    if (!path || !existsSync(path)) return {};
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readRegularFileSync(path).toString('utf8')));
  }

  show(entry: LogEntry): void {
    this.writeLine(formatEntry(entry));
  }

  hide(secret: string): void {
    this.writeLine(`::add-mask::${escapeData(secret)}`);
  }

  /** Names from the older command `set-output` may have line breaks, which would add further outputs. */
  setOutput({ name, value }: Output): void {
    const delimiter = `delimiter_${randomUUID()}`;
    try {
      assertWritable('output', name, value);
      this.append('GITHUB_OUTPUT', `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
    } catch (error) {
      this.show({ kind: 'annotation', annotation: createAnnotation('warning', errorMessage(error)) });
    }
  }

  async publishSummary(markdown: string): Promise<void> {
    this.append('GITHUB_STEP_SUMMARY', truncateMarkdown(markdown, LIMITS.summary));
  }

  /** On GitHub the actions write comments themselves. */
  async comment(): Promise<undefined> {}

  close(): void {}

  private append(variable: string, content: string): void {
    const path = this.environment.env[variable];
    if (path) appendFileSync(path, content);
  }

  private writeLine(content: string): void {
    this.environment.print(`${content}\n`);
  }
}
