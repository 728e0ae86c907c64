import type { Resource } from './template.js';
import { isSame, type Mapping, type Value } from './value.js';

/** The changed attribute of a resource as change sets name it (`Scope`, `Target.Attribute`). */
export type ChangedAttribute =
  | 'Properties'
  | 'Metadata'
  | 'CreationPolicy'
  | 'UpdatePolicy'
  | 'DeletionPolicy'
  | 'UpdateReplacePolicy';

/** A difference between two versions of a resource. */
export interface Difference {
  readonly attribute: ChangedAttribute;
  /** Name of the top-level property; undefined for other attributes. */
  readonly property: string | undefined;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** The change of one resource between two templates. */
export type ResourceChange =
  | { readonly action: 'Add'; readonly logicalId: string; readonly after: Resource }
  | { readonly action: 'Remove'; readonly logicalId: string; readonly before: Resource }
  | {
      readonly action: 'Modify';
      readonly logicalId: string;
      readonly before: Resource;
      readonly after: Resource;
      readonly differences: readonly Difference[];
    };

const OTHER_ATTRIBUTES = [
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
  'DeletionPolicy',
  'UpdateReplacePolicy',
] as const;

/** The top-level properties that differ. */
const diffProperties = (before: Mapping, after: Mapping): readonly Difference[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((property) => !isSame(before[property], after[property]))
    .map((property) => ({
      attribute: 'Properties' as const,
      property,
      before: before[property],
      after: after[property],
    }));

/** The differences of two declarations of a resource: properties first, then other attributes. */
export const diffResource = (before: Resource, after: Resource): readonly Difference[] => [
  ...diffProperties(before.properties, after.properties),
  ...OTHER_ATTRIBUTES.filter(
    (attribute) => !isSame(before.declaration[attribute] ?? null, after.declaration[attribute] ?? null),
  ).map((attribute) => ({
    attribute,
    property: undefined,
    before: before.declaration[attribute],
    after: after.declaration[attribute],
  })),
];

/**
 * The resources added, modified and removed; a changed type counts as modified. Evaluated properties give the
 * differences that a change set reports, declared ones those of the text.
 */
export const diffResources = (
  before: ReadonlyMap<string, Resource>,
  after: ReadonlyMap<string, Resource>,
): readonly ResourceChange[] => {
  const addedOrModified = [...after.values()].flatMap((next): readonly ResourceChange[] => {
    const { logicalId } = next;
    const previous = before.get(logicalId);
    if (previous === undefined) return [{ action: 'Add', logicalId, after: next }];
    const differences = diffResource(previous, next);
    const isSameResource = differences.length === 0 && previous.type === next.type;
    return isSameResource ? [] : [{ action: 'Modify', logicalId, before: previous, after: next, differences }];
  });
  const removed = [...before.values()]
    .filter(({ logicalId }) => !after.has(logicalId))
    .map((previous) => ({ action: 'Remove' as const, logicalId: previous.logicalId, before: previous }));
  return [...addedOrModified, ...removed];
};
