import { isReplacementError } from '../service-error.js';

/**
 * Whether a failed resource may succeed without a change. `transient`: at the next retry; `eventual`: after a change has
 * propagated (IAM needs up to five minutes); `permanent`: never; `replacement`: not while rollback is disabled.
 */
export type FailureClass = 'transient' | 'eventual' | 'permanent' | 'replacement';

export interface Diagnosis {
  readonly kind: FailureClass;
  /** `Throttling`, `AccessDenied`, …; empty if the reason has none. */
  readonly code: string;
  /** How to fix it. */
  readonly hint: string;
}

interface FailureInfo {
  readonly kind: FailureClass;
  readonly hint: string;
}

const retryHint = 'The error is transient. Set retry-attempts, or run mode: retry.';
const transient: FailureInfo = { kind: 'transient', hint: retryHint };
const definePermanent = (hint: string): FailureInfo => ({ kind: 'permanent', hint });

// HandlerErrorCode of the resource handler contract (docs/aws-facts.md §1.7). Codes that the contract calls retriable
// are transient, and so are those for which AWS's troubleshooting guide advises a retry.
const handlerCodes: Readonly<Record<string, FailureInfo>> = {
  NetworkFailure: transient,
  ResourceConflict: transient,
  ServiceInternalError: transient,
  Throttling: transient,
  NotStabilized: {
    kind: 'transient',
    hint: 'The resource did not stabilize in time. Check its logs, then run mode: retry.',
  },
  InternalFailure: transient,
  HandlerInternalFailure: transient,
  AccessDenied: definePermanent(
    'Grant the action to the role that deploys or to the service role, then run mode: retry.',
  ),
  InvalidCredentials: definePermanent('Check that the service role exists and trusts cloudformation.amazonaws.com.'),
  AlreadyExists: definePermanent(
    'Rename the resource, delete the existing one, or import it with import-existing-resources.',
  ),
  NotFound: definePermanent('Create the missing resource or correct the reference to it, then deploy again.'),
  InvalidRequest: definePermanent('Correct the property named in the reason, then deploy again.'),
  NotUpdatable: definePermanent(
    'This property cannot be changed. Replace the resource by giving it another logical ID.',
  ),
  ServiceLimitExceeded: definePermanent('Request a quota increase or delete unused resources, then run mode: retry.'),
  NonCompliant: definePermanent('A Hook rejected this configuration. Correct the resource as the Hook requires.'),
  UnsupportedTarget: definePermanent('The Hook does not support this target. Correct the configuration of the Hook.'),
  InvalidTypeConfiguration: definePermanent('Correct the configuration of the resource type in this account.'),
  GeneralServiceException: definePermanent('Check the reason. If the service was interrupted, run mode: retry.'),
  Unknown: definePermanent('Check the reason. If the service was interrupted, run mode: retry.'),
};

interface MessageRule extends FailureInfo {
  readonly pattern: RegExp;
}

const propagationHint = 'A permission has not propagated yet. Set retry-attempts, or run mode: retry in a minute.';

// Messages without a code, or with a vague one; the first match decides. They were collected from issues of CDK, SAM and
// Terraform, and are tolerant on purpose: retry-attempts bounds the retries.
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
    pattern: /do not have sufficient .{0,200}capacity|Insufficient\w{0,64}Capacity/iu,
    kind: 'transient',
    hint: 'AWS has insufficient capacity. Retry later, or use another type or Availability Zone.',
  },
  {
    pattern: /\btimed out\b/iu,
    kind: 'transient',
    hint: 'The resource timed out. Check what it waited for, then run mode: retry.',
  },
  {
    pattern:
      /conflicting (?:conditional )?operation is (?:currently )?in progress|OperationAborted|Another operation is in progress|ConcurrentModification|try again/iu,
    ...transient,
  },
];

const CODE = /(?:HandlerErrorCode:|Error Code:) ([A-Za-z0-9:-]+)/u;

/** `Throttling` of `… (RequestToken: …, HandlerErrorCode: Throttling)`; empty without a code. */
export const parseErrorCode = (reason: string): string => CODE.exec(reason)?.[1] ?? '';

const unknownFailure = definePermanent(
  'Correct the template, the parameters or the environment as the reason indicates, then deploy again.',
);

/** Classifies the reason of a failed event. Unknown reasons are permanent. */
export const diagnose = (reason: string): Diagnosis => {
  const code = parseErrorCode(reason);
  if (isReplacementError(reason)) {
    return {
      kind: 'replacement',
      code,
      hint: 'The change replaces a resource. Roll back first, then deploy with rollback enabled.',
    };
  }
  const byCode = Object.hasOwn(handlerCodes, code) ? handlerCodes[code] : undefined;
  const byMessage = messageRules.find(({ pattern }) => pattern.test(reason));
  const isVague =
    byCode === undefined || ['GeneralServiceException', 'Unknown', 'InvalidRequest', 'AccessDenied'].includes(code);
  const failureInfo = (isVague ? (byMessage ?? byCode) : byCode) ?? unknownFailure;
  return { kind: failureInfo.kind, code, hint: failureInfo.hint };
};

export const isRetryable = ({ kind }: Diagnosis): boolean => kind === 'transient' || kind === 'eventual';
