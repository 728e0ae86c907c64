import { getStringField } from './error-code.js';

/** What to do in every action except oidc-credentials, which has remedies of its own. */
const ADD_CREDENTIALS_STEP =
  'add a step that uses oidc-credentials before this one (on GitHub, with `permissions: id-token: write` for the job)';

/** The reason of the SDK's default chain, which adds nothing to the message. */
const GENERIC_REASON = 'Could not load credentials from any providers';

/**
 * The message for missing AWS credentials.
 * @param error the SDK's error; its reason is part of the message when it is specific
 * @param hint imperative without a final period
 */
export const formatMissingCredentials = (error: unknown, hint = ADD_CREDENTIALS_STEP): string => {
  const reason = getStringField(error, 'message');
  const detail = reason === undefined || reason === GENERIC_REASON ? '' : ` (${reason})`;
  return `No AWS credentials found${detail}: ${hint}`;
};

/** The message of the SDK's error for a client without a Region. */
export const SDK_MISSING_REGION = 'Region is missing';

/** The message for a missing AWS Region. */
export const MISSING_REGION = "No AWS Region found: set input 'aws-region' or the environment variable AWS_REGION";
