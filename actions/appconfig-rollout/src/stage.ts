import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isSelected } from './pattern.js';
import type { EnvironmentPlan } from './plan.js';
import type { Order } from './request.js';

const OTHERS = '*';

/** Which group of an order a name belongs to: the first that names it, else the one for the others. */
const groupOf = (name: string, order: Order, what: 'waves' | 'rings'): number => {
  const own = order.findIndex((group) => group.some((pattern) => pattern !== OTHERS && isSelected(name, [pattern])));
  const index = own === -1 ? order.findIndex((group) => group.includes(OTHERS)) : own;
  if (index !== -1 || order.length === 0) return Math.max(0, index);
  throw new DeliveryError(
    'invalid-input',
    `input '${what}': '${name}' is in none: add it, or a last line '*' for the others`,
  );
};

/** Every tenant's first environment before anybody's second, so that a large tenant holds up nobody. */
const fairly = (plans: readonly EnvironmentPlan[]): readonly EnvironmentPlan[] => {
  const seen = new Map<string, number>();
  const turns = plans.map((plan) => {
    const turn = seen.get(plan.tenant) ?? 0;
    seen.set(plan.tenant, turn + 1);
    return { plan, turn };
  });
  return turns.sort((one, other) => one.turn - other.turn).map(({ plan }) => plan);
};

/** Environments in the order of their waves, within them tenants in the order of their rings; none is empty. */
export const stagesOf = (
  plans: readonly EnvironmentPlan[],
  { waves, rings }: { readonly waves: Order; readonly rings: Order },
): readonly (readonly EnvironmentPlan[])[] => {
  const placed = plans.map((plan) => ({
    plan,
    wave: groupOf(plan.environment, waves, 'waves'),
    ring: groupOf(plan.tenant, rings, 'rings'),
  }));
  const stages = Array.from({ length: Math.max(1, waves.length) }, (_, wave) =>
    Array.from({ length: Math.max(1, rings.length) }, (_each, ring) =>
      fairly(placed.filter((each) => each.wave === wave && each.ring === ring).map(({ plan }) => plan)),
    ),
  );
  return stages.flat().filter((stage) => stage.length > 0);
};
