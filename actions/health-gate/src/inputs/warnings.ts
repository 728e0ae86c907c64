import type { Host } from '@aws-delivery/action-kit/host/host';
import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { checkCredentialExpiry } from '@aws-delivery/aws/credentials';
import { KNOWN_SERVICES } from '../scope/resource-services.js';
import type { Request } from './parse-request.js';

/** Warns about service codes that are not in the service map, and about credentials that expire before the timeout. */
export const warnAboutInputs = ({ criteria, waitPolicy }: Request, { clock, env, log }: Host): void => {
  for (const service of criteria.services.filter((name) => !KNOWN_SERVICES.includes(name))) {
    const closest = suggestClosest(service, KNOWN_SERVICES);
    const hint = closest === undefined ? 'look it up in the AWS Health console' : `did you mean '${closest.name}'?`;
    log.warning(`input 'services': '${service}' is not a known service code and may match no events: ${hint}`);
  }
  const deadline = clock.now() + (waitPolicy.onBlocked === 'wait' ? waitPolicy.timeout : 0);
  const expiryWarning = checkCredentialExpiry(env, clock.now(), deadline);
  if (expiryWarning !== undefined) log.warning(expiryWarning);
};
