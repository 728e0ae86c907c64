import { isReplacementRefusal } from './refusal.js';

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
  readonly remedy: string;
}

interface CodeFacts {
  readonly kind: FailureClass;
  readonly remedy: string;
}

const again = 'this passes by itself: set retry-attempts, or run mode retry';
const transient: CodeFacts = { kind: 'transient', remedy: again };
const permanent = (remedy: string): CodeFacts => ({ kind: 'permanent', remedy });

// HandlerErrorCode of the resource handler contract (aws-facts §1.7). What the contract calls retriable is transient;
// of the rest, those that AWS's troubleshooting guide advises to try again are so as well.
const handlerCodes: Readonly<Record<string, CodeFacts>> = {
  NetworkFailure: transient,
  ResourceConflict: transient,
  ServiceInternalError: transient,
  Throttling: transient,
  NotStabilized: { kind: 'transient', remedy: 'the resource did not settle in time: look at its own log, then retry' },
  InternalFailure: transient,
  HandlerInternalFailure: transient,
  AccessDenied: permanent('grant the named action to the deploying role or the service role, then run mode retry'),
  InvalidCredentials: permanent('check the service role and its trust in cloudformation.amazonaws.com'),
  AlreadyExists: permanent('rename it, delete the existing one, or adopt it with import-existing-resources'),
  NotFound: permanent('create what is missing, or correct the reference to it, then deploy again'),
  InvalidRequest: permanent('correct the property that the reason names, then deploy again'),
  NotUpdatable: permanent('this property cannot be changed: replace the resource under another logical id'),
  ServiceLimitExceeded: permanent('raise the quota or free some of it, then run mode retry'),
  NonCompliant: permanent('a hook forbids this configuration: correct the resource as the hook asks'),
  UnsupportedTarget: permanent('this hook does not take this target: correct the hook’s configuration'),
  InvalidTypeConfiguration: permanent('correct the configuration of the resource type in this account'),
  GeneralServiceException: permanent('read the reason; if the service was interrupted, run mode retry'),
  Unknown: permanent('read the reason; if the service was interrupted, run mode retry'),
};

interface TextFacts extends CodeFacts {
  readonly text: RegExp;
}

const spreading = 'a permission is still spreading: set retry-attempts, or run mode retry in a minute';

// Texts of services without codes, and of codes that say too little; the first that matches counts. Seen in issue
// threads of CDK, SAM and Terraform: tolerant on purpose, since what they decide is bounded by retry-attempts.
const texts: readonly TextFacts[] = [
  {
    text: /cannot be assumed by|unable to assume (?:the )?(?:role|provided)|Invalid principal in policy/iu,
    kind: 'eventual',
    remedy: spreading,
  },
  {
    text: /The provided execution role does not have permissions|Role (?:\S+ )?is not ready/iu,
    kind: 'eventual',
    remedy: spreading,
  },
  { text: /Rate exceeded|RequestLimitExceeded|\bThrottl|Too ?Many ?Requests|SlowDown/iu, ...transient },
  {
    text: /Status Code: 5\d\d|Service ?Unavailable|Internal (?:Failure|(?:Server )?Error)\b|downstream service/iu,
    ...transient,
  },
  {
    text: /do not have sufficient .*capacity|Insufficient\w*Capacity/iu,
    kind: 'transient',
    remedy: 'AWS is short of capacity there: retry later, or use another type or zone',
  },
  { text: /\btimed out\b/iu, kind: 'transient', remedy: 'it took too long: see what it waited for, then retry' },
  {
    text: /conflicting (?:conditional )?operation is (?:currently )?in progress|OperationAborted|Another operation is in progress|ConcurrentModification|try again/iu,
    ...transient,
  },
];

const CODE = /(?:HandlerErrorCode:|Error Code:) ([A-Za-z0-9:-]+)/u;

/** `Throttling` of `… (RequestToken: …, HandlerErrorCode: Throttling)`; empty where there is none. */
export const errorCodeOf = (reason: string): string => CODE.exec(reason)?.[1] ?? '';

const unknown = permanent(
  'read the reason, correct the template, the parameters or the environment, then deploy again',
);

/** What a failed event's reason calls for. Nothing is transient that is not known to be. */
export const diagnose = (reason: string): Diagnosis => {
  const code = errorCodeOf(reason);
  if (isReplacementRefusal(reason)) {
    return {
      kind: 'replacement',
      code,
      remedy: 'roll back first, then deploy with rollback enabled: this change replaces a resource',
    };
  }
  const byCode = Object.hasOwn(handlerCodes, code) ? handlerCodes[code] : undefined;
  const byText = texts.find(({ text }) => text.test(reason));
  const isVague =
    byCode === undefined || ['GeneralServiceException', 'Unknown', 'InvalidRequest', 'AccessDenied'].includes(code);
  const facts = (isVague ? (byText ?? byCode) : byCode) ?? unknown;
  return { kind: facts.kind, code, remedy: facts.remedy };
};

/** Is it worth trying again? */
export const mayPass = ({ kind }: Diagnosis): boolean => kind === 'transient' || kind === 'eventual';
