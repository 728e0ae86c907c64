import type { TaskFile } from './task-file.js';

/** A step of a pipeline that runs a task. */
export interface TaskStep {
  readonly task: string;
  readonly name?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A task of the job, its step and its task variables, which its post-job step sees too. */
export interface StartedStep {
  readonly file: TaskFile;
  readonly step: TaskStep;
  readonly name: string;
  readonly variables: Map<string, string>;
}

/** An error or warning that a task reported with `task.logissue` or `task.issue`. */
export interface TaskIssue {
  readonly type: string;
  readonly message: string;
  readonly sourcepath: string | undefined;
}

export interface StepOutcome {
  readonly result: 'succeeded' | 'failed';
  /** The log as the portal shows it: secrets masked, commands executed. */
  readonly log: readonly string[];
  /** The lines that are not commands, as the task printed them. */
  readonly printed: readonly string[];
  readonly issues: readonly TaskIssue[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summaries: readonly string[];
}

/** The outcome of a step while the step runs. */
export class StepRecord {
  result: StepOutcome['result'] = 'succeeded';
  readonly log: string[] = [];
  readonly printed: string[] = [];
  readonly issues: TaskIssue[] = [];
  readonly outputs: Record<string, string> = {};
  readonly summaries: string[] = [];
}
