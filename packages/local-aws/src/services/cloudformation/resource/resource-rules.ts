import type { Resource } from '@aws-delivery/template/template';
import { type Mapping, toScalarString } from '@aws-delivery/template/value';
import type { CloudFormationScenario, ResourceRule, ResourceTypeSpec, RuleCondition } from '../scenario.js';
import { expandPlaceholders, getValueAt } from './resource-attributes.js';
import { RESOURCE_RULES } from './resource-type.js';

/** An operation on a resource that the scenario's rules are matched with. */
export interface ResourceOperation {
  readonly stackName: string;
  readonly resource: Resource;
  readonly operation: 'create' | 'update' | 'delete' | 'rollback';
  readonly properties: Mapping;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** Whether IAM denies the operation's principal a permission. */
  readonly lacks: (action: string, resource: string) => boolean;
}

/** The outcome of an operation. `physical` tells whether a failure leaves a physical resource. */
export interface ResourceOutcome {
  readonly duration: number;
  readonly failure?: { readonly reason: string; readonly physical: boolean };
}

/** Duration of an operation that fails before a physical resource exists. */
export const REJECTION_DURATION_MS = 500;

const matchesProperty = (rule: NonNullable<RuleCondition['property']>, properties: Mapping): boolean => {
  const value = getValueAt(properties, rule.path);
  if (value === undefined) return false;
  const { equals, below, above, contains } = rule;
  return (
    (equals === undefined || toScalarString(value) === String(equals)) &&
    (below === undefined || Number(value) < below) &&
    (above === undefined || Number(value) > above) &&
    (contains === undefined || JSON.stringify(value).includes(contains))
  );
};

/** A condition on a property does not match deletions, unless the rule is for deletions. */
const matchesOperation = (on: RuleCondition, operation: ResourceOperation['operation']): boolean =>
  on.operation === undefined ? on.property === undefined || operation !== 'delete' : on.operation === operation;

/** Whether the condition of a rule or hook matches an operation. */
export const matchesCondition = (
  on: RuleCondition,
  { stackName, resource, operation, properties, attempt, lacks }: ResourceOperation,
): boolean =>
  (on.stack === undefined || on.stack === stackName) &&
  (on.resource === undefined || on.resource === resource.logicalId) &&
  (on.type === undefined || on.type === resource.type) &&
  matchesOperation(on, operation) &&
  (on.property === undefined || matchesProperty(on.property, properties)) &&
  (on.attempts === undefined || on.attempts.includes(attempt)) &&
  (on.lacking === undefined || lacks(on.lacking.action, on.lacking.resource));

const getDuration = (
  { durations }: CloudFormationScenario,
  { durationProperty = '' }: ResourceTypeSpec,
  resourceOperation: ResourceOperation,
): number => {
  const { operation, properties } = resourceOperation;
  const seconds = toScalarString(properties[durationProperty]);
  if (seconds !== undefined && operation === 'create') return Number(seconds) * 1000;
  return durations[operation === 'rollback' ? 'update' : operation];
};

const findRules = (scenario: CloudFormationScenario, resourceOperation: ResourceOperation): readonly ResourceRule[] =>
  [...scenario.rules, ...RESOURCE_RULES].filter((rule) => matchesCondition(rule.on, resourceOperation));

const formatReason = (rule: ResourceRule, { resource, stackName, properties }: ResourceOperation): string =>
  expandPlaceholders(rule.fail?.reason ?? '', (name) => {
    if (name === 'LogicalId') return resource.logicalId;
    if (name === 'StackName') return stackName;
    return name === 'Value' ? toScalarString(getValueAt(properties, rule.on.property?.path ?? '')) : undefined;
  });

/** Duration and outcome of an operation, by the scenario's rules and the resource type's own. */
export const evaluateRules = (
  scenario: CloudFormationScenario,
  typeSpec: ResourceTypeSpec,
  resourceOperation: ResourceOperation,
): ResourceOutcome => {
  const rules = findRules(scenario, resourceOperation);
  const ruleDuration = rules.find(({ duration }) => duration !== undefined)?.duration;
  const usualDuration = ruleDuration ?? getDuration(scenario, typeSpec, resourceOperation);
  const failing = rules.find(({ fail }) => fail !== undefined);
  if (failing?.fail === undefined) return { duration: usualDuration };
  const { after } = failing.fail;
  const reason = formatReason(failing, resourceOperation);
  if (after === undefined) return { duration: REJECTION_DURATION_MS, failure: { reason, physical: false } };
  return { duration: after === 'end' ? usualDuration : after, failure: { reason, physical: true } };
};

/** A finding of early validation, as DescribeEvents reports it. */
export interface ValidationFinding {
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  readonly reason: string;
  readonly path: string | undefined;
}

/** The matching rules that name a validation. */
export const findValidationFindings = (
  scenario: CloudFormationScenario,
  resourceOperation: ResourceOperation,
): readonly ValidationFinding[] =>
  findRules(scenario, resourceOperation).flatMap((rule) => {
    const { logicalId, type } = resourceOperation.resource;
    const name = rule.fail?.validation;
    if (name === undefined) return [];
    return [{ logicalId, type, name, reason: formatReason(rule, resourceOperation), path: rule.on.property?.path }];
  });
