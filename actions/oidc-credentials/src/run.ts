import type { Host } from '@aws-delivery/action-kit/host/host';
import type { OidcInputs } from '../action.js';
import { formatExportMessage } from './export/credential-output.js';
import { exportCredentials } from './export/export-credentials.js';
import { parseRequest, type Request } from './inputs/parse-request.js';
import { fetchParameters } from './parameters/fetch-parameters.js';
import { printTrustDiagnosis } from './report/trust-log.js';
import type { Result } from './result.js';
import { getArnAccount } from './role/arn.js';
import type { Credentials } from './role/credentials.js';
import { findGuardViolation } from './role/identity.js';
import {
  createRetryOptions,
  findExistingCredentials,
  obtainCredentials,
  type RunContext,
} from './role/obtain-credentials.js';
import type { TrustDenial } from './role/role-chain.js';
import { fetchSecrets } from './secrets/fetch-secrets.js';
import type { Services } from './services.js';
import type { DefaultReason } from './token/credential-source.js';
import { diagnose } from './trust/trust-diagnosis.js';
import { assertNamesFree, type ExportedVariable } from './variables/exported-variable.js';

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
  const variables = await fetchVariables(context, credentials);
  const { processFiles } = services;
  const credentialOutput = await exportCredentials({ request, credentials, origin, variables, processFiles }, host);
  host.log.info(formatExportMessage(request.exportTarget, credentialOutput, origin));
  return { kind: 'ready', request, identity, credentials, claims, credentialOutput, variables, origin };
};

/** Fetches secrets and parameters. Their variables must not replace others. */
const fetchVariables = async (
  { request, services }: RunContext<Services>,
  credentials: Credentials,
): Promise<readonly ExportedVariable[]> => {
  const { host } = services;
  const mask = (value: string): void => host.mask(value);
  const variables = [
    ...(await fetchSecrets(request.secrets, { store: services.createSecretStore(credentials), mask })),
    ...(await fetchParameters(request.parameters, { store: services.createParameterStore(credentials), mask })),
  ];
  assertNamesFree(variables, host.env);
  return variables;
};

/** Masks the accounts in the ARNs of the roles, which are logged before the identity is known. */
const maskAccounts = ({ guards, source, roleSteps, account }: Request, host: Host): void => {
  if (guards.accountInLog === 'shown') return;
  const roles = [...(source.kind === 'token' ? [source.role] : []), ...roleSteps];
  for (const value of [account ?? '', ...roles.map(({ role }) => getArnAccount(role))]) host.mask(value);
};

const DEFAULT_REASONS: Readonly<Record<DefaultReason, string>> = {
  'no-role': 'No role is set',
  'role-chaining': "Input 'role-chaining' is set",
  'no-token': 'No OIDC token found',
};

/** Logs the use of default credentials, and tags without effect. */
const logNotices = ({ source, roleSteps, tags }: Request, { log }: Host): void => {
  if (source.kind === 'default') log.info(`${DEFAULT_REASONS[source.reason]}; using the default AWS credential chain`);
  if (source.kind === 'token' && roleSteps.length === 0 && tags.custom.length > 0) {
    log.warning("input 'tags' is ignored: with an OIDC token, AWS uses only the session tags in the token");
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
