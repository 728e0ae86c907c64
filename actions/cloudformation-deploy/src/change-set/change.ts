import type { Change as AwsChange, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';

/** What becomes of the physical resource. `maybe`: only execution shows it (`Conditional`, `Dynamic`). */
export type ChangeImpact = 'added' | 'modified' | 'replaced' | 'maybe-replaced' | 'removed' | 'imported' | 'unknown';

export interface Difference {
  /** `Properties.Name`, `Tags`, `Metadata`, … */
  readonly path: string;
  readonly requiresRecreation: 'Never' | 'Conditionally' | 'Always' | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** One change of a change set. */
export interface Change {
  /** Logical id; in nested stacks `Nested.LogicalId`. */
  readonly path: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  /** AWS's own word: Add, Modify, Remove, Import, Dynamic, SyncWithActual. */
  readonly action: string;
  readonly impact: ChangeImpact;
  readonly differences: readonly Difference[];
  /** The change set of the nested stack, where it has one. */
  readonly nestedChangeSetId: string | undefined;
  /** As AWS gave it. */
  readonly source: AwsChange;
}

// What is not listed here is unknown, and what is unknown is guarded like a replacement.
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

/** A change as this action reads it; `parent` is the path of the nested stack it is in. */
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

/** May execution replace it? What cannot be told counts. */
export const mayReplace = ({ impact }: Change): boolean => ['replaced', 'maybe-replaced', 'unknown'].includes(impact);
