import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Change as AwsChange } from '@aws-sdk/client-cloudformation';
import { type Change, toChange } from '../change-set/change.js';
import type { ChangeSet } from '../change-set/change-set.js';
import type { SecurityResource } from './grant.js';
import { findWidenedPermissions, type WidenedPermission } from './widened-permissions.js';

const parseContext = (context: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  if (context === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(context);
    const properties = isRecord(parsed) ? parsed['Properties'] : undefined;
    return isRecord(properties) ? properties : {};
  } catch {
    return undefined;
  }
};

const toResource = ({ path, type, physicalId }: Change, context: string | undefined): readonly SecurityResource[] => {
  const properties = parseContext(context);
  return properties === undefined ? [] : [{ path, type, physicalId, properties }];
};

const NESTED_STACK_TYPE = 'AWS::CloudFormation::Stack';

/** A change whose result CloudFormation does not describe may widen anything. */
const toUnknown = ({ path, type, action, source }: Change): readonly WidenedPermission[] => {
  const isKnown = action === 'Remove' || parseContext(source.ResourceChange?.AfterContext) !== undefined;
  return isKnown || type === NESTED_STACK_TYPE
    ? []
    : [{ path, type, text: 'unknown: the change set does not contain its properties' }];
};

/** What a change set widens. Requires a change set that was read with its values. */
const listWidenedPermissions = ({ changes }: ChangeSet): readonly WidenedPermission[] => {
  const before = changes.flatMap((change) => toResource(change, change.source.ResourceChange?.BeforeContext));
  const after = changes.flatMap((change) => toResource(change, change.source.ResourceChange?.AfterContext));
  return [...changes.flatMap(toUnknown), ...findWidenedPermissions(before, after)];
};

const omitValues = (source: AwsChange): AwsChange => {
  if (source.ResourceChange === undefined) return source;
  const { BeforeContext: _before, AfterContext: _after, Details: details, ...change } = source.ResourceChange;
  const withoutValues = details?.map((detail) => {
    if (detail.Target === undefined) return detail;
    const { BeforeValue: _from, AfterValue: _to, ...target } = detail.Target;
    return { ...detail, Target: target };
  });
  return {
    ...source,
    ResourceChange: { ...change, ...(withoutValues === undefined ? {} : { Details: withoutValues }) },
  };
};

const getParent = ({ path }: Change): string => path.slice(0, path.lastIndexOf('.') + 1);

/** The change set with what it widens; property values, which may be secret, are left out unless they are shown. */
export const evaluatePermissions = (changeSet: ChangeSet, showValues: boolean): ChangeSet => {
  const widenedPermissions = listWidenedPermissions(changeSet);
  if (showValues) return { ...changeSet, widenedPermissions };
  const changes = changeSet.changes.map((change) => toChange(omitValues(change.source), getParent(change)));
  return { ...changeSet, changes, widenedPermissions };
};
