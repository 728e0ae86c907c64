import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { isMapping, parseDuration } from '@aws-delivery/action-kit/parse';
import type { OidcInputs } from '../action.js';
import { sessionName } from './session-name.js';

/** Policies that narrow a session: the inline one as JSON text, managed ones by ARN. */
export interface SessionPolicies {
  readonly inline: string | undefined;
  readonly managed: readonly string[];
}

/** One role to assume. */
export interface Hop {
  /** An ARN, or a name that needs an account. */
  readonly role: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  readonly externalId: string | undefined;
  readonly policies: SessionPolicies;
}

/** AWS's limit for a session that was assumed from another role's session, in seconds. */
export const CHAINED_LIMIT = 3600;

const NO_POLICIES: SessionPolicies = { inline: undefined, managed: [] };

/** Limits of AssumeRole's DurationSeconds. */
const [SHORTEST, LONGEST] = [900, 43_200];

const invalid = (input: string, value: string, rule: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `input '${input}': '${value}' ${rule}`, { cause });

const checkedDuration = (input: string, seconds: number): number => {
  if (seconds >= SHORTEST && seconds <= LONGEST) return seconds;
  throw invalid(input, `${seconds}s`, 'is outside of what AWS allows: write a duration from 15m to 12h');
};

const checkedRole = (input: string, role: string): string => {
  const isArn = /^arn:[^:\s]+:iam::\d*:role\/\S+$/u.test(role);
  const isName = /^\/?[\w+=,.@/-]+$/u.test(role);
  if (isArn || isName) return role;
  throw invalid(input, role, 'is neither the ARN of a role (arn:aws:iam::111122223333:role/name) nor the name of one');
};

const CHAIN = 'role-chain';
const KEYS = ['role-arn', 'external-id', 'duration', 'session-name'] as const;

/** What a chain's member gives of its own. */
type Given = Partial<Record<(typeof KEYS)[number], string>>;

const isKey = (key: string): key is (typeof KEYS)[number] => KEYS.some((known) => known === key);

const givenIn = (item: unknown): Given => {
  if (typeof item === 'string') return { 'role-arn': item };
  if (!isMapping(item)) throw invalid(CHAIN, JSON.stringify(item), 'is neither a role nor a mapping with role-arn');
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => {
      if (!isKey(key)) throw invalid(CHAIN, key, `is not a key of a role: known are ${KEYS.join(', ')}`);
      if (typeof value === 'string') return [key, value];
      throw invalid(CHAIN, key, 'has a value that is not text');
    }),
  );
};

const durationIn = (text: string): number => {
  try {
    return checkedDuration(CHAIN, parseDuration(text));
  } catch (error) {
    throw error instanceof DeliveryError && error.message.startsWith('input')
      ? error
      : invalid(CHAIN, text, `is not a duration of a role: ${textOf(error)}`, error);
  }
};

const itemsIn = (chain: unknown): readonly unknown[] => {
  if (chain === undefined || chain === null) return [];
  // Plain lines of ARNs are one folded text in YAML.
  if (typeof chain === 'string') return chain.split(/[\s,]+/u).filter((role) => role !== '');
  return Array.isArray(chain) ? chain : [chain];
};

type Defaults = Omit<Hop, 'role' | 'policies'>;

const chainedHop = (item: unknown, defaults: Defaults): Hop => {
  const { 'role-arn': role, 'external-id': externalId, duration, 'session-name': name } = givenIn(item);
  if (role === undefined) throw invalid(CHAIN, JSON.stringify(item), 'names no role: add role-arn');
  return {
    role: checkedRole(CHAIN, role),
    externalId: externalId ?? defaults.externalId,
    duration: duration === undefined ? defaults.duration : durationIn(duration),
    sessionName: name === undefined ? defaults.sessionName : sessionName(name),
    policies: NO_POLICIES,
  };
};

const policiesIn = (inputs: OidcInputs): SessionPolicies => {
  const inline = inputs['inline-session-policy'];
  if (inline !== undefined && !isMapping(inline)) {
    throw invalid('inline-session-policy', String(inline), 'is not a policy: write a JSON object with a Statement');
  }
  return {
    inline: inline === undefined ? undefined : JSON.stringify(inline),
    managed: inputs['managed-session-policies'] ?? [],
  };
};

/**
 * The roles to assume, in order: `role-arn`, then those of `role-chain`. Session policies belong to the last one: on
 * an earlier one they would only take away the right to go on.
 */
export const hopsIn = (inputs: OidcInputs): readonly Hop[] => {
  const defaults: Defaults = {
    sessionName: sessionName(inputs['role-session-name']),
    duration: checkedDuration('role-duration', inputs['role-duration']),
    externalId: inputs['role-external-id'],
  };
  const role = inputs['role-arn'];
  const first = role === undefined ? [] : [{ ...defaults, role: checkedRole('role-arn', role), policies: NO_POLICIES }];
  const hops = [...first, ...itemsIn(inputs['role-chain']).map((item) => chainedHop(item, defaults))];
  const policies = policiesIn(inputs);
  return hops.map((hop, index) => (index === hops.length - 1 ? { ...hop, policies } : hop));
};

/** The role's ARN; a name is a role of the given account, and may start with its path. */
export const roleArn = (role: string, partition: string, account: string | undefined): string => {
  if (role.startsWith('arn:')) return role;
  if (account !== undefined) return `arn:${partition}:iam::${account}:role/${role.replace(/^\//u, '')}`;
  throw new DeliveryError('missing', `role '${role}' is a name without an account: write its ARN, or add 'account-id'`);
};

/** The account in an ARN; an empty text where there is none. */
export const accountIn = (arn: string): string => arn.split(':')[4] ?? '';
