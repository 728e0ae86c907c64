/** A source of OIDC tokens of a host. */
export interface TokenSource {
  /** The source in messages: `the variable 'AWS_ID_TOKEN'`. */
  readonly origin: string;
  /** The hint for a wrong audience, for error messages. */
  getAudienceHint(audience: string, audiences: readonly string[]): string;
  /**
   * Returns a token, a new one if the host can issue it. Hosts with a fixed audience ignore the requested one.
   * @throws RunnerError `token-unavailable`
   */
  mint(audience: string): Promise<string>;
}

/** The hint on hosts with a fixed audience. */
export const formatAudienceHint = ([audience]: readonly string[]): string =>
  audience === undefined
    ? 'request a token with an audience'
    : `set --audience ${audience} for oidc-credentials, and add it to the audiences (client IDs) of the identity provider in IAM`;
