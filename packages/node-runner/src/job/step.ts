import type { ActionFile, Condition } from '../action/action-file.js';
import type { Contexts } from '../action/expression.js';
import { buildInputEnv } from '../action/input-env.js';
import type { PhaseResult } from './phase.js';
import type { Status } from './status.js';

export type Stage = 'pre' | 'main' | 'post';

/** A step with `uses:`. */
export interface StepRequest {
  /** The directory of the action.yml. */
  readonly action: string;
  /** GITHUB_ACTION; default as on GitHub: `__self`, `__self_2`. */
  readonly id?: string;
  /** The `with:` of the step. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
  /** The `if:` of the step; default `success()`. */
  readonly condition?: Condition;
  /** A failure of main does not fail the job. */
  readonly continueOnError?: boolean;
}

/** Result of a pre, main or post; `conclusion` is the outcome after `continueOnError`. */
export interface StepResult extends PhaseResult {
  readonly id: string;
  readonly stage: Stage;
  readonly conclusion: Status | 'skipped';
}

/** A use of an action in a job: the data that its pre, main and post share. */
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

  /** Adds state for later stages. */
  mergeState(state: Readonly<Record<string, string>>): void {
    this.state = { ...this.state, ...state };
  }

  getCondition(stage: Stage): Condition {
    if (stage === 'pre') return 'always()';
    return stage === 'post' ? this.file.postIf : (this.request.condition ?? 'success()');
  }

  /** Inputs and state as variables, with GitHub's warning about undeclared inputs. */
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
