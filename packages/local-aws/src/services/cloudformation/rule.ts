import type { Resource } from '@aws-delivery/template/resource';
import { type Mapping, textOfScalar } from '@aws-delivery/template/value';
import { fill } from './place.js';
import { RESOURCE_RULES } from './resource-type.js';
import type { CloudFormationScenario, Condition, Rule, TypeShape } from './scenario.js';
import { valueAt } from './shape.js';

/** Something that is about to be done to a resource: what the scenario's rules judge. */
export interface Trial {
  readonly stackName: string;
  readonly resource: Resource;
  readonly operation: 'create' | 'update' | 'delete' | 'rollback';
  readonly properties: Mapping;
  /** The how-manieth time. */
  readonly attempt: number;
  /** Whether the principal of the operation lacks a permission. */
  readonly lacks: (action: string, resource: string) => boolean;
}

/** How a trial ends. `after` is undefined for a failure that leaves nothing physical. */
export interface Outcome {
  readonly duration: number;
  readonly failure?: { readonly reason: string; readonly physical: boolean };
}

/** What fails before there is anything physical still takes a moment. */
const REFUSAL = 500;

const holdsForProperty = (rule: NonNullable<Condition['property']>, properties: Mapping): boolean => {
  const value = valueAt(properties, rule.path);
  if (value === undefined) return false;
  const { equals, below, above, contains } = rule;
  return (
    (equals === undefined || textOfScalar(value) === String(equals)) &&
    (below === undefined || Number(value) < below) &&
    (above === undefined || Number(value) > above) &&
    (contains === undefined || JSON.stringify(value).includes(contains))
  );
};

/** Values are refused where they are asked for: a deletion asks for none, unless the rule is about deletions. */
const holdsForOperation = (on: Condition, operation: Trial['operation']): boolean =>
  on.operation === undefined ? on.property === undefined || operation !== 'delete' : on.operation === operation;

/** Whether a rule, a hook or a drift speaks of this. */
export const applies = (
  on: Condition,
  { stackName, resource, operation, properties, attempt, lacks }: Trial,
): boolean =>
  (on.stack === undefined || on.stack === stackName) &&
  (on.resource === undefined || on.resource === resource.logicalId) &&
  (on.type === undefined || on.type === resource.type) &&
  holdsForOperation(on, operation) &&
  (on.property === undefined || holdsForProperty(on.property, properties)) &&
  (on.attempts === undefined || on.attempts.includes(attempt)) &&
  (on.lacking === undefined || lacks(on.lacking.action, on.lacking.resource));

const durationOf = (
  { durations }: CloudFormationScenario,
  { durationProperty = '' }: TypeShape,
  trial: Trial,
): number => {
  const { operation, properties } = trial;
  const seconds = textOfScalar(properties[durationProperty]);
  if (seconds !== undefined && operation === 'create') return Number(seconds) * 1000;
  return durations[operation === 'rollback' ? 'update' : operation];
};

const rulesFor = (scenario: CloudFormationScenario, trial: Trial): readonly Rule[] =>
  [...scenario.rules, ...RESOURCE_RULES].filter((rule) => applies(rule.on, trial));

const reasonOf = (rule: Rule, { resource, stackName, properties }: Trial): string =>
  fill(rule.fail?.reason ?? '', (name) => {
    if (name === 'LogicalId') return resource.logicalId;
    if (name === 'StackName') return stackName;
    return name === 'Value' ? textOfScalar(valueAt(properties, rule.on.property?.path ?? '')) : undefined;
  });

/** How long it takes and how it ends, by the scenario and by what a type refuses anyway. */
export const judge = (scenario: CloudFormationScenario, shape: TypeShape, trial: Trial): Outcome => {
  const rules = rulesFor(scenario, trial);
  const ruled = rules.find(({ duration }) => duration !== undefined)?.duration;
  const usual = ruled ?? durationOf(scenario, shape, trial);
  const failing = rules.find(({ fail }) => fail !== undefined);
  if (failing?.fail === undefined) return { duration: usual };
  const { after } = failing.fail;
  const reason = reasonOf(failing, trial);
  if (after === undefined) return { duration: REFUSAL, failure: { reason, physical: false } };
  return { duration: after === 'end' ? usual : after, failure: { reason, physical: true } };
};

/** What early validation found; DescribeEvents shows it. */
export interface Finding {
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  readonly reason: string;
  readonly path: string | undefined;
}

/** What early validation finds: rules that name a validation. */
export const validationFindings = (scenario: CloudFormationScenario, trial: Trial): readonly Finding[] =>
  rulesFor(scenario, trial).flatMap((rule) => {
    const { logicalId, type } = trial.resource;
    const name = rule.fail?.validation;
    if (name === undefined) return [];
    return [{ logicalId, type, name, reason: reasonOf(rule, trial), path: rule.on.property?.path }];
  });
