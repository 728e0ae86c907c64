import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { sanitizeLog } from '@aws-delivery/action-kit/util/sanitize';
import { type Annotation, createAnnotation } from '../commands/annotation.js';
import type { LogEntry } from '../commands/command-processor.js';
import { AzureTokenSource } from '../token/azure-token-source.js';
import type { TokenSource } from '../token/token-source.js';
import { toAzureName } from './azure-names.js';
import { buildRef, type CiHost, createContext, type HostEnvironment, type Output } from './host.js';
import { formatAnnotation } from './log-format.js';

/** Escapes as azure-pipelines-task-lib `taskcommand.ts` does. */
const escapeData = (value: string): string =>
  value.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (value: string): string => escapeData(value).replaceAll(']', '%5D').replaceAll(';', '%3B');

const formatCommand = (
  name: string,
  properties: Readonly<Record<string, string | undefined>>,
  data: string,
): string => {
  const pairs = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(value)};`],
  );
  return `##vso[${name}${pairs.length === 0 ? '' : ` ${pairs.join('')}`}]${escapeData(data)}`;
};

const formatIssue = (annotation: Annotation): string => {
  const { level, title, message, file, line, column } = annotation;
  if (level === 'notice') return sanitizeLog(formatAnnotation(annotation));
  const [linenumber, columnnumber] = [line, column].map((number) => number?.toString());
  const logMessage = `${title === undefined ? '' : `${title}: `}${message}`;
  return formatCommand('task.logissue', { type: level, sourcepath: file, linenumber, columnnumber }, logMessage);
};

const formatEntry = (entry: LogEntry): string => {
  switch (entry.kind) {
    case 'line':
      return sanitizeLog(entry.message);
    case 'debug':
    case 'group':
      return `##[${entry.kind}]${sanitizeLog(entry.message)}`;
    case 'endgroup':
      return '##[endgroup]';
    case 'annotation':
      return formatIssue(entry.annotation);
  }
};

/** Windows allows 32,767 characters in an environment variable, and Linux 128 KiB including its name. */
const MAX_VARIABLE_BYTES = 32 * 1024 - 1;

const INPUT_NAME = /\b(inputs? |did you mean )'([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'/gu;

/** Replaces the names of inputs in a message with the names of the task's inputs: `role-arn` is `roleArn`. */
export const replaceInputNames = (message: string): string =>
  message.replace(INPUT_NAME, (_, label: string, name: string) => `${label}'${toAzureName(name)}'`);

const useTaskNames = (entry: LogEntry): LogEntry => {
  if (entry.kind === 'endgroup') return entry;
  if (entry.kind !== 'annotation') return { ...entry, message: replaceInputNames(entry.message) };
  const { annotation } = entry;
  return { ...entry, annotation: { ...annotation, message: replaceInputNames(annotation.message) } };
};

const stripHeadsPrefix = (ref: string | undefined): string | undefined => ref?.replace(/^refs\/heads\//, '');

const buildContext = (env: Env): Readonly<Record<string, string>> => {
  const repository = env['BUILD_REPOSITORY_NAME'];
  return createContext({
    actor: env['BUILD_REQUESTEDFOR'],
    triggering_actor: env['BUILD_QUEUEDBY'] ?? env['BUILD_REQUESTEDFOR'],
    base_ref: stripHeadsPrefix(env['SYSTEM_PULLREQUEST_TARGETBRANCH']),
    head_ref: stripHeadsPrefix(env['SYSTEM_PULLREQUEST_SOURCEBRANCH']),
    // Repositories on GitHub have a number besides Azure's identifier.
    pull_request_number: env['SYSTEM_PULLREQUEST_PULLREQUESTNUMBER'] || env['SYSTEM_PULLREQUEST_PULLREQUESTID'],
    job: env['SYSTEM_JOBNAME'],
    ...buildRef(env['BUILD_SOURCEBRANCH']),
    repository: repository?.includes('/') ? repository : `${env['SYSTEM_TEAMPROJECT'] ?? ''}/${repository ?? ''}`,
    repository_id: env['BUILD_REPOSITORY_ID'],
    repository_owner: env['SYSTEM_TEAMPROJECT'],
    run_attempt: env['SYSTEM_JOBATTEMPT'],
    run_id: env['BUILD_BUILDID'],
    run_number: env['BUILD_BUILDID'],
    server_url: env['SYSTEM_COLLECTIONURI']?.replace(/\/$/, ''),
    sha: env['BUILD_SOURCEVERSION'],
    workflow: env['BUILD_DEFINITIONNAME'],
  });
};

/** A step of an Azure DevOps agent: logging commands, an uploaded summary, OIDC tokens of the pipeline. */
export class AzureDevOpsHost implements CiHost {
  readonly name = 'azure-devops';
  readonly workspace: string;
  readonly temp: string | undefined;
  readonly github: Readonly<Record<string, string>>;
  readonly event = {};
  readonly token: TokenSource | undefined;
  readonly tokenHint = "set 'SYSTEM_ACCESSTOKEN: $(System.AccessToken)' in the env of the step";
  private readonly print: (text: string) => void;
  /** Names of outputs by the variable name in lower case. */
  private readonly outputNames = new Map<string, string>();

  constructor({ env, directory, print }: HostEnvironment, serviceConnection: string | undefined) {
    this.workspace = env['BUILD_SOURCESDIRECTORY'] || env['SYSTEM_DEFAULTWORKINGDIRECTORY'] || directory;
    this.temp = env['AGENT_TEMPDIRECTORY'] || undefined;
    this.github = buildContext(env);
    this.token = AzureTokenSource.from(env, serviceConnection);
    this.print = print;
  }

  show(entry: LogEntry): void {
    this.writeLine(formatEntry(useTaskNames(entry)));
  }

  /** The agent masks single lines only. */
  hide(secret: string): void {
    for (const line of secret.split(/\r?\n/).filter((part) => part.trim() !== '')) {
      this.writeLine(formatCommand('task.setsecret', {}, line));
    }
  }

  /**
   * Whether a variable can have the value; warns if not. An agent fails a task that sets a secret of several lines, and
   * starts no later step with a variable above the limit of the operating system or with a NUL character.
   */
  checkVariable({ name, value, secret }: Output): boolean {
    if (secret && /[\r\n]/.test(value)) {
      this.warn(
        `${name} is secret and has several lines, which Azure DevOps variables do not support: variable not set`,
      );
      return false;
    }
    if (value.includes('\0')) {
      this.warn(`${name} contains a NUL character, which variables cannot have: variable not set`);
      return false;
    }
    const size = Buffer.byteLength(value);
    if (size <= MAX_VARIABLE_BYTES) return true;
    const problem = `${name} has ${size} bytes, more than the limit of ${MAX_VARIABLE_BYTES} for variables`;
    this.warn(secret ? `${problem}: variable not set` : `${problem}: read it from the file in $(${name}File)`);
    return false;
  }

  /** Variable names ignore case: an output whose name another output has already gets a prefix, with a warning. */
  private selectVariable(name: string): string {
    const variable = toAzureName(name);
    const owner = this.outputNames.get(variable.toLowerCase());
    if (owner === undefined || owner === name) {
      this.outputNames.set(variable.toLowerCase(), name);
      return variable;
    }
    this.warn(`output '${name}' differs from '${owner}' in case only: read it from $(output_${variable})`);
    return `output_${variable}`;
  }

  setOutput({ name, value, secret }: Output): void {
    const variable = this.selectVariable(name);
    if (!this.checkVariable({ name: variable, value, secret })) {
      if (!secret && !value.includes('\0')) this.setVariable(`${variable}File`, this.writeFile(variable, value), false);
      return;
    }
    this.setVariable(variable, value, secret);
  }

  private setVariable(variable: string, value: string, secret: boolean): void {
    const properties = { variable, isOutput: 'true', ...(secret ? { issecret: 'true' } : {}) };
    this.writeLine(formatCommand('task.setvariable', properties, value));
  }

  async publishSummary(markdown: string): Promise<void> {
    // The agent reads the file when it processes the command, possibly after the runner has exited.
    const file = join(mkdtempSync(join(this.temp ?? tmpdir(), 'summary-')), 'AWS delivery.md');
    writeFileSync(file, markdown);
    this.writeLine(formatCommand('task.uploadsummary', {}, file));
  }

  /** A file for later steps; the agent removes its directory at the end of the job. */
  private writeFile(name: string, content: string): string {
    const file = join(mkdtempSync(join(this.temp ?? tmpdir(), 'output-')), name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  private warn(message: string): void {
    this.show({ kind: 'annotation', annotation: createAnnotation('warning', message) });
  }

  /** Comment threads would need additional permissions; the summary is uploaded instead. */
  async comment(): Promise<undefined> {}

  close(): void {}

  private writeLine(content: string): void {
    this.print(`${content}\n`);
  }
}
