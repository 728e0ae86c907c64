import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isAssignments, isMapping, parseDocument, parseDuration, parseMapping } from '@aws-delivery/action-kit/parse';

/** How a configuration is spread. Times in minutes, as the service counts. */
export interface Growth {
  readonly durationMinutes: number;
  readonly bakeMinutes: number;
  /** Percent. */
  readonly factor: number;
  readonly type: 'LINEAR' | 'EXPONENTIAL';
}

/** A strategy as it is asked for: one that is there, or one to be there. */
export type StrategyWish =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'inline'; readonly name: string; readonly growth: Growth };

/** The strategy of each environment; `*` is for those that are not named. */
export type StrategyWishes = ReadonlyMap<string, StrategyWish>;

const EVERY = '*';

const invalid = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const INLINE = ['name', 'duration', 'bake', 'growth', 'type'];

const isInline = (value: Readonly<Record<string, unknown>>): boolean => 'growth' in value || 'duration' in value;

const scalar = (value: unknown, key: string): string => {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw invalid(`strategy: '${key}' is neither a text nor a number`);
};

/** AppConfig counts whole minutes. */
const minutesIn = (value: unknown, key: string): number => {
  const minutes = parseDuration(scalar(value, key)) / 60;
  if (Number.isInteger(minutes) && minutes <= 1440) return minutes;
  throw invalid(`strategy: '${key}: ${scalar(value, key)}' is not a number of whole minutes of at most 24h`);
};

const factorIn = (value: unknown): number => {
  const factor = Number(scalar(value, 'growth').replace(/%$/, ''));
  if (factor >= 1 && factor <= 100) return factor;
  throw invalid(`strategy: 'growth: ${scalar(value, 'growth')}' is not a percentage from 1 to 100`);
};

const typeIn = (value: unknown): Growth['type'] => {
  const word = scalar(value, 'type').toUpperCase();
  if (word === 'LINEAR' || word === 'EXPONENTIAL') return word;
  throw invalid(`strategy: 'type: ${scalar(value, 'type')}' is not linear or exponential`);
};

const inlineIn = (value: Readonly<Record<string, unknown>>): StrategyWish => {
  const unknown = Object.keys(value).find((key) => !INLINE.includes(key));
  if (unknown !== undefined) throw invalid(`strategy: unknown '${unknown}': one of ${INLINE.join(', ')}`);
  const growth: Growth = {
    durationMinutes: minutesIn(value['duration'] ?? 0, 'duration'),
    bakeMinutes: minutesIn(value['bake'] ?? 0, 'bake'),
    factor: factorIn(value['growth'] ?? 100),
    type: typeIn(value['type'] ?? 'linear'),
  };
  const { durationMinutes, bakeMinutes, factor, type } = growth;
  const plain = `${type === 'LINEAR' ? 'Linear' : 'Exponential'}${factor}Percent${durationMinutes}MinutesBake${bakeMinutes}`;
  return { kind: 'inline', name: value['name'] === undefined ? plain : scalar(value['name'], 'name'), growth };
};

/** One strategy: a name or id, or the map of a new one. */
export const strategyIn = (value: unknown): StrategyWish => {
  if (typeof value === 'string' && value.trim() !== '') return { kind: 'named', name: value.trim() };
  if (isMapping(value)) return inlineIn(value);
  throw invalid(`strategy: ${JSON.stringify(value)} is neither a name nor a map with 'growth' and 'duration'`);
};

/** The input `strategy` in any of its forms. */
export const strategiesIn = (text: string): StrategyWishes => {
  if (isAssignments(text)) {
    return new Map(Object.entries(parseMapping(text)).map(([name, each]) => [name, strategyIn(each)]));
  }
  const value = parseDocument(text);
  if (!isMapping(value) || isInline(value)) return new Map([[EVERY, strategyIn(value)]]);
  return new Map(Object.entries(value).map(([name, each]) => [name, strategyIn(each)]));
};

/** The strategy of an environment; throws `missing` where there is none for it. */
export const strategyFor = (wishes: StrategyWishes, environment: string): StrategyWish => {
  const wish = wishes.get(environment) ?? wishes.get(EVERY);
  if (wish !== undefined) return wish;
  throw new DeliveryError(
    'missing',
    `input 'strategy' names none for environment '${environment}': add '${environment}' or '*'`,
  );
};

/** What a deployment needs when nothing goes wrong, in milliseconds. */
export const lastingOf = ({ durationMinutes, bakeMinutes }: Pick<Growth, 'durationMinutes' | 'bakeMinutes'>): number =>
  (durationMinutes + bakeMinutes) * 60_000;
