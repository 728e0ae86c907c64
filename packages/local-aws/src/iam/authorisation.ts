import type { RequiredPermission } from '../api-call.js';
import type { ConditionContext } from './condition.js';
import type { IdentityStore, Session } from './identity.js';
import { evaluatePolicies, type Policy, type PolicyDecision, type PolicyPrincipal } from './policy.js';
import { getPrincipalArn, type Principal } from './principal.js';

/** The condition keys of every call of a principal (IAM user guide, "global condition context keys"). */
const buildGlobalConditionKeys = (
  principal: Principal,
  session: Session | undefined,
  identity: IdentityStore,
  at: number,
) => {
  if (principal.kind === 'anonymous') return {};
  const types = { root: 'Account', user: 'User', session: 'AssumedRole' } as const;
  const tags = session === undefined ? {} : { ...session.role.tags, ...session.tags };
  return {
    'aws:PrincipalArn':
      principal.kind === 'session' ? principal.roleArn : getPrincipalArn(principal, identity.partition),
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

/** Condition keys are case-insensitive: the context stores them in lower case. */
export const createConditionContext = (keys: Readonly<Record<string, string | readonly string[]>>): ConditionContext =>
  new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));

const toPolicyPrincipal = (principal: Principal, partition: string): PolicyPrincipal => {
  if (principal.kind === 'anonymous') return { kind: 'AWS', names: [], accountNames: [] };
  const root = `arn:${partition}:iam::${principal.account}:root`;
  const names =
    principal.kind === 'session' ? [principal.arn, principal.roleArn] : [getPrincipalArn(principal, partition)];
  return { kind: 'AWS', names, accountNames: [root, principal.account] };
};

interface EffectivePolicies {
  readonly identity: readonly Policy[];
  readonly boundary: readonly Policy[];
  readonly session: readonly Policy[];
}

/**
 * The policies of a principal at a moment. A session has its role's current policies, and none after the role is
 * deleted.
 */
const collectPolicies = (principal: Principal, identity: IdentityStore, at: number): EffectivePolicies => {
  const role = principal.kind === 'session' ? identity.findRole(principal.roleArn, at) : undefined;
  const holder = role ?? (principal.kind === 'user' ? identity.findUser(principal.arn) : undefined);
  const boundary = holder?.boundary === undefined ? [] : [holder.boundary];
  const identityPolicies = [...Object.values(holder?.policies ?? {}), ...(role?.managed ?? [])];
  return { identity: identityPolicies, boundary, session: identity.findSession(principal)?.policies ?? [] };
};

type PolicyDecisions = Readonly<Record<keyof EffectivePolicies | 'resource', PolicyDecision>>;

const POLICY_KINDS = [
  ['identity', 'identity-based policy', 'an'],
  ['boundary', 'permissions boundary', 'a'],
  ['session', 'session policy', 'a'],
  ['resource', 'resource-based policy', 'a'],
] as const;

/** The reason of a denial in AWS's words; undefined if the call is allowed. */
const findDenialReason = (
  decisions: PolicyDecisions,
  action: string,
  requiresResource: boolean,
): string | undefined => {
  const denied = POLICY_KINDS.find(([policyKind]) => decisions[policyKind] === 'deny');
  if (denied !== undefined) return `with an explicit deny in ${denied[2]} ${denied[1]}`;
  const explainMissingAllow = (kind: string) => `because no ${kind} allows the ${action} action`;
  if (requiresResource && decisions.resource === 'implicit-deny') return explainMissingAllow('resource-based policy');
  if (decisions.identity !== 'allow' && decisions.resource !== 'allow')
    return explainMissingAllow('identity-based policy');
  if (decisions.boundary !== 'allow') return explainMissingAllow('permissions boundary');
  return decisions.session === 'allow' ? undefined : explainMissingAllow('session policy');
};

const isStsPermission = ({ action }: RequiredPermission): boolean => action.startsWith('sts:');

const explainPermissionDenial = (
  identity: IdentityStore,
  principal: Principal,
  permission: RequiredPermission,
  at: number,
): string | undefined => {
  if (principal.kind === 'anonymous') return 'Access Denied';
  const role = isStsPermission(permission) ? identity.findRole(permission.resource, at) : undefined;
  const isRoleNamed = isStsPermission(permission) && permission.resource !== '*';
  if (principal.kind === 'root') return isRoleNamed ? 'Roles may not be assumed by root accounts.' : undefined;
  const { partition } = identity;
  const keys = buildGlobalConditionKeys(principal, identity.findSession(principal), identity, at);
  // ARNs of buckets and objects name no account: other accounts' buckets are rejected by S3.
  const owner = { 'aws:ResourceAccount': permission.resource.split(':')[4] || principal.account };
  const context = createConditionContext({ ...keys, ...owner, ...permission.context });
  const query = { action: permission.action, resource: permission.resource, context };
  const effectivePolicies = collectPolicies(principal, identity, at);
  const trust = role === undefined ? [] : [role.trust];
  const resource = evaluatePolicies(trust, { ...query, principal: toPolicyPrincipal(principal, partition) });
  const evaluateLimit = (policies: readonly Policy[]) =>
    policies.length === 0 ? 'allow' : evaluatePolicies(policies, query);
  const decisions = {
    identity: evaluatePolicies(effectivePolicies.identity, query),
    boundary: evaluateLimit(effectivePolicies.boundary),
    session: evaluateLimit(effectivePolicies.session),
    // A trust policy alone never allows a principal of another account.
    resource:
      role !== undefined && role.account !== principal.account && resource === 'allow' ? 'account-delegated' : resource,
  } as const;
  const reason = findDenialReason(decisions, permission.action, isRoleNamed);
  if (reason === undefined) return undefined;
  const message = `User: ${getPrincipalArn(principal, partition)} is not authorized to perform: ${permission.action} on resource: ${permission.resource}`;
  return isRoleNamed ? message : `${message} ${reason}`;
};

/**
 * Evaluates identity policies, permissions boundary, session policies and a role's trust policy. Returns AWS's
 * AccessDenied message for the first denied permission; undefined if all are allowed.
 */
export const explainDenial = (
  identity: IdentityStore,
  principal: Principal,
  permissions: readonly RequiredPermission[],
  at: number,
): string | undefined =>
  permissions
    .map((permission) => explainPermissionDenial(identity, principal, permission, at))
    .find((message) => message !== undefined);
