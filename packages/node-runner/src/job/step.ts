import type { ActionFile, Condition } from '../action/action-file.js';
import type { Contexts } from '../action/expression.js';
import { buildInputEnv } from '../action/input-env.js';
import type { PhaseResult } from './phase.js';
import type { Status } from './status.js';

export type Stage = 'pre' | 'main' | 'post';

/** One `uses:` of a job. */
export interface StepRequest {
  /** The folder of the action.yml. */
  readonly action: string;
  /** GITHUB_ACTION; made up as GitHub does unless given. */
  readonly id?: string;
  /** The `with:` of the step. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
  /** The `if:` of the step; `success()` unless given. */
  readonly condition?: Condition;
  /** A failure of main does not fail the job. */
  readonly continueOnError?: boolean;
}

/** What a pre, main or post came to; `conclusion` is what the job makes of the outcome. */
export interface StepResult extends PhaseResult {
  readonly id: string;
  readonly stage: Stage;
  readonly conclusion: Status | 'skipped';
}

/** One use of an action within a job: what its pre, main and post have in common. */
export class Step {
  readonly id: string;
  readonly request: StepRequest;
  readonly file: ActionFile;
  private state: Readonly<Record<string, string>> = {};

  constructor(request: StepRequest, file: ActionFile, ordinal: number) {
    this.request = request;
    this.file = file;
    this.id = request.id ?? (ordinal === 0 ? '__self' : `__self_${ordinal + 1}`);
  }

  /** Remembers state for the stages to come. */
  mergeState(state: Readonly<Record<string, string>>): void {
    this.state = { ...this.state, ...state };
  }

  getCondition(stage: Stage): Condition {
    if (stage === 'pre') return 'always()';
    return stage === 'post' ? this.file.postIf : (this.request.condition ?? 'success()');
  }

  /** The step's inputs and state as variables, and what GitHub would warn of. */
  buildEnv(contexts: Contexts): { env: Record<string, string>; warnings: readonly string[] } {
    const { env: inputEnv, unexpected } = buildInputEnv(this.file, this.request.inputs ?? {}, contexts);
    const stateEntries = Object.entries(this.state).map(([name, value]) => [`STATE_${name}`, value]);
    const validNames = [...this.file.defaults.keys()].join("', '");
    const warning = `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${validNames}']`;
    return {
      env: { ...Object.fromEntries(stateEntries), ...inputEnv },
      warnings: unexpected.length > 0 ? [warning] : [],
    };
  }

  /** The result of a stage that does not run. */
  createSkippedResult(stage: Stage): StepResult {
    const emptyResult = { env: {}, outputs: {}, paths: [], state: {}, summary: '', log: [], annotations: [] };
    const exit = { exitCode: null, signal: null };
    return { ...emptyResult, exit, id: this.id, stage, outcome: 'success', conclusion: 'skipped' };
  }
}
