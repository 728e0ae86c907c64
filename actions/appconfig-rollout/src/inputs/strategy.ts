import { isAssignments, parseDocument, parseDuration, parseMapping } from '@aws-delivery/action-kit/inputs/parse';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Growth } from '../appconfig/resources.js';

/** A strategy in the inputs: the name or id of an existing one, or the definition of one to create. */
export type StrategySpec =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'inline'; readonly name: string; readonly growth: Growth };

/** Strategies by environment; `*` for all others. */
export type StrategySpecs = ReadonlyMap<string, StrategySpec>;

const ANY_ENVIRONMENT = '*';

const INLINE_KEYS = ['name', 'duration', 'bake', 'growth', 'type'];

const isInline = (value: Readonly<Record<string, unknown>>): boolean => 'growth' in value || 'duration' in value;

const parseScalar = (value: unknown, key: string): string => {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new DeliveryError('invalid-input', `strategy: '${key}' must be a string or a number`);
};

/** AppConfig takes whole minutes. */
const parseMinutes = (value: unknown, key: string): number => {
  const minutes = parseDuration(parseScalar(value, key)) / 60;
  if (Number.isInteger(minutes) && minutes <= 1440) return minutes;
  throw new DeliveryError(
    'invalid-input',
    `strategy: '${key}: ${parseScalar(value, key)}' must be whole minutes, at most 24h`,
  );
};

const parseGrowthFactor = (value: unknown): number => {
  const growthFactor = Number(parseScalar(value, 'growth').replace(/%$/, ''));
  if (growthFactor >= 1 && growthFactor <= 100) return growthFactor;
  throw new DeliveryError(
    'invalid-input',
    `strategy: 'growth: ${parseScalar(value, 'growth')}' must be a percentage from 1 to 100`,
  );
};

const parseGrowthType = (value: unknown): Growth['growthType'] => {
  const word = parseScalar(value, 'type').toUpperCase();
  if (word === 'LINEAR' || word === 'EXPONENTIAL') return word;
  throw new DeliveryError(
    'invalid-input',
    `strategy: 'type: ${parseScalar(value, 'type')}' must be linear or exponential`,
  );
};

const parseInlineStrategy = (value: Readonly<Record<string, unknown>>): StrategySpec => {
  const unknown = Object.keys(value).find((key) => !INLINE_KEYS.includes(key));
  if (unknown !== undefined)
    throw new DeliveryError(
      'invalid-input',
      `strategy: unknown key '${unknown}': expected one of ${INLINE_KEYS.join(', ')}`,
    );
  const growth: Growth = {
    durationMinutes: parseMinutes(value['duration'] ?? 0, 'duration'),
    bakeMinutes: parseMinutes(value['bake'] ?? 0, 'bake'),
    growthFactor: parseGrowthFactor(value['growth'] ?? 100),
    growthType: parseGrowthType(value['type'] ?? 'linear'),
  };
  const { durationMinutes, bakeMinutes, growthFactor, growthType } = growth;
  const defaultName = `${growthType === 'LINEAR' ? 'Linear' : 'Exponential'}${growthFactor}Percent${durationMinutes}MinutesBake${bakeMinutes}`;
  return {
    kind: 'inline',
    name: value['name'] === undefined ? defaultName : parseScalar(value['name'], 'name'),
    growth,
  };
};

/** Parses a name or id, or a map with the definition of a strategy. */
export const parseStrategy = (value: unknown): StrategySpec => {
  if (typeof value === 'string' && value.trim() !== '') return { kind: 'named', name: value.trim() };
  if (isRecord(value)) return parseInlineStrategy(value);
  throw new DeliveryError(
    'invalid-input',
    `strategy: ${JSON.stringify(value)} must be a name, or a map with 'growth' and 'duration'`,
  );
};

/** Parses the input `strategy`: one strategy, `environment=name` lines, or a map by environment. */
export const parseStrategies = (raw: string): StrategySpecs => {
  if (isAssignments(raw)) {
    return new Map(Object.entries(parseMapping(raw)).map(([name, each]) => [name, parseStrategy(each)]));
  }
  const value = parseDocument(raw);
  if (!isRecord(value) || isInline(value)) return new Map([[ANY_ENVIRONMENT, parseStrategy(value)]]);
  return new Map(Object.entries(value).map(([name, each]) => [name, parseStrategy(each)]));
};

/** Throws `missing` if no strategy is given for the environment. */
export const getStrategy = (specs: StrategySpecs, environment: string): StrategySpec => {
  const spec = specs.get(environment) ?? specs.get(ANY_ENVIRONMENT);
  if (spec !== undefined) return spec;
  throw new DeliveryError(
    'missing',
    `input 'strategy' has no entry for environment '${environment}': add '${environment}' or '*'`,
  );
};

/** Duration and bake time of a deployment, in milliseconds. */
export const getExpectedDuration = ({
  durationMinutes,
  bakeMinutes,
}: Pick<Growth, 'durationMinutes' | 'bakeMinutes'>): number => (durationMinutes + bakeMinutes) * 60_000;
