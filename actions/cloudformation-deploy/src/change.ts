import type { Change as AwsChange, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';

/** What becomes of the physical resource. `maybe`: only execution shows it (`Conditional`, `Dynamic`). */
export type Fate = 'added' | 'kept' | 'replaced' | 'maybe-replaced' | 'removed' | 'imported' | 'unknown';

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
  readonly fate: Fate;
  readonly differences: readonly Difference[];
  /** The change set of the nested stack, where it has one. */
  readonly nestedChangeSetId: string | undefined;
  /** As AWS gave it. */
  readonly source: AwsChange;
}

// What is not listed here is unknown, and what is unknown is guarded like a replacement.
const fateOfAction: Readonly<Record<string, Fate>> = {
  Add: 'added',
  Remove: 'removed',
  Import: 'imported',
  Dynamic: 'maybe-replaced',
};

const fateOfReplacement: Readonly<Record<string, Fate>> = {
  True: 'replaced',
  False: 'kept',
  Conditional: 'maybe-replaced',
};

const fateOf = ({ Action: action, Replacement: replacement, PolicyAction: policy }: ResourceChange): Fate => {
  const known = fateOfAction[action ?? ''];
  if (known !== undefined) return known;
  if (action !== 'Modify' && action !== 'SyncWithActual') return 'unknown';
  const fallback: Fate = policy?.startsWith('ReplaceAnd') === true ? 'replaced' : 'unknown';
  return fateOfReplacement[replacement ?? ''] ?? fallback;
};

const differenceOf = ({ Target: target }: ResourceChangeDetail): Difference => ({
  path: [target?.Attribute, target?.Name].filter((part) => part !== undefined).join('.'),
  requiresRecreation: target?.RequiresRecreation,
  before: target?.BeforeValue,
  after: target?.AfterValue,
});

/** A change as this action reads it; `parent` is the path of the nested stack it is in. */
export const changeOf = (source: AwsChange, parent = ''): Change => {
  const change = source.ResourceChange ?? {};
  return {
    path: `${parent}${change.LogicalResourceId ?? '?'}`,
    type: change.ResourceType ?? '?',
    physicalId: change.PhysicalResourceId,
    action: change.Action ?? '?',
    fate: fateOf(change),
    differences: (change.Details ?? []).map(differenceOf),
    nestedChangeSetId: change.ChangeSetId,
    source,
  };
};

/** May execution replace it? What cannot be told counts. */
export const mayReplace = ({ fate }: Change): boolean => ['replaced', 'maybe-replaced', 'unknown'].includes(fate);
