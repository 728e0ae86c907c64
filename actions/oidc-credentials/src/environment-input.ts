import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { definition } from '../action.js';

/** Variables that stand for an input that was not given, as aws-actions/configure-aws-credentials has it. */
const STAND_INS = [
  'AWS_REGION',
  'ROLE_TO_ASSUME',
  'WEB_IDENTITY_TOKEN_FILE',
  'ROLE_CHAINING',
  'AUDIENCE',
  'MASK_AWS_ACCOUNT_ID',
  'ROLE_DURATION_SECONDS',
  'ROLE_EXTERNAL_ID',
  'ROLE_SESSION_NAME',
  'ROLE_SKIP_SESSION_TAGGING',
  'TRANSITIVE_TAG_KEYS',
  'INLINE_SESSION_POLICY',
  'MANAGED_SESSION_POLICIES',
  'OUTPUT_CREDENTIALS',
  'UNSET_CURRENT_CREDENTIALS',
  'DISABLE_RETRY',
  'RETRY_MAX_ATTEMPTS',
  'SPECIAL_CHARACTERS_WORKAROUND',
  'USE_EXISTING_CREDENTIALS',
  'OVERWRITE_AWS_PROFILE',
];

const variableOf = (input: string): string => `INPUT_${input.toUpperCase()}`;

/** All names of the input that goes by this one. */
const namesOf = (name: string): readonly string[] => {
  const [own, input] =
    Object.entries(definition.inputs).find(([key, { was }]) => key === name || (was && Object.hasOwn(was, name))) ?? [];
  return own === undefined ? [] : [own, ...Object.keys(input?.was ?? {})];
};

/** The variables with every stand-in in the place of its input, unless the input was given under any name. */
export const withStandIns = (variables: Variables): Variables => {
  const found = STAND_INS.flatMap((standIn) => {
    const name = standIn.toLowerCase().replaceAll('_', '-');
    const isGiven = namesOf(name).some((other) => variables[variableOf(other)]?.trim());
    const value = variables[standIn];
    return value && !isGiven ? [[variableOf(name), value]] : [];
  });
  return { ...variables, ...Object.fromEntries(found) };
};

/** The same host, in whose variables stand-ins count as inputs. */
export const withEnvironmentInputs = (host: Host): Host => ({ ...host, variables: withStandIns(host.variables) });
