import type { Log } from '@aws-delivery/action-kit/host/log';

/** What to tell people about a role that did not let a token in. Plain text, of which parts come from the token. */
export interface TrustDiagnosis {
  readonly reason: string;
  readonly findings: readonly string[];
  readonly claims: readonly (readonly [name: string, value: string])[];
  /** Statements of a trust policy, for the token's own form of `sub` first. */
  readonly statements: readonly { readonly title: string; readonly json: string }[];
}

/** Prints it where people look first: the findings in the open, what they need to mend it below. */
export const printTrustDiagnosis = async (
  { findings, claims, statements }: TrustDiagnosis,
  log: Log,
): Promise<void> => {
  for (const finding of findings) log.info(`- ${finding}`);
  await log.group("The token's claims", async () => {
    const width = Math.max(...claims.map(([name]) => name.length));
    for (const [name, value] of claims) log.info(`${name.padEnd(width)}  ${value}`);
  });
  for (const { title, json } of statements) {
    log.info(`${title}:`);
    log.info(json);
  }
};
