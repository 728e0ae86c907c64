import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { definition } from '../../action.js';

/** Environment variables that aws-actions/configure-aws-credentials reads in place of missing inputs. */
const FALLBACK_VARIABLES = [
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

const toVariableName = (input: string): string => `INPUT_${input.toUpperCase()}`;

/** Name and aliases of the input with this name or alias. */
const listInputNames = (name: string): readonly string[] => {
  const [canonicalName, input] =
    Object.entries(definition.inputs).find(
      ([key, { aliases }]) => key === name || (aliases && Object.hasOwn(aliases, name)),
    ) ?? [];
  return canonicalName === undefined ? [] : [canonicalName, ...Object.keys(input?.aliases ?? {})];
};

/** Adds an input variable for every fallback variable whose input is not set under any of its names. */
const withFallbackVariables = (env: Env): Env => {
  const fallbackInputs = FALLBACK_VARIABLES.flatMap((fallback) => {
    const name = fallback.toLowerCase().replaceAll('_', '-');
    const isSet = listInputNames(name).some((inputName) => env[toVariableName(inputName)]?.trim());
    const value = env[fallback];
    return value && !isSet ? [[toVariableName(name), value]] : [];
  });
  return { ...env, ...Object.fromEntries(fallbackInputs) };
};

/** The host with the fallback variables as inputs. */
export const withEnvironmentInputs = (host: Host): Host => ({ ...host, env: withFallbackVariables(host.env) });
