import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import {
  buildDependencyGraph,
  findReferences,
  findResourceReferences,
  type Reference,
  sortTopologically,
} from './dependency-graph.js';
import { TemplateError } from './error.js';
import type { Template } from './template.js';
import type { Path } from './value.js';

const PSEUDO_PARAMETERS = new Set(
  ['AccountId', 'NotificationARNs', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map(
    (name) => `AWS::${name}`,
  ),
);

const createReferenceError = (template: Template, path: Path, message: string): TemplateError =>
  new TemplateError('reference', message, { path, position: template.getPosition(path) });

const createUnresolvedError = (template: Template, { name, attribute, path }: Reference): TemplateError => {
  const names = [...template.resources.keys(), ...(attribute === undefined ? template.parameters.keys() : [])];
  const suggestion = suggestClosest(name, names)?.name;
  const kind = attribute === undefined ? 'parameter or resource' : 'resource';
  const hint = suggestion === undefined ? 'declare it' : `did you mean ${suggestion}`;
  return createReferenceError(
    template,
    path,
    `${path.join('.')} refers to ${name}, which is not a ${kind} of the template: ${hint}`,
  );
};

const exists = (template: Template, { name, attribute }: Reference): boolean =>
  template.resources.has(name) ||
  (attribute === undefined && (template.parameters.has(name) || PSEUDO_PARAMETERS.has(name))) ||
  // Transforms may add declarations that the text does not show.
  template.transforms.length > 0;

const checkDependsOn = (template: Template): readonly TemplateError[] =>
  [...template.resources.values()].flatMap(({ logicalId, dependsOn }) =>
    dependsOn
      .map((name): Reference => ({ name, attribute: '', path: ['Resources', logicalId, 'DependsOn'] }))
      .filter((reference) => !exists(template, reference))
      .map((reference) => createUnresolvedError(template, reference)),
  );

const checkConditions = (template: Template): readonly TemplateError[] => {
  const users = [
    ...[...template.resources.values()].map(({ logicalId, condition }) => ({
      path: ['Resources', logicalId],
      condition,
    })),
    ...[...template.outputs.values()].map(({ name, condition }) => ({ path: ['Outputs', name], condition })),
  ];
  return users
    .filter(({ condition }) => condition !== undefined && !template.conditions.has(condition))
    .map(({ path, condition }) =>
      createReferenceError(
        template,
        [...path, 'Condition'],
        `${path.join('.')} refers to the condition ${condition}, which is not declared: add it to Conditions`,
      ),
    );
};

const checkCycles = (template: Template): readonly TemplateError[] => {
  try {
    sortTopologically(buildDependencyGraph(template));
    return [];
  } catch (error) {
    if (error instanceof TemplateError) return [error];
    throw error;
  }
};

/** Unresolved names and circular dependencies, which CloudFormation rejects before it creates a resource. */
export const checkReferences = (template: Template): readonly TemplateError[] => {
  const references = [
    ...[...template.resources.values()].flatMap((resource) => findResourceReferences(resource)),
    ...[...template.outputs.values()].flatMap(({ name, value }) => findReferences(value, ['Outputs', name, 'Value'])),
    ...[...template.conditions].flatMap(([name, value]) => findReferences(value, ['Conditions', name])),
  ];
  return [
    ...references
      .filter((reference) => !exists(template, reference))
      .map((reference) => createUnresolvedError(template, reference)),
    ...checkDependsOn(template),
    ...checkConditions(template),
    ...checkCycles(template),
  ];
};
