/** Keys that sign requests. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Milliseconds since the epoch; keys of users have none. */
  readonly expiration?: number | undefined;
}

/** The values that must never be seen, in no order. */
export const listSecretValues = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): readonly string[] =>
  [accessKeyId, secretAccessKey, sessionToken].filter((value) => value !== undefined);

/** When credentials end, in ISO 8601; undefined for those that do not. */
export const formatExpiration = ({ expiration }: Credentials): string | undefined =>
  expiration === undefined ? undefined : new Date(expiration).toISOString();

/** Does the key hold letters and digits only? Some tools break on `+` and `/`, which the others hold. */
export const isAlphanumeric = ({ accessKeyId, secretAccessKey }: Credentials): boolean =>
  /^[A-Za-z0-9]*$/u.test(accessKeyId + secretAccessKey);
