import { isReplacementError } from '../service-error.js';

/**
 * Whether a failed resource may succeed as it is: `transient` at the next try, `eventual` once something else has
 * spread (IAM needs up to five minutes), `permanent` never; `replacement` never while rollback is disabled.
 */
export type FailureClass = 'transient' | 'eventual' | 'permanent' | 'replacement';

export interface Diagnosis {
  readonly kind: FailureClass;
  /** `Throttling`, `AccessDenied`, …; empty where the reason names none. */
  readonly code: string;
  /** What to do about it, for people. */
  readonly hint: string;
}

interface FailureInfo {
  readonly kind: FailureClass;
  readonly hint: string;
}

const retryHint = 'this passes by itself: set retry-attempts, or run mode retry';
const transient: FailureInfo = { kind: 'transient', hint: retryHint };
const definePermanent = (hint: string): FailureInfo => ({ kind: 'permanent', hint });

// HandlerErrorCode of the resource handler contract (aws-facts §1.7). What the contract calls retriable is transient;
// of the rest, those that AWS's troubleshooting guide advises to try again are so as well.
const handlerCodes: Readonly<Record<string, FailureInfo>> = {
  NetworkFailure: transient,
  ResourceConflict: transient,
  ServiceInternalError: transient,
  Throttling: transient,
  NotStabilized: { kind: 'transient', hint: 'the resource did not settle in time: look at its own log, then retry' },
  InternalFailure: transient,
  HandlerInternalFailure: transient,
  AccessDenied: definePermanent(
    'grant the named action to the deploying role or the service role, then run mode retry',
  ),
  InvalidCredentials: definePermanent('check the service role and its trust in cloudformation.amazonaws.com'),
  AlreadyExists: definePermanent('rename it, delete the existing one, or adopt it with import-existing-resources'),
  NotFound: definePermanent('create what is missing, or correct the reference to it, then deploy again'),
  InvalidRequest: definePermanent('correct the property that the reason names, then deploy again'),
  NotUpdatable: definePermanent('this property cannot be changed: replace the resource under another logical id'),
  ServiceLimitExceeded: definePermanent('raise the quota or free some of it, then run mode retry'),
  NonCompliant: definePermanent('a hook forbids this configuration: correct the resource as the hook asks'),
  UnsupportedTarget: definePermanent('this hook does not take this target: correct the hook’s configuration'),
  InvalidTypeConfiguration: definePermanent('correct the configuration of the resource type in this account'),
  GeneralServiceException: definePermanent('read the reason; if the service was interrupted, run mode retry'),
  Unknown: definePermanent('read the reason; if the service was interrupted, run mode retry'),
};

interface MessageRule extends FailureInfo {
  readonly pattern: RegExp;
}

const propagationHint = 'a permission is still spreading: set retry-attempts, or run mode retry in a minute';

// Texts of services without codes, and of codes that say too little; the first that matches counts. Seen in issue
// threads of CDK, SAM and Terraform: tolerant on purpose, since what they decide is bounded by retry-attempts.
const messageRules: readonly MessageRule[] = [
  {
    pattern: /cannot be assumed by|unable to assume (?:the )?(?:role|provided)|Invalid principal in policy/iu,
    kind: 'eventual',
    hint: propagationHint,
  },
  {
    pattern: /The provided execution role does not have permissions|Role (?:\S+ )?is not ready/iu,
    kind: 'eventual',
    hint: propagationHint,
  },
  { pattern: /Rate exceeded|RequestLimitExceeded|\bThrottl|Too ?Many ?Requests|SlowDown/iu, ...transient },
  {
    pattern: /Status Code: 5\d\d|Service ?Unavailable|Internal (?:Failure|(?:Server )?Error)\b|downstream service/iu,
    ...transient,
  },
  {
    pattern: /do not have sufficient .*capacity|Insufficient\w*Capacity/iu,
    kind: 'transient',
    hint: 'AWS is short of capacity there: retry later, or use another type or zone',
  },
  { pattern: /\btimed out\b/iu, kind: 'transient', hint: 'it took too long: see what it waited for, then retry' },
  {
    pattern:
      /conflicting (?:conditional )?operation is (?:currently )?in progress|OperationAborted|Another operation is in progress|ConcurrentModification|try again/iu,
    ...transient,
  },
];

const CODE = /(?:HandlerErrorCode:|Error Code:) ([A-Za-z0-9:-]+)/u;

/** `Throttling` of `… (RequestToken: …, HandlerErrorCode: Throttling)`; empty where there is none. */
export const parseErrorCode = (reason: string): string => CODE.exec(reason)?.[1] ?? '';

const unknownFailure = definePermanent(
  'read the reason, correct the template, the parameters or the environment, then deploy again',
);

/** What a failed event's reason calls for. Nothing is transient that is not known to be. */
export const diagnose = (reason: string): Diagnosis => {
  const code = parseErrorCode(reason);
  if (isReplacementError(reason)) {
    return {
      kind: 'replacement',
      code,
      hint: 'roll back first, then deploy with rollback enabled: this change replaces a resource',
    };
  }
  const byCode = Object.hasOwn(handlerCodes, code) ? handlerCodes[code] : undefined;
  const byMessage = messageRules.find(({ pattern }) => pattern.test(reason));
  const isVague =
    byCode === undefined || ['GeneralServiceException', 'Unknown', 'InvalidRequest', 'AccessDenied'].includes(code);
  const failureInfo = (isVague ? (byMessage ?? byCode) : byCode) ?? unknownFailure;
  return { kind: failureInfo.kind, code, hint: failureInfo.hint };
};

/** Is it worth trying again? */
export const isRetryable = ({ kind }: Diagnosis): boolean => kind === 'transient' || kind === 'eventual';
