import { findResourceReferences } from '@aws-delivery/template/dependency-graph';
import type { Template } from '@aws-delivery/template/template';
import type { Cause } from './root-cause.js';

/** A reason names a property as a path (`#/ShardCount: …`) or in quotation marks, often in the service's own spelling. */
const matchesProperty = (reason: string, property: string): boolean =>
  /^\w+$/u.test(property) && new RegExp(`[/'"\`]${property}\\b`, 'iu').test(reason);

const isPropertyName = (step: string | number): step is string =>
  typeof step === 'string' && step !== 'Ref' && !step.startsWith('Fn::');

/** In words: the parameter that a property is taken from which the reason of a failure names. */
export const findSourceParameter = (
  template: Template,
  { stackPath, logicalId, reason }: Cause,
): string | undefined => {
  const resource = stackPath.length === 0 ? template.resources.get(logicalId) : undefined;
  if (resource === undefined) return undefined;
  for (const { name, path } of findResourceReferences(resource)) {
    const property = path.findLast(isPropertyName);
    if (property === undefined || !template.parameters.has(name)) continue;
    if (matchesProperty(reason, property)) return `${property} comes from the parameter ${name}`;
  }
  return undefined;
};
