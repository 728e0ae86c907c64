import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toDeliveryError } from '@aws-delivery/aws/error';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ExportedVariable } from '../variables/exported-variable.js';
import { assertOneVariable, type Selector, type SelectorInput } from '../variables/selector.js';
import { type NameTransformation, toVariableName } from '../variables/variable-name.js';
import { type ExpansionOptions, expandSecret } from './expand-secret.js';

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
  readonly mask: (secret: string) => void;
}

/** The secrets to export. */
export interface SecretsRequest extends ExpansionOptions {
  readonly selectors: readonly Selector[];
}

// A shorter prefix would match many secrets by mistake.
const MIN_PREFIX_LENGTH = 3;

/** The input `secret-ids`. */
export const SECRET_INPUT: SelectorInput = {
  name: 'secret-ids',
  item: 'secret',
  checkPrefix: (prefix) =>
    prefix.length < MIN_PREFIX_LENGTH
      ? `is not a valid prefix: use at least ${MIN_PREFIX_LENGTH} characters before the *`
      : undefined,
};

interface SecretRef {
  readonly id: string;
  readonly variable: string | undefined;
}

const resolveSelector = async (selector: Selector, store: SecretStore): Promise<readonly SecretRef[]> => {
  const { kind, id, variable } = selector;
  if (kind === 'single') return [selector];
  const names = await store.listNames(id);
  if (names.length === 0) {
    throw new DeliveryError('not-found', `no secret starts with '${id}': correct 'secret-ids'`);
  }
  assertOneVariable(SECRET_INPUT, selector, names.length);
  return names.map((name) => ({ id: name, variable }));
};

/** The variable of a secret as a whole. */
const fetchSecret = async (
  { id, variable }: SecretRef,
  transformation: NameTransformation,
  { store, mask }: SecretServices,
): Promise<ExportedVariable> => {
  const secret = await store.readSecret(id);
  if (secret === undefined) {
    throw new DeliveryError('not-found', `secret '${id}' not found in this account and Region: correct 'secret-ids'`);
  }
  const { name, value } = secret;
  mask(value);
  return { name: variable || toVariableName(name, transformation), value, item: 'secret', id: name };
};

/**
 * Fetches the secrets and masks every value.
 * @throws DeliveryError for a secret that is missing or cannot be read
 */
export const fetchSecrets = async (
  request: SecretsRequest,
  services: SecretServices,
): Promise<readonly ExportedVariable[]> => {
  const { selectors, transformation } = request;
  const secretRefs = (await Promise.all(selectors.map((selector) => resolveSelector(selector, services.store)))).flat();
  const distinct = new Map(secretRefs.map((secretRef) => [`${secretRef.variable},${secretRef.id}`, secretRef]));
  const variables = await Promise.all(
    [...distinct.values()].map(async (secretRef) => {
      const secret = await fetchSecret(secretRef, transformation, services);
      // With nothing before the comma of `,secret`, members have their own name alone.
      return expandSecret(secret, request, secretRef.variable === '' ? '' : undefined);
    }),
  );
  for (const { value } of variables.flat()) services.mask(value);
  return variables.flat();
};
