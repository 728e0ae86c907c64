import { DeliveryError } from '@aws-delivery/action-kit/error';
import { parseList } from '@aws-delivery/action-kit/parse';
import type { Inputs } from '../action.js';
import { type ProbeWish, probeWishOf } from './probe-wish.js';
import { type StrategyWishes, strategiesIn } from './strategy.js';

/** Where the configuration comes from. */
export type Source =
  | { readonly kind: 'tree'; readonly root: string }
  | {
      readonly kind: 'file';
      readonly application: string;
      readonly environment: string;
      readonly profile: string;
      readonly type: 'AWS.Freeform' | 'AWS.AppConfig.FeatureFlags';
      readonly file: string;
    };

/** Which part of it; no patterns mean all of it. */
export interface Selection {
  readonly environments: readonly string[];
  readonly tenants: readonly string[];
  readonly profiles: readonly string[];
  readonly changedSince: string | undefined;
}

/** What every mode knows. */
interface Target {
  readonly source: Source;
  readonly merge: 'replace' | 'deep';
  readonly selection: Selection;
  readonly comment: 'none' | 'summary';
}

/** What is created where it is missing. */
export interface Creation {
  readonly monitors: readonly string[];
  readonly monitorRole: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is given along with each deployment. */
export interface Extras {
  readonly kmsKeyId: string | undefined;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

/** Groups in order, each a list of names or patterns; `*` stands for the others. None: all at once. */
export type Order = readonly (readonly string[])[];

/** What follows what. Durations in milliseconds. */
export interface Policies {
  readonly onConflict: 'wait' | 'fail' | 'stop';
  readonly conflictTimeout: number;
  readonly onFailure: 'stop' | 'stop-tenant' | 'revert' | 'revert-tenant';
  readonly onCancel: 'stop' | 'revert' | 'leave';
}

interface Planned extends Target {
  readonly strategies: StrategyWishes;
  readonly creation: Creation;
}

export interface PreviewRequest extends Planned {
  readonly mode: 'preview';
}

export interface RolloutRequest extends Planned {
  readonly mode: 'rollout';
  readonly waitFor: 'complete' | 'deployed' | 'started';
  /** Milliseconds; undefined: what the strategy needs and a margin. */
  readonly timeout: number | undefined;
  readonly concurrency: number;
  readonly waves: Order;
  readonly rings: Order;
  /** Milliseconds. */
  readonly pause: number;
  readonly keepVersions: number | undefined;
  readonly extras: Extras;
  readonly policies: Policies;
  readonly probe: ProbeWish;
}

export interface RevertRequest extends Target {
  readonly mode: 'revert';
  /** Undefined: the latest of this action in each environment. */
  readonly runId: string | undefined;
}

export interface CleanupRequest extends Target {
  readonly mode: 'cleanup';
  readonly what: 'absent' | 'all';
  readonly isConfirmed: boolean;
}

export type Request = RolloutRequest | PreviewRequest | RevertRequest | CleanupRequest;

const invalid = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const ONE = ['application', 'environment', 'profile', 'file'] as const;

const sourceOf = (inputs: Inputs): Source => {
  const { tree, application, environment, profile, file } = inputs;
  const given = ONE.filter((name) => inputs[name] !== undefined);
  if (tree !== undefined) {
    if (given.length === 0) return { kind: 'tree', root: tree };
    throw invalid(`input '${given[0]}' has no effect beside 'tree': leave one of them out`);
  }
  if (application === undefined || environment === undefined || profile === undefined || file === undefined) {
    const missing = ONE.filter((name) => inputs[name] === undefined).map((name) => `'${name}'`);
    const what =
      given.length === 0
        ? "'tree', or all of 'application', 'environment', 'profile' and 'file'"
        : missing.join(' and ');
    throw new DeliveryError('missing', `nothing is said of what to roll out: add ${what}`);
  }
  return { kind: 'file', application, environment, profile, type: inputs['profile-type'], file };
};

const orderOf = (lines: readonly string[]): Order => lines.map(parseList);

const targetOf = (inputs: Inputs): Target => {
  const source = sourceOf(inputs);
  const changedSince = inputs['changed-since'];
  // A revision that looks like an option would be one to git.
  if (changedSince?.startsWith('-')) throw invalid(`input 'changed-since': '${changedSince}' is not a commit`);
  if (changedSince !== undefined && source.kind === 'file') {
    throw invalid("input 'changed-since' has no effect on a single 'file': leave it out");
  }
  const { environments, tenants, profiles, merge, comment } = inputs;
  return { source, merge, comment, selection: { environments, tenants, profiles, changedSince } };
};

const creationOf = (inputs: Inputs): Creation => {
  const { monitors } = inputs;
  const stranger = monitors.find((alarm) => !alarm.startsWith('arn:'));
  if (stranger !== undefined) throw invalid(`input 'monitors': '${stranger}' is not the ARN of an alarm`);
  if (monitors.length > 5) throw invalid(`input 'monitors': ${monitors.length} alarms, an environment has at most 5`);
  const reserved = Object.keys(inputs.tags).find((key) => /^aws-delivery:/i.test(key));
  if (reserved !== undefined) throw invalid(`input 'tags': '${reserved}' begins as our own tags do: take another name`);
  return { monitors, monitorRole: inputs['monitor-role-arn'], tags: inputs.tags };
};

const plannedOf = (inputs: Inputs): Planned => ({
  ...targetOf(inputs),
  strategies: strategiesIn(inputs.strategy),
  creation: creationOf(inputs),
});

const rolloutOf = (inputs: Inputs): RolloutRequest => ({
  mode: 'rollout',
  ...plannedOf(inputs),
  waitFor: inputs['wait-for'],
  timeout: inputs.timeout === undefined ? undefined : inputs.timeout * 1000,
  concurrency: inputs.concurrency,
  waves: orderOf(inputs.waves),
  rings: orderOf(inputs.rings),
  pause: inputs.pause * 1000,
  keepVersions: inputs['keep-versions'],
  extras: { kmsKeyId: inputs['kms-key-id'], parameters: inputs['dynamic-extension-parameters'] },
  policies: {
    onConflict: inputs['on-conflict'],
    conflictTimeout: inputs['conflict-timeout'] * 1000,
    onFailure: inputs['on-failure'],
    onCancel: inputs['on-cancel'],
  },
  probe: probeWishOf(inputs),
});

/** What is passed over in silence would be taken for a limit: what goes would be more than was meant. */
const refuseIdle = (
  inputs: Inputs,
  names: readonly ('environments' | 'profiles' | 'changed-since')[],
  mode: string,
): void => {
  const idle = names.find((name) => (inputs[name]?.length ?? 0) > 0);
  if (idle !== undefined) throw invalid(`input '${idle}' has no effect in '${mode}': leave it out`);
};

const cleanupOf = (inputs: Inputs): CleanupRequest => {
  const { cleanup: what, confirm } = inputs;
  // What else is in the application may be another step's file.
  if (what === 'absent' && inputs.tree === undefined)
    throw invalid("'cleanup: absent' compares with a 'tree': name it");
  refuseIdle(
    inputs,
    ['profiles', 'changed-since', ...(what === 'all' ? ['environments' as const] : [])],
    `cleanup: ${what}`,
  );
  if (confirm !== undefined && confirm !== what) {
    throw invalid(`input 'confirm': '${confirm}' does not confirm 'cleanup: ${what}': write '${what}'`);
  }
  return { mode: 'cleanup', ...targetOf(inputs), what, isConfirmed: confirm === what };
};

/** Turns flat inputs into what is asked for. Throws a DeliveryError for values and combinations that cannot be meant. */
export const requestOf = (inputs: Inputs): Request => {
  switch (inputs.mode) {
    case 'rollout':
      return rolloutOf(inputs);
    case 'preview':
      return { mode: 'preview', ...plannedOf(inputs) };
    case 'revert':
      refuseIdle(inputs, ['changed-since'], 'mode: revert');
      return { mode: 'revert', ...targetOf(inputs), runId: inputs['run-id'] };
    case 'cleanup':
      return cleanupOf(inputs);
  }
};
