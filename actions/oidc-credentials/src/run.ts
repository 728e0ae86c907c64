import type { Host } from '@aws-delivery/action-kit/host/host';
import type { OidcInputs } from '../action.js';
import { describeLocations } from './export/credential-output.js';
import { exportCredentials } from './export/export-credentials.js';
import { parseRequest, type Request } from './inputs/parse-request.js';
import { printTrustDiagnosis } from './report/trust-diagnosis.js';
import type { Result } from './result.js';
import { getArnAccount } from './role/arn.js';
import { findGuardViolation } from './role/identity.js';
import {
  createRetryOptions,
  findExistingCredentials,
  obtainCredentials,
  type RunContext,
} from './role/obtain-credentials.js';
import type { TrustDenial } from './role/role-chain.js';
import { diagnose } from './role/trust-policy-diagnostics.js';
import { fetchSecrets } from './secrets/fetch-secrets.js';
import type { Services } from './services.js';

/** Obtains credentials, checks their account and partition, and only then exports them together with the secrets. */
export const run = async (inputs: OidcInputs, services: Services): Promise<Result> => {
  const { host } = services;
  const request = parseRequest(inputs, host.env);
  const context = { request, services, retryOptions: createRetryOptions(request, host) };
  maskAccounts(request, host);
  logNotices(request, host);
  const obtained = (await findExistingCredentials(context)) ?? (await obtainCredentials(context));
  if (obtained.kind === 'denied') return diagnoseDenial(context, obtained);
  const { credentials, identity, claims, origin } = obtained;
  if (request.guards.accountInLog === 'masked') for (const value of [identity.account, identity.arn]) host.mask(value);
  const reason = findGuardViolation(identity, request.guards);
  if (reason !== undefined) return { kind: 'rejected', reason, identity, claims };
  host.log.info(`Authenticated as ${identity.arn}`);
  const secrets = await fetchSecrets(request.secrets, {
    store: services.createSecretStore(credentials),
    env: host.env,
    mask: (value) => host.mask(value),
  });
  const { processFiles } = services;
  const credentialOutput = await exportCredentials({ request, credentials, origin, secrets, processFiles }, host);
  const locations = describeLocations(request.exportTarget, credentialOutput, origin);
  host.log.info(`Later steps find the credentials: ${locations}`);
  const secretNames = secrets.map(({ name }) => name);
  return { kind: 'ready', request, identity, credentials, claims, credentialOutput, secretNames, origin };
};

/** Masks the accounts in the ARNs of the roles, which are logged before the identity is known. */
const maskAccounts = ({ guards, source, roleSteps, account }: Request, host: Host): void => {
  if (guards.accountInLog === 'shown') return;
  const roles = [...(source.kind === 'token' ? [source.role] : []), ...roleSteps];
  for (const value of [account ?? '', ...roles.map(({ role }) => getArnAccount(role))]) host.mask(value);
};

/** Logs the use of default credentials, and tags without effect. */
const logNotices = ({ source, roleSteps, tags }: Request, { log }: Host): void => {
  if (source.kind === 'default') log.info(`Starting from the credentials that are in place, ${source.reason}`);
  if (source.kind === 'token' && roleSteps.length === 0 && tags.custom.length > 0) {
    log.warning("'tags' have no effect here: with a token, AWS takes session tags from the token alone");
  }
};

const diagnoseDenial = async ({ request, services }: RunContext<Services>, denial: TrustDenial): Promise<Result> => {
  const { host, roleReader } = services;
  const policy = await roleReader.readTrustPolicy(denial.roleArn);
  const { expectedSubjects } = request;
  const diagnosis = diagnose({ ...denial, expectedSubjects, policy, now: host.clock.now() });
  await printTrustDiagnosis(diagnosis, host.log);
  return { kind: 'denied', diagnosis, claims: denial.claims };
};
