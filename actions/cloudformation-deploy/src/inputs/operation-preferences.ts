import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { StackSetOperationPreferences } from '@aws-sdk/client-cloudformation';

const INPUT = "input 'operation-preferences'";

const numberKeys = {
  FailureToleranceCount: 0,
  FailureTolerancePercentage: 0,
  MaxConcurrentCount: 1,
  MaxConcurrentPercentage: 1,
} as const;

const choiceKeys = {
  RegionConcurrencyType: ['SEQUENTIAL', 'PARALLEL'],
  ConcurrencyMode: ['STRICT_FAILURE_TOLERANCE', 'SOFT_FAILURE_TOLERANCE'],
} as const;

const isOwnKey = <O extends object>(keys: O, key: string): key is Extract<keyof O, string> => Object.hasOwn(keys, key);

const checkEntry = ([key, value]: readonly [string, unknown], regions: readonly string[]): void => {
  const fail = (rule: string): never => {
    throw new DeliveryError('invalid-input', `${INPUT}: ${key} '${JSON.stringify(value)}' is not ${rule}`);
  };
  if (isOwnKey(numberKeys, key)) {
    const [min, max] = [numberKeys[key], key.endsWith('Percentage') ? 100 : 1000];
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
      fail(`a whole number from ${min} to ${max}`);
  } else if (isOwnKey(choiceKeys, key)) {
    if (!choiceKeys[key].some((choice) => choice === value)) fail(`one of ${choiceKeys[key].join(', ')}`);
  } else if (key === 'RegionOrder') {
    if (!Array.isArray(value) || value.some((region) => !regions.includes(region))) fail("a list of the 'regions'");
  } else {
    const known = [...Object.keys(numberKeys), ...Object.keys(choiceKeys), 'RegionOrder'];
    throw new DeliveryError('invalid-input', `${INPUT}: ${key} is not one of ${known.join(', ')}`);
  }
};

/**
 * Validates the preferences and fills in defaults. AWS's own are a tolerance of 0 and one account at a time: a thousand
 * accounts would take a thousand times as long as one, and the first failure would stop all of them.
 * @throws DeliveryError for unknown keys and for values that AWS would reject
 */
export const parsePreferences = (document: unknown, regions: readonly string[]): StackSetOperationPreferences => {
  if (document !== undefined && !isRecord(document))
    throw new DeliveryError('invalid-input', `${INPUT} must be a mapping`);
  const entries = Object.entries(document ?? {});
  for (const entry of entries) checkEntry(entry, regions);
  const raw: StackSetOperationPreferences = Object.fromEntries(entries);
  const { FailureToleranceCount, FailureTolerancePercentage, MaxConcurrentCount, MaxConcurrentPercentage } = raw;
  for (const kind of ['FailureTolerance', 'MaxConcurrent'] as const)
    if (raw[`${kind}Count`] !== undefined && raw[`${kind}Percentage`] !== undefined)
      throw new DeliveryError(
        'invalid-input',
        `${INPUT}: ${kind}Count and ${kind}Percentage exclude each other: remove one`,
      );
  const hasTolerance = FailureToleranceCount !== undefined || FailureTolerancePercentage !== undefined;
  const hasConcurrency = MaxConcurrentCount !== undefined || MaxConcurrentPercentage !== undefined;
  return {
    ...(hasTolerance ? {} : { FailureTolerancePercentage: 10 }),
    ...(hasConcurrency ? {} : { MaxConcurrentPercentage: 25 }),
    ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
    ...raw,
  };
};

/** The preferences of an operation on some of the Regions; AWS rejects others in `RegionOrder`. */
export const limitPreferences = (
  preferences: StackSetOperationPreferences,
  regions: readonly string[] | undefined,
): StackSetOperationPreferences => {
  const { RegionOrder, ...others } = preferences;
  const order = RegionOrder?.filter((region) => regions?.includes(region));
  return order === undefined || order.length === 0 ? others : { ...others, RegionOrder: order };
};
