import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Annotation, plainAnnotation } from '../annotation.js';
import { AzureTokenSource } from '../token/azure-token-source.js';
import type { TokenSource } from '../token/token-source.js';
import type { Entry } from '../transcript.js';
import { annotationText, plainText } from './annotation-text.js';
import { type CiHost, contextOf, type Output, refOf, type Surroundings, type Variables } from './host.js';

/** As azure-pipelines-task-lib `taskcommand.ts` escapes. */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(']', '%5D').replaceAll(';', '%3B');

const command = (name: string, properties: Readonly<Record<string, string | undefined>>, data: string): string => {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(value)};`],
  );
  return `##vso[${name}${given.length === 0 ? '' : ` ${given.join('')}`}]${escapeData(data)}`;
};

const issue = (annotation: Annotation): string => {
  const { level, title, message, file, line, column } = annotation;
  if (level === 'notice') return plainText(annotationText(annotation));
  const [linenumber, columnnumber] = [line, column].map((number) => number?.toString());
  const text = `${title === undefined ? '' : `${title}: `}${message}`;
  return command('task.logissue', { type: level, sourcepath: file, linenumber, columnnumber }, text);
};

const lineFor = (entry: Entry): string => {
  switch (entry.kind) {
    case 'text':
      return plainText(entry.text);
    case 'debug':
    case 'group':
      return `##[${entry.kind}]${plainText(entry.text)}`;
    case 'endgroup':
      return '##[endgroup]';
    case 'annotation':
      return issue(entry.annotation);
  }
};

/** `stack-id` as our tasks call it, stackId: in scripts a hyphen could not be written. */
const outputName = (name: string): string =>
  name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const withoutHeads = (ref: string | undefined): string | undefined => ref?.replace(/^refs\/heads\//, '');

const contextIn = (variables: Variables): Readonly<Record<string, string>> => {
  const ref = variables['BUILD_SOURCEBRANCH'];
  const tag = ref?.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined;
  const repository = variables['BUILD_REPOSITORY_NAME'];
  return contextOf({
    actor: variables['BUILD_REQUESTEDFOR'],
    triggering_actor: variables['BUILD_QUEUEDBY'] ?? variables['BUILD_REQUESTEDFOR'],
    base_ref: withoutHeads(variables['SYSTEM_PULLREQUEST_TARGETBRANCH']),
    head_ref: withoutHeads(variables['SYSTEM_PULLREQUEST_SOURCEBRANCH']),
    job: variables['SYSTEM_JOBNAME'],
    ...refOf(withoutHeads(ref), tag),
    repository: repository?.includes('/') ? repository : `${variables['SYSTEM_TEAMPROJECT'] ?? ''}/${repository ?? ''}`,
    repository_id: variables['BUILD_REPOSITORY_ID'],
    repository_owner: variables['SYSTEM_TEAMPROJECT'],
    run_attempt: variables['SYSTEM_JOBATTEMPT'],
    run_id: variables['BUILD_BUILDID'],
    run_number: variables['BUILD_BUILDID'],
    server_url: variables['SYSTEM_COLLECTIONURI']?.replace(/\/$/, ''),
    sha: variables['BUILD_SOURCEVERSION'],
    workflow: variables['BUILD_DEFINITIONNAME'],
  });
};

/** A script step of an Azure DevOps agent: logging commands, an uploaded summary, tokens of the pipeline. */
export class AzureDevOpsHost implements CiHost {
  readonly name = 'azure-devops';
  readonly workspace: string;
  readonly temp: string | undefined;
  readonly github: Readonly<Record<string, string>>;
  readonly event = {};
  readonly token: TokenSource | undefined;
  readonly tokenAdvice = "map 'SYSTEM_ACCESSTOKEN: $(System.AccessToken)' into the env of the step";
  readonly #print: (text: string) => void;

  constructor({ variables, directory, print }: Surroundings, serviceConnection: string | undefined) {
    this.workspace = variables['BUILD_SOURCESDIRECTORY'] || variables['SYSTEM_DEFAULTWORKINGDIRECTORY'] || directory;
    this.temp = variables['AGENT_TEMPDIRECTORY'] || undefined;
    this.github = contextIn(variables);
    this.token = AzureTokenSource.from(variables, serviceConnection);
    this.#print = print;
  }

  show(entry: Entry): void {
    this.#line(lineFor(entry));
  }

  /** The agent hides line by line. */
  hide(secret: string): void {
    for (const line of secret.split(/\r?\n/).filter((text) => text.trim() !== '')) {
      this.#line(command('task.setsecret', {}, line));
    }
  }

  /** An agent fails a task that sets a secret variable of several lines. */
  setOutput({ name, value, secret }: Output): void {
    if (secret && /[\r\n]/.test(value)) {
      const rule = 'is secret and has several lines, which no variable of Azure DevOps can have: it is not set';
      this.show({ kind: 'annotation', annotation: plainAnnotation('warning', `${outputName(name)} ${rule}`) });
      return;
    }
    const properties = { variable: outputName(name), isOutput: 'true', ...(secret ? { issecret: 'true' } : {}) };
    this.#line(command('task.setvariable', properties, value));
  }

  async publishSummary(markdown: string): Promise<void> {
    // The agent reads the file when it gets to the command: it has to outlive the runner.
    const file = join(mkdtempSync(join(this.temp ?? tmpdir(), 'summary-')), 'AWS delivery.md');
    writeFileSync(file, markdown);
    this.#line(command('task.uploadsummary', {}, file));
  }

  /** Its pull requests have threads, which need rights of their own: the summary is uploaded instead. */
  async comment(): Promise<undefined> {}

  close(): void {}

  #line(text: string): void {
    this.#print(`${text}\n`);
  }
}
