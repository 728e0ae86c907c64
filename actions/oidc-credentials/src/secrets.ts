import { isCode, toDeliveryError } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretsRequest } from './request.js';
import { type SecretSelector, type SecretVariable, variableName, variablesOf } from './secret-name.js';

/** A secret as Secrets Manager keeps it. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** What is needed of Secrets Manager. */
export interface SecretStore {
  /** The names that begin with the prefix. */
  list(prefix: string): Promise<readonly string[]>;
  /** The current value, by name or ARN; undefined where there is no such secret. */
  read(id: string): Promise<Secret | undefined>;
}

/** A variable holds text: bytes that are none would arrive as something else. */
const textIn = (bytes: Uint8Array | undefined, id: string): string => {
  try {
    if (bytes !== undefined) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DeliveryError('refused', `secret '${id}' is binary and no text: a variable cannot hold it`, { cause });
  }
  throw new DeliveryError('unexpected', `GetSecretValue of '${id}' answered without a value: is the endpoint right?`);
};

/** A store over a client that is loaded when the first secret is asked for. */
export class SecretsManager implements SecretStore {
  constructor(private readonly connect: () => Promise<SecretsManagerClient>) {}

  async list(prefix: string): Promise<readonly string[]> {
    const { paginateListSecrets } = await import('@aws-sdk/client-secrets-manager');
    const input = { Filters: [{ Key: 'name' as const, Values: [prefix] }] };
    const names: string[] = [];
    try {
      for await (const page of paginateListSecrets({ client: await this.connect() }, input)) {
        names.push(...(page.SecretList ?? []).flatMap(({ Name }) => Name ?? []));
      }
    } catch (error) {
      throw toDeliveryError(error, `ListSecrets for '${prefix}*'`);
    }
    // The filter's own comparison ignores case in places; a prefix here is meant literally.
    return names.filter((name) => name.startsWith(prefix));
  }

  async read(id: string): Promise<Secret | undefined> {
    const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    try {
      const answer = await (await this.connect()).send(new GetSecretValueCommand({ SecretId: id }));
      return { name: answer.Name ?? id, value: answer.SecretString ?? textIn(answer.SecretBinary, id) };
    } catch (error) {
      if (isCode(error, 'ResourceNotFound')) return undefined;
      throw toDeliveryError(error, `GetSecretValue of '${id}'`);
    }
  }
}

export interface SecretServices {
  readonly store: SecretStore;
  readonly variables: Variables;
  readonly mask: (secret: string) => void;
}

interface Wanted {
  readonly id: string;
  readonly variable: string | undefined;
}

const wantedBy = async (selector: SecretSelector, store: SecretStore): Promise<readonly Wanted[]> => {
  if (selector.kind === 'one') return [selector];
  const names = await store.list(selector.id);
  if (names.length === 0) {
    throw new DeliveryError('not-found', `no secret's name begins with '${selector.id}': correct 'secret-ids'`);
  }
  if (selector.variable === undefined || names.length === 1) {
    return names.map((id) => ({ id, variable: selector.variable }));
  }
  throw new DeliveryError(
    'invalid-input',
    `'${selector.id}*' fits ${names.length} secrets and one variable cannot hold them: drop '${selector.variable},'`,
  );
};

const fetched = async ({ id, variable }: Wanted, { store, mask }: SecretServices): Promise<SecretVariable> => {
  const secret = await store.read(id);
  if (secret === undefined) {
    throw new DeliveryError('not-found', `there is no secret '${id}' in this account and Region: correct 'secret-ids'`);
  }
  mask(secret.value);
  return { name: variable ?? variableName(secret.name), value: secret.value, secret: secret.name };
};

/** One variable, one value: neither two secrets nor the job's own variables may collide. */
const checkNames = (found: readonly SecretVariable[], variables: Variables): void => {
  const taken = new Map<string, SecretVariable>();
  for (const secret of found) {
    const other = taken.get(secret.name);
    const inUse = Boolean(variables[secret.name]) && variables[secret.name] !== secret.value;
    const reserved = /^(?:AWS|GITHUB|RUNNER|ACTIONS|INPUT)_|^(?:PATH|NODE_OPTIONS|LD_PRELOAD|BASH_ENV)$/u.test(
      secret.name,
    );
    if (other === undefined && !inUse && !reserved) {
      taken.set(secret.name, secret);
      continue;
    }
    const by = other === undefined ? 'something else' : `secret '${other.secret}'`;
    throw new DeliveryError(
      'conflict',
      `secret '${secret.secret}' would set ${secret.name}, which belongs to ${by}: write 'VARIABLE, ${secret.secret}'`,
    );
  }
};

/**
 * Fetches the secrets that are asked for and masks every value. Throws a DeliveryError for one that is missing, may
 * not be read, or collides with another variable.
 */
export const fetchSecrets = async (
  { selectors, form }: SecretsRequest,
  services: SecretServices,
): Promise<readonly SecretVariable[]> => {
  const wanted = (await Promise.all(selectors.map((selector) => wantedBy(selector, services.store)))).flat();
  const distinct = new Map(wanted.map((one) => [`${one.variable ?? ''},${one.id}`, one]));
  const secrets = await Promise.all([...distinct.values()].map((one) => fetched(one, services)));
  const found = secrets.flatMap((secret) => variablesOf(secret, form));
  for (const { value } of found) services.mask(value);
  checkNames(found, services.variables);
  return found;
};
