import type { Demand } from '../call.js';
import { arnOf, type Principal } from '../principal.js';
import type { ConditionContext } from './condition.js';
import type { Identity, Session } from './identity.js';
import { type Answer, type Asker, ask, type Policy } from './policy.js';

/** The condition keys that hold for every call of a principal (IAM user guide, "global condition context keys"). */
const globalKeys = (principal: Principal, session: Session | undefined, identity: Identity, at: number) => {
  if (principal.kind === 'anonymous') return {};
  const types = { root: 'Account', user: 'User', session: 'AssumedRole' } as const;
  const tags = session === undefined ? {} : { ...session.role.tags, ...session.tags };
  return {
    'aws:PrincipalArn': principal.kind === 'session' ? principal.roleArn : arnOf(principal, identity.partition),
    'aws:PrincipalAccount': principal.account,
    'aws:PrincipalType': types[principal.kind],
    'aws:CurrentTime': new Date(at).toISOString(),
    'aws:EpochTime': String(Math.floor(at / 1000)),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
    ...(session && {
      'aws:userid': `${session.role.id}:${session.sessionName}`,
      'aws:TokenIssueTime': new Date(session.issuedAt).toISOString(),
    }),
    ...(session?.sourceIdentity && { 'aws:SourceIdentity': session.sourceIdentity }),
    ...(session?.federatedProvider && { 'aws:FederatedProvider': session.federatedProvider }),
  };
};

/** Condition keys are case-insensitive: they are kept in lower case. */
export const contextOf = (keys: Readonly<Record<string, string | readonly string[]>>): ConditionContext =>
  new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));

const askerOf = (principal: Principal, partition: string): Asker => {
  if (principal.kind === 'anonymous') return { kind: 'AWS', names: [], accountNames: [] };
  const root = `arn:${partition}:iam::${principal.account}:root`;
  const names = principal.kind === 'session' ? [principal.arn, principal.roleArn] : [arnOf(principal, partition)];
  return { kind: 'AWS', names, accountNames: [root, principal.account] };
};

interface Grants {
  readonly identity: readonly Policy[];
  readonly boundary: readonly Policy[];
  readonly session: readonly Policy[];
}

/** What a principal holds now: a session has what its role has come to have, and nothing once the role is gone. */
const grantsOf = (principal: Principal, identity: Identity, at: number): Grants => {
  const role = principal.kind === 'session' ? identity.role(principal.roleArn, at) : undefined;
  const holder = role ?? (principal.kind === 'user' ? identity.user(principal.arn) : undefined);
  const boundary = holder?.boundary === undefined ? [] : [holder.boundary];
  const held = [...Object.values(holder?.policies ?? {}), ...(role?.managed ?? [])];
  return { identity: held, boundary, session: identity.session(principal)?.policies ?? [] };
};

type Answers = Readonly<Record<keyof Grants | 'resource', Answer>>;

const SOURCES = [
  ['identity', 'identity-based policy', 'an'],
  ['boundary', 'permissions boundary', 'a'],
  ['session', 'session policy', 'a'],
  ['resource', 'resource-based policy', 'a'],
] as const;

/** Why the answers amount to a refusal, in AWS's words; undefined when they allow. */
const reasonAgainst = (answers: Answers, action: string, needsResource: boolean): string | undefined => {
  const denied = SOURCES.find(([source]) => answers[source] === 'deny');
  if (denied !== undefined) return `with an explicit deny in ${denied[2]} ${denied[1]}`;
  const silent = (kind: string) => `because no ${kind} allows the ${action} action`;
  if (needsResource && answers.resource === 'silent') return silent('resource-based policy');
  if (answers.identity !== 'allow' && answers.resource !== 'allow') return silent('identity-based policy');
  if (answers.boundary !== 'allow') return silent('permissions boundary');
  return answers.session === 'allow' ? undefined : silent('session policy');
};

const isTrustQuestion = ({ action }: Demand): boolean => action.startsWith('sts:');

const refusalOf = (identity: Identity, principal: Principal, demand: Demand, at: number): string | undefined => {
  if (principal.kind === 'anonymous') return 'Access Denied';
  const role = isTrustQuestion(demand) ? identity.role(demand.resource, at) : undefined;
  const named = isTrustQuestion(demand) && demand.resource !== '*';
  if (principal.kind === 'root') return named ? 'Roles may not be assumed by root accounts.' : undefined;
  const { partition } = identity;
  const keys = globalKeys(principal, identity.session(principal), identity, at);
  const context = contextOf({ ...keys, ...demand.context });
  const question = { action: demand.action, resource: demand.resource, context };
  const grants = grantsOf(principal, identity, at);
  const trust = role === undefined ? [] : [role.trust];
  const resource = ask(trust, { ...question, asker: askerOf(principal, partition) });
  const limit = (policies: readonly Policy[]) => (policies.length === 0 ? 'allow' : ask(policies, question));
  const answers = {
    identity: ask(grants.identity, question),
    boundary: limit(grants.boundary),
    session: limit(grants.session),
    // in another account the role's trust never stands alone
    resource: role !== undefined && role.account !== principal.account && resource === 'allow' ? 'account' : resource,
  } as const;
  const reason = reasonAgainst(answers, demand.action, named);
  if (reason === undefined) return undefined;
  const text = `User: ${arnOf(principal, partition)} is not authorized to perform: ${demand.action} on resource: ${demand.resource}`;
  return named ? text : `${text} ${reason}`;
};

/**
 * Decides demands by identity policies, boundary, session policies and a role's trust policy: AWS's AccessDenied text
 * for the first that is refused; undefined when all are allowed.
 */
export const refusalText = (
  identity: Identity,
  principal: Principal,
  demands: readonly Demand[],
  at: number,
): string | undefined =>
  demands.map((demand) => refusalOf(identity, principal, demand, at)).find((text) => text !== undefined);
