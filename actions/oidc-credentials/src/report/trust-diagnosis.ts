import type { Log } from '@aws-delivery/action-kit/host/log';
import type { TrustDiagnosis } from '../role/trust-policy-diagnostics.js';

/** Logs the findings, the token's claims and the trust policy statements. */
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
