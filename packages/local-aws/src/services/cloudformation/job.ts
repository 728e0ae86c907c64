import type { Mapping } from '@aws-delivery/template/value';
import type { Principal } from '../../principal.js';
import type { Random } from '../../random.js';
import type { Blueprint } from './blueprint.js';
import type { Journal } from './journal.js';
import type { Place } from './place.js';
import { judge, type Outcome, type Trial } from './rule.js';
import type { CloudFormationScenario } from './scenario.js';
import type { Shapes } from './shape.js';
import type { ResourceVersion, Stack } from './stack.js';

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

/** How the planned part of an operation ends. */
export interface Course {
  readonly end: number;
  /** Logical ids. */
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
  /** Why the stack as a whole failed, where no resource did (an alarm, a timeout). */
  readonly cause?: string | undefined;
}

export interface RollbackOptions {
  /** Logical ids that are called done as they are (`ResourcesToSkip`). */
  readonly skip: ReadonlySet<string>;
  /** Calls everything done that cannot be undone (`ForceRollback`). */
  readonly force: boolean;
  /** Deletes what the failed operation made, even where its policy says Retain. */
  readonly retainExceptOnCreate: boolean;
}

/** The stacks behind resources that are stacks, for one operation of their root. */
export interface Nesting {
  /** Whether the stack needs nothing to be as these properties want it. */
  isSettled(stack: Stack, properties: Mapping): boolean;
  /** Plans the stack behind a resource; `before` where it exists already. */
  deploy(job: Job, logicalId: string, properties: Mapping, begin: number, before: Stack | undefined): NestedCourse;
  /** Stops what is under way in it. */
  interrupt(stack: Stack, at: number): void;
  /** Forgets what it would have done after `at`. */
  abandon(stack: Stack, at: number): void;
  /** Undoes what this operation did to it. */
  revert(job: Job, stack: Stack, begin: number, options: RollbackOptions): Course;
  /** Cleans up after a good end of the root. */
  settle(stack: Stack, begin: number): number;
  remove(job: Job, stack: Stack, begin: number): Course;
}

export interface NestedCourse extends Course {
  readonly stack: Stack;
}

/** One operation on one stack: where it is planned, with what, for whom. */
export interface Job {
  readonly world: World;
  readonly journal: Journal;
  readonly place: Place;
  readonly principal: Principal;
  readonly nesting: Nesting;
  /** EXPRESS does not wait until resources are stable (aws-facts §1.4). */
  readonly express: boolean;
}

/** What an operation works towards. */
export interface Goal {
  readonly blueprint: Blueprint;
  /** Failures leave everything as it is: replacements are refused then (aws-facts §1.3). */
  readonly preserve: boolean;
}

/** An EXPRESS operation's share of a resource's duration. */
const EXPRESS_DURATION = 500;

export const EXPRESS_REASON =
  'Resource operation completed using Express Mode. It may continue becoming available in the background.';

const trialOf = (
  { world, place, principal }: Job,
  operation: Trial['operation'],
  { resource, properties }: Pick<ResourceVersion, 'resource' | 'properties'>,
  at: number,
): Trial => ({
  stackName: place.stackName,
  resource,
  operation,
  properties,
  attempt: (world.tries.get(`${place.stackName}/${resource.logicalId}/${operation}`) ?? 0) + 1,
  lacks: world.lacks(principal, at),
});

/** What comes of doing something to a resource at a moment; counted as a try with `countTry`. */
export const attempt = (
  job: Job,
  operation: Trial['operation'],
  version: Pick<ResourceVersion, 'resource' | 'properties'>,
  at: number,
): { readonly trial: Trial; readonly outcome: Outcome } => {
  const trial = trialOf(job, operation, version, at);
  const outcome = judge(job.world.scenario, job.world.shapes.of(version.resource.type), trial);
  return {
    trial,
    outcome: job.express ? { ...outcome, duration: Math.min(outcome.duration, EXPRESS_DURATION) } : outcome,
  };
};

export const countTry = ({ world }: Job, { stackName, resource, operation, attempt }: Trial): void => {
  world.tries.set(`${stackName}/${resource.logicalId}/${operation}`, attempt);
};

/** The texts in which CloudFormation sums up what failed. */
export const summaryOf = ({ created, updated, deleted, cause }: Omit<Course, 'end'>): string => {
  const sentences = [
    ['create', created],
    ['update', updated],
    ['delete', deleted],
  ] as const;
  return (
    sentences
      .filter(([, ids]) => ids.length > 0)
      .map(([verb, ids]) => `The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `)
      .join('') + (cause ?? '')
  );
};

export const hasFailed = (course: Course): boolean => summaryOf(course) !== '';
