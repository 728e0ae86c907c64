import { parseDuration } from '@aws-delivery/action-kit/inputs/parse';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { OidcInputs } from '../../action.js';

/** Session policies: the inline one as JSON, managed ones by ARN. */
export interface SessionPolicies {
  readonly inline: string | undefined;
  readonly managed: readonly string[];
}

/** One role to assume. */
export interface RoleStep {
  /** An ARN, or a name that needs an account. */
  readonly role: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  readonly externalId: string | undefined;
  readonly policies: SessionPolicies;
}

/** AWS's limit for the session of a role that is assumed with another role's session. */
export const MAX_CHAINED_SESSION_SECONDS = 3600;

const NO_POLICIES: SessionPolicies = { inline: undefined, managed: [] };

// Limits of DurationSeconds in AssumeRole.
const [MIN_SESSION_SECONDS, MAX_SESSION_SECONDS] = [900, 43_200];

const [MIN_SESSION_NAME_LENGTH, MAX_SESSION_NAME_LENGTH] = [2, 64];

/**
 * Converts a text to a valid session name (2 to 64 of `\w+=,.@-`): replaces other characters by `-` and truncates.
 * @throws DeliveryError `invalid-input` for a name that is too short
 */
const toSessionName = (raw: string): string => {
  const name = raw.replaceAll(/[^A-Za-z0-9_+=,.@-]+/gu, '-').slice(0, MAX_SESSION_NAME_LENGTH);
  if (name.length >= MIN_SESSION_NAME_LENGTH) return name;
  throw new DeliveryError('invalid-input', `session name '${raw}' is too short: use at least two characters`);
};

const createInputError = (input: string, value: string, rule: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `input '${input}': '${value}' ${rule}`, { cause });

const validateDuration = (input: string, seconds: number): number => {
  if (seconds >= MIN_SESSION_SECONDS && seconds <= MAX_SESSION_SECONDS) return seconds;
  throw createInputError(input, `${seconds}s`, 'is out of range: use a duration from 15m to 12h');
};

const validateRole = (input: string, role: string): string => {
  const isArn = /^arn:[^:\s]+:iam::\d*:role\/\S+$/u.test(role);
  const isName = /^\/?[\w+=,.@/-]+$/u.test(role);
  if (isArn || isName) return role;
  throw createInputError(
    input,
    role,
    'is not a valid role: use a role ARN (arn:aws:iam::111122223333:role/name) or a role name',
  );
};

const CHAIN_INPUT = 'role-chain';
const ROLE_KEYS = ['role-arn', 'external-id', 'duration', 'session-name'] as const;

/** An entry of `role-chain` as written. */
type RawRoleStep = Partial<Record<(typeof ROLE_KEYS)[number], string>>;

const isRoleKey = (key: string): key is (typeof ROLE_KEYS)[number] => ROLE_KEYS.some((knownKey) => knownKey === key);

const parseRawRoleStep = (item: unknown): RawRoleStep => {
  if (typeof item === 'string') return { 'role-arn': item };
  if (!isRecord(item))
    throw createInputError(
      CHAIN_INPUT,
      JSON.stringify(item),
      "is not a role: use an ARN, a name or a mapping with 'role-arn'",
    );
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => {
      if (!isRoleKey(key))
        throw createInputError(CHAIN_INPUT, key, `is not a supported key: use ${ROLE_KEYS.join(', ')}`);
      if (typeof value === 'string') return [key, value];
      throw createInputError(CHAIN_INPUT, key, 'must be a string');
    }),
  );
};

const parseSessionDuration = (raw: string): number => {
  try {
    return validateDuration(CHAIN_INPUT, parseDuration(raw));
  } catch (error) {
    if (error instanceof DeliveryError && error.message.startsWith('input')) throw error;
    throw new DeliveryError('invalid-input', `input '${CHAIN_INPUT}': ${errorMessage(error)}`, { cause: error });
  }
};

const listChainItems = (chain: unknown): readonly unknown[] => {
  if (chain === undefined || chain === null) return [];
  // YAML reads lines of ARNs as one folded string.
  if (typeof chain === 'string') return chain.split(/[\s,]+/u).filter((role) => role !== '');
  return Array.isArray(chain) ? chain : [chain];
};

type RoleStepDefaults = Omit<RoleStep, 'role' | 'policies'>;

const parseChainedRole = (item: unknown, defaults: RoleStepDefaults): RoleStep => {
  const { 'role-arn': role, 'external-id': externalId, duration, 'session-name': name } = parseRawRoleStep(item);
  if (role === undefined) throw createInputError(CHAIN_INPUT, JSON.stringify(item), "has no role: add 'role-arn'");
  return {
    role: validateRole(CHAIN_INPUT, role),
    externalId: externalId ?? defaults.externalId,
    duration: duration === undefined ? defaults.duration : parseSessionDuration(duration),
    sessionName: name === undefined ? defaults.sessionName : toSessionName(name),
    policies: NO_POLICIES,
  };
};

const parseSessionPolicies = (inputs: OidcInputs): SessionPolicies => {
  const inline = inputs['inline-session-policy'];
  if (inline !== undefined && !isRecord(inline)) {
    throw createInputError(
      'inline-session-policy',
      String(inline),
      'is not a policy: use a JSON object with a Statement',
    );
  }
  return {
    inline: inline === undefined ? undefined : JSON.stringify(inline),
    managed: inputs['managed-session-policies'] ?? [],
  };
};

/**
 * Parses the roles to assume, in order: `role-arn`, then those of `role-chain`. Session policies apply to the last
 * role: on an earlier one they would have to allow assuming the next.
 */
export const parseRoleChain = (inputs: OidcInputs): readonly RoleStep[] => {
  const defaults: RoleStepDefaults = {
    sessionName: toSessionName(inputs['role-session-name']),
    duration: validateDuration('role-duration', inputs['role-duration']),
    externalId: inputs['role-external-id'],
  };
  const role = inputs['role-arn'];
  const firstSteps =
    role === undefined ? [] : [{ ...defaults, role: validateRole('role-arn', role), policies: NO_POLICIES }];
  const roleSteps = [
    ...firstSteps,
    ...listChainItems(inputs['role-chain']).map((item) => parseChainedRole(item, defaults)),
  ];
  const policies = parseSessionPolicies(inputs);
  return roleSteps.map((roleStep, index) => (index === roleSteps.length - 1 ? { ...roleStep, policies } : roleStep));
};

/**
 * The ARN of a role that is given by ARN or by name (with its path).
 * @throws DeliveryError `missing` for a name without an account
 */
export const resolveRoleArn = (role: string, partition: string, account: string | undefined): string => {
  if (role.startsWith('arn:')) return role;
  if (account !== undefined) return `arn:${partition}:iam::${account}:role/${role.replace(/^\//u, '')}`;
  throw new DeliveryError('missing', `role '${role}' has no account: use its ARN, or set 'account-id'`);
};
