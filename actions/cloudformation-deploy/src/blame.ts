import { referencesOf } from '@aws-delivery/template/dependency';
import type { Template } from '@aws-delivery/template/template';
import type { Cause } from './root-cause.js';

/** A reason names a property as a path (`#/ShardCount: …`) or in quotation marks, often in the service's own spelling. */
const namesProperty = (reason: string, property: string): boolean =>
  /^\w+$/u.test(property) && new RegExp(`[/'"\`]${property}\\b`, 'iu').test(reason);

const isName = (part: string | number): part is string =>
  typeof part === 'string' && part !== 'Ref' && !part.startsWith('Fn::');

/** In words: the parameter that a property is taken from which the reason of a failure names. */
export const blameOf = (template: Template, { within, logicalId, reason }: Cause): string | undefined => {
  const resource = within.length === 0 ? template.resources.get(logicalId) : undefined;
  if (resource === undefined) return undefined;
  for (const { name, path } of referencesOf(resource)) {
    const property = path.findLast(isName);
    if (property === undefined || !template.parameters.has(name)) continue;
    if (namesProperty(reason, property)) return `${property} comes from the parameter ${name}`;
  }
  return undefined;
};
