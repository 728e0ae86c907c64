import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toDeliveryError } from '@aws-delivery/aws/error';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretsRequest } from '../inputs/parse-request.js';
import { expandSecret, type SecretSelector, type SecretVariable, toVariableName } from './secret-selector.js';

/** Name and current value of a secret. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** The operations of Secrets Manager in use. */
export interface SecretStore {
  /** Names that start with the prefix. */
  listNames(prefix: string): Promise<readonly string[]>;
  /** A secret by name or ARN; undefined when it does not exist. */
  readSecret(id: string): Promise<Secret | undefined>;
}

/** Decodes a binary secret; bytes other than UTF-8 would change in a variable. */
const decodeBinary = (bytes: Uint8Array | undefined, id: string): string => {
  try {
    if (bytes !== undefined) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DeliveryError(
      'rejected',
      `secret '${id}' is not valid UTF-8 and cannot be exported as a variable: remove it from 'secret-ids'`,
      { cause },
    );
  }
  throw new DeliveryError(
    'unexpected',
    `GetSecretValue of '${id}' returned no value: check the Secrets Manager endpoint`,
  );
};

/** Secrets Manager through the SDK, which is loaded on first use. */
export class SecretsManagerStore implements SecretStore {
  constructor(private readonly createClient: () => Promise<SecretsManagerClient>) {}

  async listNames(prefix: string): Promise<readonly string[]> {
    const { paginateListSecrets } = await import('@aws-sdk/client-secrets-manager');
    const input = { Filters: [{ Key: 'name' as const, Values: [prefix] }] };
    const names: string[] = [];
    try {
      for await (const page of paginateListSecrets({ client: await this.createClient() }, input)) {
        names.push(...(page.SecretList ?? []).flatMap(({ Name }) => Name ?? []));
      }
    } catch (error) {
      throw toDeliveryError(error, `ListSecrets for '${prefix}*'`);
    }
    // The filter of ListSecrets may ignore case; the prefix is case-sensitive.
    return names.filter((name) => name.startsWith(prefix));
  }

  async readSecret(id: string): Promise<Secret | undefined> {
    const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    try {
      const response = await (await this.createClient()).send(new GetSecretValueCommand({ SecretId: id }));
      return { name: response.Name ?? id, value: response.SecretString ?? decodeBinary(response.SecretBinary, id) };
    } catch (error) {
      if (hasErrorCode(error, 'ResourceNotFound')) return undefined;
      throw toDeliveryError(error, `GetSecretValue of '${id}'`);
    }
  }
}

export interface SecretServices {
  readonly store: SecretStore;
  readonly env: Env;
  readonly mask: (secret: string) => void;
}

interface SecretRef {
  readonly id: string;
  readonly variable: string | undefined;
}

const resolveSelector = async (selector: SecretSelector, store: SecretStore): Promise<readonly SecretRef[]> => {
  if (selector.kind === 'single') return [selector];
  const names = await store.listNames(selector.id);
  if (names.length === 0) {
    throw new DeliveryError('not-found', `no secret starts with '${selector.id}': correct 'secret-ids'`);
  }
  if (selector.variable === undefined || names.length === 1) {
    return names.map((id) => ({ id, variable: selector.variable }));
  }
  throw new DeliveryError(
    'invalid-input',
    `input 'secret-ids': '${selector.id}*' matches ${names.length} secrets, but ${selector.variable} can contain only one: remove '${selector.variable},'`,
  );
};

const fetchSecret = async ({ id, variable }: SecretRef, { store, mask }: SecretServices): Promise<SecretVariable> => {
  const secret = await store.readSecret(id);
  if (secret === undefined) {
    throw new DeliveryError('not-found', `secret '${id}' not found in this account and Region: correct 'secret-ids'`);
  }
  mask(secret.value);
  return { name: variable ?? toVariableName(secret.name), value: secret.value, secret: secret.name };
};

/** @throws DeliveryError `conflict` when two secrets set one variable, or a secret an existing or reserved one */
const assertNamesFree = (secretVariables: readonly SecretVariable[], env: Env): void => {
  const claimed = new Map<string, SecretVariable>();
  for (const secret of secretVariables) {
    const owner = claimed.get(secret.name);
    const inUse = Boolean(env[secret.name]) && env[secret.name] !== secret.value;
    const reserved = /^(?:AWS|GITHUB|RUNNER|ACTIONS|INPUT)_|^(?:PATH|NODE_OPTIONS|LD_PRELOAD|BASH_ENV)$/u.test(
      secret.name,
    );
    if (owner === undefined && !inUse && !reserved) {
      claimed.set(secret.name, secret);
      continue;
    }
    const conflict =
      owner === undefined ? (reserved ? 'is reserved' : 'is already set') : `is also set by secret '${owner.secret}'`;
    throw new DeliveryError(
      'conflict',
      `secret '${secret.secret}' would set ${secret.name}, which ${conflict}: choose another variable with 'VARIABLE, ${secret.secret}'`,
    );
  }
};

/**
 * Fetches the secrets and masks every value.
 * @throws DeliveryError for a secret that is missing, cannot be read, or collides with another variable
 */
export const fetchSecrets = async (
  { selectors, form }: SecretsRequest,
  services: SecretServices,
): Promise<readonly SecretVariable[]> => {
  const secretRefs = (await Promise.all(selectors.map((selector) => resolveSelector(selector, services.store)))).flat();
  const distinct = new Map(secretRefs.map((secretRef) => [`${secretRef.variable ?? ''},${secretRef.id}`, secretRef]));
  const secrets = await Promise.all([...distinct.values()].map((secretRef) => fetchSecret(secretRef, services)));
  const secretVariables = secrets.flatMap((secret) => expandSecret(secret, form));
  for (const { value } of secretVariables) services.mask(value);
  assertNamesFree(secretVariables, services.env);
  return secretVariables;
};
