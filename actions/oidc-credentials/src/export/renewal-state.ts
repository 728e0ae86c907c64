import { join } from 'node:path';
import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { CredentialSource } from '../token/credential-source.js';
import { getSourceProfile } from './export-target.js';
import { readOptionalFile, writePrivateFile } from './private-file.js';

/**
 * Environment variables with which the credential process repeats this step's request. They contain no keys and no
 * request token; GitHub provides the request token to every step.
 */
export type RenewalState = Readonly<Record<string, string>>;

const STATE_FILE = 'renewal-state.json';

/** Path of the state file, which is the argument of the credential process. */
export const getRenewalStatePath = (directory: string): string => join(directory, STATE_FILE);

// Later steps may have other values.
const PASSED_VARIABLES = [
  'GITHUB_WORKSPACE',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_STS',
  'AWS_CA_BUNDLE',
  'AWS_USE_FIPS_ENDPOINT',
];

// Secret inputs, and inputs without effect on the renewal.
const EXCLUDED_INPUTS =
  /^INPUT_(?:AWS-(?:ACCESS-KEY-ID|SECRET-ACCESS-KEY|SESSION-TOKEN)|SECRET-IDS|PARAMETER-NAMES|REFRESH|AWS-PROFILE)$/u;

/** Pins the source: a later step without the token must fail and not switch to another identity. */
const buildSourceInputs = (source: CredentialSource): RenewalState => {
  if (source.kind !== 'token') return { 'INPUT_ROLE-CHAINING': 'true' };
  const { tokenSource } = source;
  const token = { 'INPUT_TOKEN-SOURCE': tokenSource.kind };
  return tokenSource.kind === 'file' ? { ...token, 'INPUT_WEB-IDENTITY-TOKEN-FILE': tokenSource.path } : token;
};

/** Collects the renewal state of this step. */
export const buildRenewalState = (env: Env, source: CredentialSource): RenewalState => {
  const passedVariables = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined &&
    (PASSED_VARIABLES.includes(name) || (name.startsWith('INPUT_') && !EXCLUDED_INPUTS.test(name)))
      ? [[name, value]]
      : [],
  );
  return { ...Object.fromEntries(passedVariables), ...buildSourceInputs(source), PROFILE: getSourceProfile(env) };
};

export const saveRenewalState = (renewalState: RenewalState, directory: string): Promise<void> =>
  writePrivateFile(getRenewalStatePath(directory), JSON.stringify(renewalState));

/**
 * Reads a renewal state.
 * @throws DeliveryError `not-found` after the job has ended
 */
export const loadRenewalState = async (path: string): Promise<RenewalState> => {
  const content = await readOptionalFile(path);
  if (content === undefined) {
    throw new DeliveryError('not-found', `${path} not found: the job that created this profile has ended`);
  }
  const document = parseDocument(content);
  const entries = Object.entries(isRecord(document) ? document : {});
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
};
