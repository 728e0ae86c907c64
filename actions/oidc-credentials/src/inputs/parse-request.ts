import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getPartition } from '@aws-delivery/aws/region';
import type { OidcInputs } from '../../action.js';
import { type ExportTarget, parseExportTarget } from '../export/export-target.js';
import { PARAMETER_INPUT, type ParametersRequest } from '../parameters/fetch-parameters.js';
import { parseRoleChain, type RoleStep } from '../role/role-step.js';
import { parseSessionTags, type SessionTags } from '../role/session-tags.js';
import { SECRET_INPUT, type SecretsRequest } from '../secrets/fetch-secrets.js';
import { type CredentialSource, parseCredentialSource } from '../token/credential-source.js';
import { parseSelectors } from '../variables/selector.js';

/** Conditions that are checked before the export. */
export interface Guards {
  /** Allowed accounts; empty allows any. */
  readonly accounts: readonly string[];
  readonly partition: string;
  readonly accountInLog: 'shown' | 'masked';
}

/** Limits of retries. */
export interface RetryPolicy {
  /** Seconds; infinite for no limit. */
  readonly timeout: number;
  /** Attempts per call, at least 1; may be infinite. */
  readonly maxAttempts: number;
}

/** The inputs, parsed and validated against each other. */
export interface Request {
  readonly region: string;
  /** Whether to keep existing credentials that work. */
  readonly existing: 'keep' | 'replace';
  readonly source: CredentialSource;
  /** Roles to assume with credentials, after the one that is assumed with a token. */
  readonly roleSteps: readonly RoleStep[];
  /** Account of roles that are given by name. */
  readonly account: string | undefined;
  readonly tags: SessionTags;
  /** `plain`: only keys of letters and digits. */
  readonly keys: 'any' | 'plain';
  readonly guards: Guards;
  readonly expectedSubjects: readonly string[];
  readonly exportTarget: ExportTarget;
  /** Whether to unset keys in the environment, even when no others are exported. */
  readonly currentCredentials: 'keep' | 'unset';
  readonly secrets: SecretsRequest;
  readonly parameters: ParametersRequest;
  readonly retryPolicy: RetryPolicy;
}

const validateRegion = (region: string): string => {
  if (/^[a-z0-9-]+$/u.test(region)) return region;
  throw new DeliveryError(
    'invalid-input',
    `input 'aws-region': '${region}' is not a valid Region, for example eu-central-1`,
  );
};

const validateAccountId = (input: string, account: string): string => {
  if (/^\d{12}$/u.test(account)) return account;
  throw new DeliveryError(
    'invalid-input',
    `input '${input}': '${account}' is not an account ID: it must have 12 digits`,
  );
};

const parseRetryPolicy = (inputs: OidcInputs): RetryPolicy => {
  const timeout = inputs.timeout === 0 ? Number.POSITIVE_INFINITY : inputs.timeout;
  if (inputs['special-characters-workaround']) return { timeout, maxAttempts: Number.POSITIVE_INFINITY };
  return { timeout, maxAttempts: inputs['disable-retry'] ? 1 : Math.max(1, inputs['retry-max-attempts']) };
};

const parseGuards = (inputs: OidcInputs): Guards => ({
  accounts: (inputs['allowed-account-ids'] ?? []).map((account) => validateAccountId('allowed-account-ids', account)),
  partition: getPartition(inputs['aws-region']),
  accountInLog: inputs['mask-aws-account-id'] ? 'masked' : 'shown',
});

/**
 * Parses the inputs.
 * @throws DeliveryError `invalid-input` or `missing` for values and combinations without a meaning
 */
export const parseRequest = (inputs: OidcInputs, env: Env): Request => {
  const roleSteps = parseRoleChain(inputs);
  const source = parseCredentialSource(inputs, env, roleSteps);
  const account = inputs['account-id'];
  const transformation = inputs['name-transformation'];
  return {
    region: validateRegion(inputs['aws-region']),
    existing: inputs['use-existing-credentials'] ? 'keep' : 'replace',
    source,
    roleSteps: source.kind === 'token' ? roleSteps.slice(1) : roleSteps,
    account: account === undefined ? undefined : validateAccountId('account-id', account),
    tags: parseSessionTags(inputs, env),
    keys: inputs['special-characters-workaround'] ? 'plain' : 'any',
    guards: parseGuards(inputs),
    expectedSubjects: inputs['expected-subjects'] ?? [],
    exportTarget: parseExportTarget(inputs, { source, roleSteps, env }),
    currentCredentials: inputs['unset-current-credentials'] ? 'unset' : 'keep',
    secrets: {
      selectors: parseSelectors(SECRET_INPUT, inputs['secret-ids'] ?? [], transformation),
      form: inputs['parse-json-secrets'] ? 'members' : 'whole',
      transformation,
    },
    parameters: {
      selectors: parseSelectors(PARAMETER_INPUT, inputs['parameter-names'] ?? [], transformation),
      transformation,
    },
    retryPolicy: parseRetryPolicy(inputs),
  };
};
