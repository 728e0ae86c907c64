import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { OidcInputs } from '../../action.js';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Session tags by importance: when they are too large for AWS, the last group is dropped first. */
export interface SessionTags {
  /** Input `tags`; never dropped. */
  readonly custom: readonly Tag[];
  /** Repository, workflow and actor, which policies may refer to. */
  readonly workflow: readonly Tag[];
  /** Details for the audit log. */
  readonly context: readonly Tag[];
  readonly transitive: readonly string[];
}

/** The groups of tags to send: all, all but `context`, or `custom` alone. */
export type TagLevel = 'all' | 'without-context' | 'custom';

const WORKFLOW_TAGS = {
  Repository: 'GITHUB_REPOSITORY',
  Workflow: 'GITHUB_WORKFLOW',
  Action: 'GITHUB_ACTION',
  Actor: 'GITHUB_ACTOR',
  Commit: 'GITHUB_SHA',
  Branch: 'GITHUB_REF',
} as const;

const CONTEXT_TAGS = {
  EventName: 'GITHUB_EVENT_NAME',
  BaseRef: 'GITHUB_BASE_REF',
  HeadRef: 'GITHUB_HEAD_REF',
  RunId: 'GITHUB_RUN_ID',
  Job: 'GITHUB_JOB',
  TriggeringActor: 'GITHUB_TRIGGERING_ACTOR',
} as const;

// https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
const FORBIDDEN_CHARACTERS = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const [MAX_KEY_LENGTH, MAX_VALUE_LENGTH, MAX_TAGS] = [128, 256, 50];

const readTags = (sources: Readonly<Record<string, string>>, env: Env): readonly Tag[] =>
  Object.entries(sources).flatMap(([key, variable]) => {
    const value = env[variable];
    return value ? [{ key, value: value.replaceAll(FORBIDDEN_CHARACTERS, '_').slice(0, MAX_VALUE_LENGTH) }] : [];
  });

const RESERVED_KEYS = new Set([
  'github',
  ...Object.keys({ ...WORKFLOW_TAGS, ...CONTEXT_TAGS }).map((key) => key.toLowerCase()),
]);

const createInputError = (tag: string, rule: string): DeliveryError =>
  new DeliveryError('invalid-input', `input 'tags': '${tag}' ${rule}`);

const validateTag = ([key, value]: readonly [string, string]): Tag => {
  if (key === '' || key.length > MAX_KEY_LENGTH)
    throw createInputError(key, `is not a valid key: use 1 to ${MAX_KEY_LENGTH} characters`);
  if (value.length > MAX_VALUE_LENGTH)
    throw createInputError(key, `has a value that is too long: use at most ${MAX_VALUE_LENGTH} characters`);
  if ((key + value).search(FORBIDDEN_CHARACTERS) !== -1) {
    throw createInputError(
      key,
      'contains a character that is not allowed in tags: use letters, digits, spaces and _.:/=+-@',
    );
  }
  if (RESERVED_KEYS.has(key.toLowerCase()))
    throw createInputError(key, 'is reserved for a tag of the workflow: choose another key');
  return { key, value };
};

const NO_TAGS: SessionTags = { custom: [], workflow: [], context: [], transitive: [] };

/**
 * Parses the session tags for roles that are assumed with credentials. Without GitHub's variables only `tags` remain.
 * @throws DeliveryError `invalid-input` for tags that AWS does not accept
 */
export const parseSessionTags = (inputs: OidcInputs, env: Env): SessionTags => {
  const custom = Object.entries(inputs.tags ?? {}).map(validateTag);
  if (inputs['role-skip-session-tagging']) return NO_TAGS;
  const workflowTags = readTags(WORKFLOW_TAGS, env);
  const workflow = workflowTags.length === 0 ? [] : [{ key: 'GitHub', value: 'Actions' }, ...workflowTags];
  const context = readTags(CONTEXT_TAGS, env);
  const count = custom.length + workflow.length + context.length;
  if (count > MAX_TAGS)
    throw createInputError(
      `${custom.length} tags`,
      `and ${count - custom.length} tags of the workflow exceed the AWS limit of ${MAX_TAGS}: remove tags`,
    );
  return { custom, workflow, context, transitive: inputs['transitive-tag-keys'] ?? [] };
};

export const selectTags = ({ custom, workflow, context }: SessionTags, level: TagLevel): readonly Tag[] => {
  if (level === 'custom') return custom;
  return level === 'all' ? [...workflow, ...context, ...custom] : [...workflow, ...custom];
};

/** The next level with fewer tags; undefined when only `custom` is left. */
export const findLowerLevel = (tags: SessionTags, level: TagLevel): TagLevel | undefined => {
  if (level === 'all' && tags.context.length > 0) return 'without-context';
  return level !== 'custom' && tags.workflow.length > 0 ? 'custom' : undefined;
};

/** The tags for the next role of a chain. AWS passes transitive tags on and rejects a call that sets them again. */
export const removeTransitiveTags = (tags: SessionTags): SessionTags => {
  const transitiveKeys = new Set(tags.transitive.map((key) => key.toLowerCase()));
  const excludeTransitive = (group: readonly Tag[]): readonly Tag[] =>
    group.filter(({ key }) => !transitiveKeys.has(key.toLowerCase()));
  return {
    custom: excludeTransitive(tags.custom),
    workflow: excludeTransitive(tags.workflow),
    context: excludeTransitive(tags.context),
    transitive: [],
  };
};
