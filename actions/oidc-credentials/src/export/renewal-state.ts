import { join } from 'node:path';
import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { CredentialSource } from '../token/credential-source.js';
import { getSourceProfile } from './export-target.js';
import { readOptionalFile, writePrivateFile } from './private-file.js';

/**
 * What the credential process needs to do again what this step did: variables as this step saw them. Keys and request
 * tokens are not among them; the process finds the request token where GitHub gives it to every step.
 */
export type RenewalState = Readonly<Record<string, string>>;

const STATE_FILE = 'renewal-state.json';

/** Where the recipe lies; it is also the argument of the credential process. */
export const getRenewalStatePath = (directory: string): string => join(directory, STATE_FILE);

/** Where later steps have other values, or where a step's own values must hold. */
const PASSED_VARIABLES = [
  'GITHUB_WORKSPACE',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_STS',
  'AWS_CA_BUNDLE',
  'AWS_USE_FIPS_ENDPOINT',
];

/** Inputs that have done their work, or must not be read by a later step. */
const EXCLUDED_INPUTS =
  /^INPUT_(?:AWS-(?:ACCESS-KEY-ID|SECRET-ACCESS-KEY|SESSION-TOKEN)|SECRET-IDS|REFRESH|AWS-PROFILE)$/u;

/** A source is pinned: where a later step lacks the token, that is an error, and no reason to be somebody else. */
const buildSourceInputs = (source: CredentialSource): RenewalState => {
  if (source.kind !== 'token') return { 'INPUT_ROLE-CHAINING': 'true' };
  const { tokenSource } = source;
  const token = { 'INPUT_TOKEN-SOURCE': tokenSource.kind };
  return tokenSource.kind === 'file' ? { ...token, 'INPUT_WEB-IDENTITY-TOKEN-FILE': tokenSource.path } : token;
};

/** Makes the recipe of this step. */
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

/** Reads a recipe. Throws `not-found` where the job that left it is over. */
export const loadRenewalState = async (path: string): Promise<RenewalState> => {
  const content = await readOptionalFile(path);
  if (content === undefined) {
    throw new DeliveryError(
      'not-found',
      `${path} is gone: the step that made this profile belongs to a job that is over`,
    );
  }
  const document = parseDocument(content);
  const entries = Object.entries(isRecord(document) ? document : {});
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
};
