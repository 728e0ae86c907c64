import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { findNamed, type Growth, type StrategyEntry } from '../appconfig/resources.js';
import type { StrategySpec } from '../inputs/strategy.js';

/** An existing strategy, or one to be created. */
export type PlannedStrategy =
  | { readonly kind: 'present'; readonly id: string; readonly name: string; readonly growth: Growth }
  | { readonly kind: 'absent'; readonly name: string; readonly growth: Growth };

const isSameGrowth = (a: Growth, b: Growth): boolean =>
  a.durationMinutes === b.durationMinutes &&
  a.bakeMinutes === b.bakeMinutes &&
  a.growthFactor === b.growthFactor &&
  a.growthType === b.growthType;

/**
 * Matches a strategy of the inputs with the existing ones, by id, by name, or by name without `AppConfig.`. Throws
 * `not-found` for an unknown name, and `conflict` for an inline strategy whose name exists with a different growth.
 */
export const planStrategy = (spec: StrategySpec, entries: readonly StrategyEntry[]): PlannedStrategy => {
  const { name } = spec;
  const byId = entries.find(({ id }) => id === name || id === `AppConfig.${name}`);
  const found = byId ?? findNamed(entries, name, 'deployment strategy');
  if (spec.kind === 'named') {
    if (found !== undefined) return { kind: 'present', ...found };
    const known = entries.map((entry) => entry.name).join(', ');
    throw new DeliveryError(
      'not-found',
      `input 'strategy': '${name}' not found: expected one of ${known}, or a map with 'growth' and 'duration'`,
    );
  }
  if (found === undefined) return { kind: 'absent', name, growth: spec.growth };
  if (isSameGrowth(found.growth, spec.growth)) return { kind: 'present', ...found };
  throw new DeliveryError(
    'conflict',
    `input 'strategy': strategy '${name}' exists with a different duration, bake time, growth factor or type: choose another 'name'`,
  );
};
