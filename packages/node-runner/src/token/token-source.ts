/** The OIDC tokens a host gives to its jobs. */
export interface TokenSource {
  /** Where they come from, for messages: `the variable 'AWS_ID_TOKEN'`. */
  readonly origin: string;
  /** How to get a token with another audience from this host: a remedy, in words. */
  getAudienceHint(audience: string, audiences: readonly string[]): string;
  /**
   * A token, new where the host can mint one; its audience is the host's choice where it takes none.
   * @throws RunnerError `token-unavailable`
   */
  mint(audience: string): Promise<string>;
}

/** What a host with audiences of its own leaves to do. */
export const formatAudienceHint = (audiences: readonly string[]): string =>
  `let oidc-credentials ask for it (--audience ${audiences[0] ?? ''}), and list it among the audiences (client IDs) of the identity provider in IAM`;
