import { classify } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { OidcInputs } from '../action.js';
import type { Trial } from './attempt.js';
import type { Claims } from './claims.js';
import type { Credentials } from './credentials.js';
import { deliver } from './delivery.js';
import { printDiagnosis } from './diagnosis.js';
import { accountIn } from './hop.js';
import { type Identity, identify, objectionTo } from './identity.js';
import { type Origin, placesText } from './placement.js';
import { type Request, request } from './request.js';
import type { Result } from './result.js';
import { type ChainEnd, RoleChain, type Start } from './role-chain.js';
import { fetchSecrets } from './secrets.js';
import type { Connections, Services } from './services.js';
import { diagnose } from './trust-doctor.js';

/** Gets credentials, checks whose they are, and only then puts them where they are wanted. */
export const run = async (inputs: OidcInputs, services: Services): Promise<Result> => {
  const asked = request(inputs, services.host.variables);
  const work: Work = { asked, services, trial: trialOf(asked, services) };
  maskAccounts(asked, services);
  remark(asked, services);
  const existing = asked.existing === 'keep' ? await findExisting(work) : undefined;
  if (existing !== undefined) return finish(work, existing);
  const end = await obtain(work);
  if (end.kind === 'denied') return examine(work, end);
  const identity = await identify(end.credentials, services.sts, work.trial);
  const { credentials, claims } = end;
  return finish(work, { credentials, claims, identity, origin: originOf(asked) });
};

/** Getting credentials, under way. */
export interface Work<S extends Connections = Services> {
  readonly asked: Request;
  readonly services: S;
  readonly trial: Trial;
}

interface Found {
  readonly credentials: Credentials;
  readonly identity: Identity;
  readonly claims: Claims | undefined;
  readonly origin: Origin;
}

/** One deadline for all calls of a run. */
export const trialOf = ({ patience }: Request, { host }: Connections): Trial => ({
  clock: host.clock,
  signal: host.signal,
  log: host.log,
  deadline: host.clock.now() + patience.timeout * 1000,
  attempts: patience.attempts,
});

const originOf = ({ source, hops }: Request): Origin =>
  source.kind === 'ambient' && hops.length === 0 ? 'in-place' : 'obtained';

/** Accounts show in the roles' ARNs before anybody knows whose the credentials are. */
const maskAccounts = ({ guards, source, hops, account }: Request, { host }: Services): void => {
  if (guards.accountInLog === 'shown') return;
  const roles = [...(source.kind === 'token' ? [source.role] : []), ...hops];
  for (const text of [account ?? '', ...roles.map(({ role }) => accountIn(role))]) host.mask(text);
};

/** Says what people would otherwise wonder about. */
const remark = ({ source, hops, tags }: Request, { host }: Services): void => {
  if (source.kind === 'ambient') host.log.info(`Starting from the credentials that are in place, ${source.why}`);
  if (source.kind === 'token' && hops.length === 0 && tags.own.length > 0) {
    host.log.warning("'tags' have no effect here: with a token, AWS takes session tags from the token alone");
  }
};

/** Credentials that are in place and work. That they do not is a reason to go on; that nobody knows is none. */
const findExisting = async (work: Work): Promise<Found | undefined> => {
  const { services } = work;
  try {
    const credentials = await services.ambient('used');
    const identity = await identify(credentials, services.sts, work.trial);
    services.host.log.info('The credentials in place work: no new ones are fetched');
    return { credentials, identity, claims: undefined, origin: 'in-place' };
  } catch (error) {
    const isAbsent = error instanceof DeliveryError && error.code === 'missing';
    if (!isAbsent && !['denied', 'expired'].includes(classify(error))) throw error;
    services.host.log.info('There are no credentials in place that work: going on as usual');
    return undefined;
  }
};

const startOf = async ({ asked, services }: Work<Connections>): Promise<Start> => {
  const { source } = asked;
  switch (source.kind) {
    case 'token':
      return { kind: 'token', role: source.role, fresh: () => services.token(source.origin) };
    case 'keys':
      return { kind: 'credentials', credentials: source.credentials };
    case 'ambient':
      return { kind: 'credentials', credentials: await services.ambient(source.environment) };
  }
};

/** Goes from the first identity through the roles. */
export const obtain = async (work: Work<Connections>): Promise<ChainEnd> => {
  const chain = new RoleChain(work.asked, { sts: work.services.sts, trial: work.trial });
  return chain.walk(await startOf(work), work.asked.hops);
};

const examine = async ({ asked, services }: Work, denied: ChainEnd & { kind: 'denied' }): Promise<Result> => {
  const policy = await services.roles.trustPolicy(denied.role);
  const { expectedSubjects } = asked;
  const diagnosis = diagnose({ ...denied, expectedSubjects, policy, now: services.host.clock.now() });
  await printDiagnosis(diagnosis, services.host.log);
  return { kind: 'denied', diagnosis, claims: denied.claims };
};

const finish = async ({ asked, services }: Work, found: Found): Promise<Result> => {
  const { host } = services;
  const { identity, credentials, claims, origin } = found;
  if (asked.guards.accountInLog === 'masked') for (const text of [identity.account, identity.arn]) host.mask(text);
  const reason = objectionTo(identity, asked.guards);
  if (reason !== undefined) return { kind: 'refused', reason, identity, claims };
  host.log.info(`Authenticated as ${identity.arn}`);
  const store = services.secrets(credentials);
  const secrets = await fetchSecrets(asked.secrets, {
    store,
    variables: host.variables,
    mask: (text) => host.mask(text),
  });
  const placement = await deliver({ request: asked, credentials, origin, secrets, files: services.files }, host);
  host.log.info(`Later steps find the credentials: ${placesText(asked.destination, placement, origin)}`);
  const names = secrets.map(({ name }) => name);
  return { ...found, kind: 'ready', request: asked, placement, secrets: names };
};
