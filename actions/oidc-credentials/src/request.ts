import { partitionOf } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { OidcInputs } from '../action.js';
import { type Destination, destinationIn } from './destination.js';
import { type Hop, hopsIn } from './hop.js';
import { type SecretSelector, selectorsIn } from './secret-name.js';
import { type SessionTags, sessionTagsIn } from './session-tags.js';
import { type Source, sourceIn } from './source.js';

/** What must hold before anything is exported. */
export interface Guards {
  /** Empty: any account. */
  readonly accounts: readonly string[];
  readonly partition: string;
  readonly accountInLog: 'shown' | 'masked';
}

/** How long and how often is tried. */
export interface Patience {
  /** Seconds; infinite for no limit. */
  readonly timeout: number;
  /** Calls of one kind, at least 1. */
  readonly attempts: number;
}

export interface SecretsRequest {
  readonly selectors: readonly SecretSelector[];
  readonly form: 'whole' | 'members';
}

/** What is asked for; peers' names and rules across inputs end here. */
export interface Request {
  readonly region: string;
  /** What to do with credentials that are in place and work. */
  readonly existing: 'keep' | 'replace';
  readonly source: Source;
  /** Roles to assume with credentials, after the one that a token leads to. */
  readonly hops: readonly Hop[];
  /** The account of roles given by name. */
  readonly account: string | undefined;
  readonly tags: SessionTags;
  /** Which keys will do: any, or only those with letters and digits. */
  readonly keys: 'any' | 'plain';
  readonly guards: Guards;
  readonly expectedSubjects: readonly string[];
  readonly destination: Destination;
  /** Whether keys in the environment are blanked even where no others take their place. */
  readonly leftovers: 'kept' | 'blanked';
  readonly secrets: SecretsRequest;
  readonly patience: Patience;
}

const checkedRegion = (region: string): string => {
  if (/^[a-z0-9-]+$/u.test(region)) return region;
  throw new DeliveryError('invalid-input', `input 'aws-region': '${region}' is not a Region such as eu-central-1`);
};

const checkedAccount = (input: string, account: string): string => {
  if (/^\d{12}$/u.test(account)) return account;
  throw new DeliveryError('invalid-input', `input '${input}': '${account}' is not an account id of 12 digits`);
};

const patienceIn = (inputs: OidcInputs): Patience => {
  const timeout = inputs.timeout === 0 ? Number.POSITIVE_INFINITY : inputs.timeout;
  if (inputs['special-characters-workaround']) return { timeout, attempts: Number.POSITIVE_INFINITY };
  return { timeout, attempts: inputs['disable-retry'] ? 1 : Math.max(1, inputs['retry-max-attempts']) };
};

const guardsIn = (inputs: OidcInputs): Guards => ({
  accounts: (inputs['allowed-account-ids'] ?? []).map((account) => checkedAccount('allowed-account-ids', account)),
  partition: partitionOf(inputs['aws-region']),
  accountInLog: inputs['mask-aws-account-id'] ? 'masked' : 'shown',
});

/** Turns flat inputs into what is asked for. Throws a DeliveryError for values and combinations that cannot be meant. */
export const request = (inputs: OidcInputs, variables: Variables): Request => {
  const hops = hopsIn(inputs);
  const source = sourceIn(inputs, variables, hops);
  const account = inputs['account-id'];
  return {
    region: checkedRegion(inputs['aws-region']),
    existing: inputs['use-existing-credentials'] ? 'keep' : 'replace',
    source,
    hops: source.kind === 'token' ? hops.slice(1) : hops,
    account: account === undefined ? undefined : checkedAccount('account-id', account),
    tags: sessionTagsIn(inputs, variables),
    keys: inputs['special-characters-workaround'] ? 'plain' : 'any',
    guards: guardsIn(inputs),
    expectedSubjects: inputs['expected-subjects'] ?? [],
    destination: destinationIn(inputs, { source, hops, variables }),
    leftovers: inputs['unset-current-credentials'] ? 'blanked' : 'kept',
    secrets: {
      selectors: selectorsIn(inputs['secret-ids'] ?? []),
      form: inputs['parse-json-secrets'] ? 'members' : 'whole',
    },
    patience: patienceIn(inputs),
  };
};
