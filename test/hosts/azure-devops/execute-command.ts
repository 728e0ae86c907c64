import { readFileSync } from 'node:fs';
import type { AgentCommand } from './agent-command.js';
import type { StartedStep, StepRecord } from './step-record.js';
import type { JobVariables } from './variables.js';

/** What the commands of one task change for the rest of the job. */
export interface JobState {
  readonly variables: JobVariables;
  readonly masks: Set<string>;
  /** Directories to prepend to PATH, oldest first. */
  readonly paths: string[];
}

interface CommandContext {
  readonly step: StartedStep;
  readonly record: StepRecord;
  readonly job: JobState;
}

const TASK_RESULTS = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped'];

/** Replaces secrets with `***`, as in the log of the agent. */
export const maskSecrets = (text: string, { masks, variables }: Pick<JobState, 'masks' | 'variables'>): string =>
  [...masks, ...variables.secrets]
    .filter((secret) => secret !== '')
    .reduce((masked, secret) => masked.replaceAll(secret, '***'), text);

const recordIssue = ({ properties, data }: AgentCommand, { record, job }: CommandContext): void => {
  const { type = '', sourcepath } = properties;
  if (type !== 'error' && type !== 'warning') throw new Error(`no type of an issue: ${type}`);
  record.issues.push({ type, message: maskSecrets(data, job), sourcepath });
  record.log.push(`##[${type}]${maskSecrets(data, job)}`);
};

const setVariable = ({ properties, data }: AgentCommand, { step, record, job }: CommandContext): void => {
  const { variable = '', issecret, isoutput } = properties;
  const secret = issecret?.toLowerCase() === 'true';
  if (secret && data.includes('\n')) {
    record.result = 'failed';
    record.issues.push({ type: 'error', message: 'Secrets cannot contain multiple lines', sourcepath: undefined });
    return;
  }
  const declared = step.file.outputVariables.some(({ name }) => name.toLowerCase() === variable.toLowerCase());
  if (isoutput?.toLowerCase() !== 'true' && !declared) job.variables.set(variable, data, secret);
  else {
    record.outputs[variable] = data;
    job.variables.set(`${step.name}.${variable}`, data, secret);
  }
};

const completeTask = ({ properties: { result = '' } }: AgentCommand, { record }: CommandContext): void => {
  if (!TASK_RESULTS.includes(result)) throw new Error(`no result of a task: ${result}`);
  if (result === 'Failed') record.result = 'failed';
};

const handlers: Readonly<Record<string, (command: AgentCommand, context: CommandContext) => void>> = {
  'task.debug': () => {},
  'task.setsecret': ({ data }, { job }) => job.masks.add(data),
  'task.setvariable': setVariable,
  'task.settaskvariable': ({ properties, data }, { step }) => step.variables.set(properties['variable'] ?? '', data),
  'task.prependpath': ({ data }, { job }) => job.paths.push(data),
  'task.uploadsummary': ({ data }, { record }) => record.summaries.push(readFileSync(data, 'utf8')),
  'task.issue': recordIssue,
  'task.logissue': recordIssue,
  'task.complete': completeTask,
};

/** Executes a logging command of a task. Throws Error for a command that the agent does not know. */
export const executeCommand = (command: AgentCommand, context: CommandContext): void => {
  const handler = handlers[command.name];
  if (handler === undefined) throw new Error(`the agent knows no command '${command.name}'`);
  handler(command, context);
};
