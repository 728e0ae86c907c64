import type { Change as AwsChange, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';

/** Effect on the physical resource. `maybe-replaced`: known only after the execution (`Conditional`, `Dynamic`). */
export type ChangeImpact = 'added' | 'modified' | 'replaced' | 'maybe-replaced' | 'removed' | 'imported' | 'unknown';

export interface Difference {
  /** `Properties.Name`, `Tags`, `Metadata`, … */
  readonly path: string;
  readonly requiresRecreation: 'Never' | 'Conditionally' | 'Always' | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A resource change of a change set. */
export interface Change {
  /** Logical id; in nested stacks `Nested.LogicalId`. */
  readonly path: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  /** CloudFormation's action: Add, Modify, Remove, Import, Dynamic, SyncWithActual. */
  readonly action: string;
  readonly impact: ChangeImpact;
  readonly differences: readonly Difference[];
  /** ARN of the nested stack's change set. */
  readonly nestedChangeSetId: string | undefined;
  /** The unmodified change of DescribeChangeSet. */
  readonly source: AwsChange;
}

// Actions that are not listed are unknown, and `protect` treats unknown changes as replacements.
const impactByAction: Readonly<Record<string, ChangeImpact>> = {
  Add: 'added',
  Remove: 'removed',
  Import: 'imported',
  Dynamic: 'maybe-replaced',
};

const impactByReplacement: Readonly<Record<string, ChangeImpact>> = {
  True: 'replaced',
  False: 'modified',
  Conditional: 'maybe-replaced',
};

const getImpact = ({
  Action: action,
  Replacement: replacement,
  PolicyAction: policy,
}: ResourceChange): ChangeImpact => {
  const known = impactByAction[action ?? ''];
  if (known !== undefined) return known;
  if (action !== 'Modify' && action !== 'SyncWithActual') return 'unknown';
  const fallback: ChangeImpact = policy?.startsWith('ReplaceAnd') === true ? 'replaced' : 'unknown';
  return impactByReplacement[replacement ?? ''] ?? fallback;
};

const toDifference = ({ Target: target }: ResourceChangeDetail): Difference => ({
  path: [target?.Attribute, target?.Name].filter((part) => part !== undefined).join('.'),
  requiresRecreation: target?.RequiresRecreation,
  before: target?.BeforeValue,
  after: target?.AfterValue,
});

/** @param parent path of the nested stack with a trailing dot; empty for the stack itself */
export const toChange = (source: AwsChange, parent = ''): Change => {
  const change = source.ResourceChange ?? {};
  return {
    path: `${parent}${change.LogicalResourceId ?? '?'}`,
    type: change.ResourceType ?? '?',
    physicalId: change.PhysicalResourceId,
    action: change.Action ?? '?',
    impact: getImpact(change),
    differences: (change.Details ?? []).map(toDifference),
    nestedChangeSetId: change.ChangeSetId,
    source,
  };
};

/** Whether the execution may replace the resource. Unknown changes may. */
export const mayReplace = ({ impact }: Change): boolean => ['replaced', 'maybe-replaced', 'unknown'].includes(impact);
