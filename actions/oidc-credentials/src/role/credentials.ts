/** AWS credentials. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Milliseconds since the epoch; access keys of IAM users do not expire. */
  readonly expiration?: number | undefined;
}

/** The values to mask. */
export const listSecretValues = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): readonly string[] =>
  [accessKeyId, secretAccessKey, sessionToken].filter((value) => value !== undefined);

/** Expiration in ISO 8601; undefined for credentials that do not expire. */
export const formatExpiration = ({ expiration }: Credentials): string | undefined =>
  expiration === undefined ? undefined : new Date(expiration).toISOString();

/**
 * Whether the keys consist of letters and digits. Secret keys may contain `+` and `/`, which some tools cannot quote.
 */
export const isAlphanumeric = ({ accessKeyId, secretAccessKey }: Credentials): boolean =>
  /^[A-Za-z0-9]*$/u.test(accessKeyId + secretAccessKey);

/**
 * Credentials for an SDK client. They have no expiration: with one, the SDK tries to refresh them before they expire.
 */
export const toSdkIdentity = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
});
