import { isAssignments, parseDocument, parseDuration, parseMapping } from '@aws-delivery/action-kit/inputs/parse';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';

/** How a configuration is spread. Times in minutes, as the service counts. */
export interface Growth {
  readonly durationMinutes: number;
  readonly bakeMinutes: number;
  /** Percent. */
  readonly growthFactor: number;
  readonly growthType: 'LINEAR' | 'EXPONENTIAL';
}

/** A strategy as it is asked for: one that is there, or one to be there. */
export type StrategySpec =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'inline'; readonly name: string; readonly growth: Growth };

/** The strategy of each environment; `*` is for those that are not named. */
export type StrategySpecs = ReadonlyMap<string, StrategySpec>;

const ANY_ENVIRONMENT = '*';

const createInputError = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const INLINE_KEYS = ['name', 'duration', 'bake', 'growth', 'type'];

const isInline = (value: Readonly<Record<string, unknown>>): boolean => 'growth' in value || 'duration' in value;

const parseScalar = (value: unknown, key: string): string => {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw createInputError(`strategy: '${key}' is neither a text nor a number`);
};

/** AppConfig counts whole minutes. */
const parseMinutes = (value: unknown, key: string): number => {
  const minutes = parseDuration(parseScalar(value, key)) / 60;
  if (Number.isInteger(minutes) && minutes <= 1440) return minutes;
  throw createInputError(
    `strategy: '${key}: ${parseScalar(value, key)}' is not a number of whole minutes of at most 24h`,
  );
};

const parseGrowthFactor = (value: unknown): number => {
  const growthFactor = Number(parseScalar(value, 'growth').replace(/%$/, ''));
  if (growthFactor >= 1 && growthFactor <= 100) return growthFactor;
  throw createInputError(`strategy: 'growth: ${parseScalar(value, 'growth')}' is not a percentage from 1 to 100`);
};

const parseGrowthType = (value: unknown): Growth['growthType'] => {
  const word = parseScalar(value, 'type').toUpperCase();
  if (word === 'LINEAR' || word === 'EXPONENTIAL') return word;
  throw createInputError(`strategy: 'type: ${parseScalar(value, 'type')}' is not linear or exponential`);
};

const parseInlineStrategy = (value: Readonly<Record<string, unknown>>): StrategySpec => {
  const unknown = Object.keys(value).find((key) => !INLINE_KEYS.includes(key));
  if (unknown !== undefined) throw createInputError(`strategy: unknown '${unknown}': one of ${INLINE_KEYS.join(', ')}`);
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

/** One strategy: a name or id, or the map of a new one. */
export const parseStrategy = (value: unknown): StrategySpec => {
  if (typeof value === 'string' && value.trim() !== '') return { kind: 'named', name: value.trim() };
  if (isRecord(value)) return parseInlineStrategy(value);
  throw createInputError(`strategy: ${JSON.stringify(value)} is neither a name nor a map with 'growth' and 'duration'`);
};

/** The input `strategy` in any of its forms. */
export const parseStrategies = (raw: string): StrategySpecs => {
  if (isAssignments(raw)) {
    return new Map(Object.entries(parseMapping(raw)).map(([name, each]) => [name, parseStrategy(each)]));
  }
  const value = parseDocument(raw);
  if (!isRecord(value) || isInline(value)) return new Map([[ANY_ENVIRONMENT, parseStrategy(value)]]);
  return new Map(Object.entries(value).map(([name, each]) => [name, parseStrategy(each)]));
};

/** The strategy of an environment; throws `missing` where there is none for it. */
export const getStrategy = (specs: StrategySpecs, environment: string): StrategySpec => {
  const spec = specs.get(environment) ?? specs.get(ANY_ENVIRONMENT);
  if (spec !== undefined) return spec;
  throw new DeliveryError(
    'missing',
    `input 'strategy' names none for environment '${environment}': add '${environment}' or '*'`,
  );
};

/** What a deployment needs when nothing goes wrong, in milliseconds. */
export const getExpectedDuration = ({
  durationMinutes,
  bakeMinutes,
}: Pick<Growth, 'durationMinutes' | 'bakeMinutes'>): number => (durationMinutes + bakeMinutes) * 60_000;
