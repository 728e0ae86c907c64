import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { classifyError } from '@aws-delivery/aws/error';
import type { OidcInputs } from '../action.js';
import { type CredentialOrigin, describeLocations } from './export/credential-output.js';
import { exportCredentials } from './export/export-credentials.js';
import { parseRequest, type Request } from './inputs/parse-request.js';
import type { Result } from './result.js';
import type { Credentials } from './role/credentials.js';
import { findGuardViolation, type Identity, identify } from './role/identity.js';
import type { RetryOptions } from './role/retry.js';
import { type ChainResult, type ChainStart, RoleChain } from './role/role-chain.js';
import { getArnAccount } from './role/role-step.js';
import { printTrustDiagnosis } from './role/trust-diagnosis.js';
import { diagnose } from './role/trust-policy-diagnostics.js';
import { fetchSecrets } from './secrets/fetch-secrets.js';
import type { CredentialServices, Services } from './services.js';
import type { Claims } from './token/claims.js';

/** Gets credentials, checks whose they are, and only then puts them where they are wanted. */
export const run = async (inputs: OidcInputs, services: Services): Promise<Result> => {
  const request = parseRequest(inputs, services.host.env);
  const context: RunContext = { request, services, retryOptions: createRetryOptions(request, services) };
  maskAccounts(request, services);
  logNotices(request, services);
  const existing = request.existing === 'keep' ? await findExisting(context) : undefined;
  if (existing !== undefined) return checkAndExport(context, existing);
  const chainResult = await obtainCredentials(context);
  if (chainResult.kind === 'denied') return diagnoseDenial(context, chainResult);
  const identity = await identify(chainResult.credentials, services.stsApi, context.retryOptions);
  const { credentials, claims } = chainResult;
  return checkAndExport(context, { credentials, claims, identity, origin: getCredentialOrigin(request) });
};

/** Getting credentials, under way. */
export interface RunContext<S extends CredentialServices = Services> {
  readonly request: Request;
  readonly services: S;
  readonly retryOptions: RetryOptions;
}

interface IdentifiedCredentials {
  readonly credentials: Credentials;
  readonly identity: Identity;
  readonly claims: Claims | undefined;
  readonly origin: CredentialOrigin;
}

/** One deadline for all calls of a run. */
export const createRetryOptions = ({ retryPolicy }: Request, { host }: CredentialServices): RetryOptions => ({
  clock: host.clock,
  signal: host.signal,
  log: host.log,
  deadline: host.clock.now() + retryPolicy.timeout * 1000,
  maxAttempts: retryPolicy.maxAttempts,
});

const getCredentialOrigin = ({ source, roleSteps }: Request): CredentialOrigin =>
  source.kind === 'default' && roleSteps.length === 0 ? 'existing' : 'obtained';

/** Accounts show in the roles' ARNs before anybody knows whose the credentials are. */
const maskAccounts = ({ guards, source, roleSteps, account }: Request, { host }: Services): void => {
  if (guards.accountInLog === 'shown') return;
  const roles = [...(source.kind === 'token' ? [source.role] : []), ...roleSteps];
  for (const value of [account ?? '', ...roles.map(({ role }) => getArnAccount(role))]) host.mask(value);
};

/** Says what people would otherwise wonder about. */
const logNotices = ({ source, roleSteps, tags }: Request, { host }: Services): void => {
  if (source.kind === 'default') host.log.info(`Starting from the credentials that are in place, ${source.reason}`);
  if (source.kind === 'token' && roleSteps.length === 0 && tags.custom.length > 0) {
    host.log.warning("'tags' have no effect here: with a token, AWS takes session tags from the token alone");
  }
};

/** Credentials that are in place and work. That they do not is a reason to go on; that nobody knows is none. */
const findExisting = async (context: RunContext): Promise<IdentifiedCredentials | undefined> => {
  const { services } = context;
  try {
    const credentials = await services.getDefaultCredentials('used');
    const identity = await identify(credentials, services.stsApi, context.retryOptions);
    services.host.log.info('The credentials in place work: no new ones are fetched');
    return { credentials, identity, claims: undefined, origin: 'existing' };
  } catch (error) {
    const isAbsent = error instanceof DeliveryError && error.code === 'missing';
    if (!isAbsent && !['denied', 'expired'].includes(classifyError(error))) throw error;
    services.host.log.info('There are no credentials in place that work: going on as usual');
    return undefined;
  }
};

const createChainStart = async ({ request, services }: RunContext<CredentialServices>): Promise<ChainStart> => {
  const { source } = request;
  switch (source.kind) {
    case 'token':
      return { kind: 'token', role: source.role, fetchToken: () => services.fetchToken(source.tokenSource) };
    case 'keys':
      return { kind: 'credentials', credentials: source.credentials };
    case 'default':
      return { kind: 'credentials', credentials: await services.getDefaultCredentials(source.envKeys) };
  }
};

/** Goes from the first identity through the roles. */
export const obtainCredentials = async (context: RunContext<CredentialServices>): Promise<ChainResult> => {
  const chain = new RoleChain(context.request, { stsApi: context.services.stsApi, retryOptions: context.retryOptions });
  return chain.assumeRoles(await createChainStart(context), context.request.roleSteps);
};

const diagnoseDenial = async (
  { request, services }: RunContext,
  denial: ChainResult & { kind: 'denied' },
): Promise<Result> => {
  const policy = await services.roleReader.readTrustPolicy(denial.roleArn);
  const { expectedSubjects } = request;
  const diagnosis = diagnose({ ...denial, expectedSubjects, policy, now: services.host.clock.now() });
  await printTrustDiagnosis(diagnosis, services.host.log);
  return { kind: 'denied', diagnosis, claims: denial.claims };
};

const checkAndExport = async (
  { request, services }: RunContext,
  identified: IdentifiedCredentials,
): Promise<Result> => {
  const { host } = services;
  const { identity, credentials, claims, origin } = identified;
  if (request.guards.accountInLog === 'masked') for (const value of [identity.account, identity.arn]) host.mask(value);
  const reason = findGuardViolation(identity, request.guards);
  if (reason !== undefined) return { kind: 'rejected', reason, identity, claims };
  host.log.info(`Authenticated as ${identity.arn}`);
  const store = services.createSecretStore(credentials);
  const secrets = await fetchSecrets(request.secrets, {
    store,
    env: host.env,
    mask: (value) => host.mask(value),
  });
  const credentialOutput = await exportCredentials(
    { request, credentials, origin, secrets, processFiles: services.processFiles },
    host,
  );
  host.log.info(
    `Later steps find the credentials: ${describeLocations(request.exportTarget, credentialOutput, origin)}`,
  );
  const names = secrets.map(({ name }) => name);
  return { ...identified, kind: 'ready', request, credentialOutput, secrets: names };
};
