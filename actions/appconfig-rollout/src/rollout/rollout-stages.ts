import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isSelected } from '../inputs/name-pattern.js';
import type { Ordering } from '../inputs/parse-request.js';
import type { EnvironmentPlan } from '../plan/rollout-plan.js';

const OTHERS = '*';

/** Index of the first group with a matching pattern, else of the group with `*`. Throws `invalid-input` without. */
const findGroupIndex = (name: string, ordering: Ordering, inputName: 'waves' | 'rings'): number => {
  const ownIndex = ordering.findIndex((group) =>
    group.some((pattern) => pattern !== OTHERS && isSelected(name, [pattern])),
  );
  const index = ownIndex === -1 ? ordering.findIndex((group) => group.includes(OTHERS)) : ownIndex;
  if (index !== -1 || ordering.length === 0) return Math.max(0, index);
  throw new DeliveryError(
    'invalid-input',
    `input '${inputName}': '${name}' does not match any line: add it, or add a last line '*' for all others`,
  );
};

/** Orders the first environments of all tenants before the second ones: a large tenant does not delay the others. */
const arrangeFairly = (plans: readonly EnvironmentPlan[]): readonly EnvironmentPlan[] => {
  const counts = new Map<string, number>();
  const ranked = plans.map((plan) => {
    const rank = counts.get(plan.tenant) ?? 0;
    counts.set(plan.tenant, rank + 1);
    return { plan, rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ plan }) => plan);
};

/** Groups plans into non-empty stages: waves of environments in order, within a wave rings of tenants in order. */
export const buildStages = (
  plans: readonly EnvironmentPlan[],
  { waves, rings }: { readonly waves: Ordering; readonly rings: Ordering },
): readonly (readonly EnvironmentPlan[])[] => {
  const grouped = plans.map((plan) => ({
    plan,
    wave: findGroupIndex(plan.environment, waves, 'waves'),
    ring: findGroupIndex(plan.tenant, rings, 'rings'),
  }));
  const stages = Array.from({ length: Math.max(1, waves.length) }, (_, wave) =>
    Array.from({ length: Math.max(1, rings.length) }, (_each, ring) =>
      arrangeFairly(grouped.filter((each) => each.wave === wave && each.ring === ring).map(({ plan }) => plan)),
    ),
  );
  return stages.flat().filter((stage) => stage.length > 0);
};
