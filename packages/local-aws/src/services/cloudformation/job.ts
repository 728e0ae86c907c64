import type { Principal } from '../../principal.js';
import type { Random } from '../../random.js';
import type { Journal } from './journal.js';
import type { NestedStacks } from './nested.js';
import { judge, type Outcome, type Trial } from './rule.js';
import type { CloudFormationScenario } from './scenario.js';
import type { Shapes } from './shape.js';
import type { ResourceVersion } from './stack.js';

/** What every operation is done with. */
export interface World {
  readonly scenario: CloudFormationScenario;
  readonly shapes: Shapes;
  readonly random: Random;
  /** Whether a principal lacks a permission at a moment. */
  readonly lacks: (principal: Principal, at: number) => (action: string, resource: string) => boolean;
  /** Tries so far, by stack, resource and what was tried: the scenario's rules may depend on it. */
  readonly tries: Map<string, number>;
}

/** One operation on one stack: where it is planned, with what, for whom. */
export interface Job {
  readonly world: World;
  readonly journal: Journal;
  readonly principal: Principal;
  readonly nesting: NestedStacks;
}

export interface Failure {
  readonly verb: 'create' | 'update' | 'delete';
  readonly logicalId: string;
}

/** What ends an operation from outside. */
export interface Alarm {
  readonly at: number;
  readonly cause: string;
}

/** How the planned part of an operation ends. */
export interface Course {
  readonly end: number;
  readonly failures: readonly Failure[];
  /** Why the stack as a whole failed, where no resource did (an alarm, outputs that cannot be). */
  readonly cause?: string | undefined;
}

/** An EXPRESS operation's share of a resource's duration (aws-facts §1.4). */
const EXPRESS_DURATION = 500;

/** EXPRESS does not wait until resources are stable. */
export const isExpress = ({ journal }: Job): boolean => journal.stack.root.final().mode === 'EXPRESS';

const keyOf = ({ stackName, resource, operation }: Omit<Trial, 'attempt'>): string =>
  `${stackName}/${resource.logicalId}/${operation}`;

/** What comes of doing something to a resource at a moment; counted as a try with `countTry`. */
export const attempt = (
  job: Job,
  operation: Trial['operation'],
  { resource, properties }: Pick<ResourceVersion, 'resource' | 'properties'>,
  at: number,
): { readonly trial: Trial; readonly outcome: Outcome } => {
  const { world, journal, principal } = job;
  const stackName = journal.stack.identity.name;
  const asked = { stackName, resource, operation, properties, lacks: world.lacks(principal, at) };
  const trial = { ...asked, attempt: (world.tries.get(keyOf(asked)) ?? 0) + 1 };
  const outcome = judge(world.scenario, world.shapes.of(resource.type), trial);
  if (!isExpress(job)) return { trial, outcome };
  return { trial, outcome: { ...outcome, duration: Math.min(outcome.duration, EXPRESS_DURATION) } };
};

export const countTry = ({ world }: Job, trial: Trial): void => {
  world.tries.set(keyOf(trial), trial.attempt);
};

/** When something done to a physical resource has ended, and why it failed, if it did. */
export interface Ending {
  readonly end: number;
  readonly reason?: string | undefined;
}

/** Deletes a resource, or takes it back, in one try. */
export const act = (job: Job, operation: 'delete' | 'rollback', version: ResourceVersion, at: number): Ending => {
  const { trial, outcome } = attempt(job, operation, version, at);
  countTry(job, trial);
  return { end: at + outcome.duration, reason: outcome.failure?.reason };
};

/** What failed, in the sentences in which CloudFormation sums it up; undefined where nothing did. */
export const failureOf = ({ failures, cause = '' }: Course): string | undefined => {
  const sentences = (['create', 'update', 'delete'] as const).flatMap((verb) => {
    const ids = failures.filter((failure) => failure.verb === verb).map(({ logicalId }) => logicalId);
    return ids.length === 0 ? [] : [`The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `];
  });
  const text = sentences.join('') + cause;
  return text === '' ? undefined : text;
};
