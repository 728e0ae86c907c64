import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** A variable with the value of a secret or parameter. */
export interface ExportedVariable {
  readonly name: string;
  readonly value: string;
  readonly item: 'secret' | 'parameter';
  /** Name of the secret or parameter. */
  readonly id: string;
}

// Names in any case: Windows ignores it.
const RESERVED = /^(?:AWS|GITHUB|RUNNER|ACTIONS|INPUT)_|^(?:PATH|NODE_OPTIONS|LD_PRELOAD|BASH_ENV)$/iu;

const findConflict = (
  { name, value }: ExportedVariable,
  owner: ExportedVariable | undefined,
  env: Env,
): string | undefined => {
  if (RESERVED.test(name)) return 'is reserved';
  if (owner !== undefined) return `is also set by ${owner.item} '${owner.id}'`;
  return env[name] && env[name] !== value ? 'is already set' : undefined;
};

/** @throws DeliveryError `conflict` when two items set one variable, or an item an existing or reserved one */
export const assertNamesFree = (variables: readonly ExportedVariable[], env: Env): void => {
  const owners = new Map<string, ExportedVariable>();
  for (const variable of variables) {
    const { name, item, id } = variable;
    const conflict = findConflict(variable, owners.get(name), env);
    if (conflict !== undefined) {
      throw new DeliveryError(
        'conflict',
        `${item} '${id}' would set ${name}, which ${conflict}: choose another variable with 'VARIABLE, ${id}'`,
      );
    }
    owners.set(name, variable);
  }
};
