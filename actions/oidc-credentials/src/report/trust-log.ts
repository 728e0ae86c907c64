import type { Log } from '@aws-delivery/action-kit/host/log';
import type { TrustDiagnosis } from '../trust/trust-diagnosis.js';

/** Logs the findings, the token's claims and the trust policy statements. */
export const printTrustDiagnosis = async (
  { findings, claims, statements }: TrustDiagnosis,
  log: Log,
): Promise<void> => {
  log.info('Possible causes of the denied access:');
  for (const finding of findings) log.info(`- ${finding}`);
  await log.group('Token claims', async () => {
    const width = Math.max(...claims.map(([name]) => name.length));
    for (const [name, value] of claims) log.info(`${name.padEnd(width)}  ${value}`);
  });
  for (const { title, json, warning } of statements) {
    log.info(`${title}:`);
    if (warning !== undefined) log.info(warning);
    log.info(json);
  }
};
