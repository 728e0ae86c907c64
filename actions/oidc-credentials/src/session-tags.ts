import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { OidcInputs } from '../action.js';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Session tags by how much they matter: when they are too many for AWS, the last group goes first. */
export interface SessionTags {
  /** Asked for by name: never dropped. */
  readonly own: readonly Tag[];
  /** Who runs what: policies may rest on them. */
  readonly origin: readonly Tag[];
  /** For the audit log only. */
  readonly circumstance: readonly Tag[];
  readonly transitive: readonly string[];
}

/** How many groups of tags are sent. */
export type TagLevel = 'all' | 'without-circumstance' | 'own';

const ORIGIN = {
  Repository: 'GITHUB_REPOSITORY',
  Workflow: 'GITHUB_WORKFLOW',
  Action: 'GITHUB_ACTION',
  Actor: 'GITHUB_ACTOR',
  Commit: 'GITHUB_SHA',
  Branch: 'GITHUB_REF',
} as const;

const CIRCUMSTANCE = {
  EventName: 'GITHUB_EVENT_NAME',
  BaseRef: 'GITHUB_BASE_REF',
  HeadRef: 'GITHUB_HEAD_REF',
  RunId: 'GITHUB_RUN_ID',
  Job: 'GITHUB_JOB',
  TriggeringActor: 'GITHUB_TRIGGERING_ACTOR',
} as const;

// https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
const FORBIDDEN = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const [KEY_LIMIT, VALUE_LIMIT, COUNT_LIMIT] = [128, 256, 50];

const tagsFrom = (sources: Readonly<Record<string, string>>, variables: Variables): readonly Tag[] =>
  Object.entries(sources).flatMap(([key, variable]) => {
    const value = variables[variable];
    return value ? [{ key, value: value.replaceAll(FORBIDDEN, '_').slice(0, VALUE_LIMIT) }] : [];
  });

const reserved = new Set(['github', ...Object.keys({ ...ORIGIN, ...CIRCUMSTANCE }).map((key) => key.toLowerCase())]);

const invalid = (tag: string, rule: string): DeliveryError =>
  new DeliveryError('invalid-input', `input 'tags': '${tag}' ${rule}`);

const checkedTag = ([key, value]: readonly [string, string]): Tag => {
  if (key === '' || key.length > KEY_LIMIT) throw invalid(key, `is not a key of 1 to ${KEY_LIMIT} characters`);
  if (value.length > VALUE_LIMIT) throw invalid(key, `has a value longer than ${VALUE_LIMIT} characters`);
  if ((key + value).search(FORBIDDEN) !== -1) {
    throw invalid(key, 'holds a character that tags cannot: allowed are letters, digits, blanks and _.:/=+-@');
  }
  if (reserved.has(key.toLowerCase())) throw invalid(key, 'is set from the workflow itself: choose another key');
  return { key, value };
};

const NONE: SessionTags = { own: [], origin: [], circumstance: [], transitive: [] };

/** The tags for roles assumed with credentials. Outside of GitHub there are none but those asked for. */
export const sessionTagsIn = (inputs: OidcInputs, variables: Variables): SessionTags => {
  const own = Object.entries(inputs.tags ?? {}).map(checkedTag);
  if (inputs['role-skip-session-tagging']) return NONE;
  const onGitHub = tagsFrom(ORIGIN, variables);
  const origin = onGitHub.length === 0 ? [] : [{ key: 'GitHub', value: 'Actions' }, ...onGitHub];
  const circumstance = tagsFrom(CIRCUMSTANCE, variables);
  const count = own.length + origin.length + circumstance.length;
  if (count > COUNT_LIMIT)
    throw invalid(`${own.length} tags`, `make ${count} with the workflow's own: AWS takes ${COUNT_LIMIT}`);
  return { own, origin, circumstance, transitive: inputs['transitive-tag-keys'] ?? [] };
};

/** The tags to send at a level. */
export const tagsAt = ({ own, origin, circumstance }: SessionTags, level: TagLevel): readonly Tag[] => {
  if (level === 'own') return own;
  return level === 'all' ? [...origin, ...circumstance, ...own] : [...origin, ...own];
};

/** The next lower level at which fewer tags are sent; undefined when none is left to drop. */
export const levelBelow = (tags: SessionTags, level: TagLevel): TagLevel | undefined => {
  if (level === 'all' && tags.circumstance.length > 0) return 'without-circumstance';
  return level !== 'own' && tags.origin.length > 0 ? 'own' : undefined;
};

/** What is left for a role after one to which transitive tags were given: AWS adds those itself and takes them from nobody. */
export const afterTransitive = (tags: SessionTags): SessionTags => {
  const carried = new Set(tags.transitive.map((key) => key.toLowerCase()));
  const rest = (group: readonly Tag[]): readonly Tag[] => group.filter(({ key }) => !carried.has(key.toLowerCase()));
  return { own: rest(tags.own), origin: rest(tags.origin), circumstance: rest(tags.circumstance), transitive: [] };
};
