import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { describe, expect, it } from '@jest/globals';
import { classifyError, type ErrorClass, formatAwsError, getRetryAfter, toDeliveryError } from '../src/error.js';

const createError = (fields: Record<string, unknown>, message = 'said the service'): Error =>
  Object.assign(new Error(message), fields);

const createMetadata = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

const cases: readonly (readonly [ErrorClass, string, unknown])[] = [
  ['throttled', 'Throttling of CloudFormation', createError({ name: 'Throttling' })],
  ['throttled', 'ThrottlingException', createError({ name: 'ThrottlingException', ...createMetadata(400) })],
  ['throttled', 'TooManyRequestsException', createError({ name: 'TooManyRequestsException' })],
  ['throttled', 'SlowDown of S3', createError({ name: 'SlowDown', ...createMetadata(503) })],
  ['throttled', 'status 429 without a known code', createError(createMetadata(429))],
  ['throttled', 'a throttling hint', createError({ name: 'Odd', $retryable: { throttling: true } })],
  ['throttled', 'a quota code with a rate message', createError({ name: 'LimitExceededException' }, 'Rate exceeded')],
  [
    'permanent',
    'a quota',
    createError({ name: 'LimitExceededException', ...createMetadata(400) }, 'limit of stacks reached'),
  ],
  [
    'transient',
    'IDPCommunicationErrorException with its hint',
    createError({ name: 'IDPCommunicationErrorException', $retryable: {} }),
  ],
  ['transient', 'IDPCommunicationError in Code only', createError({ name: 'Whatever', Code: 'IDPCommunicationError' })],
  ['transient', 'a reset connection', createError({ code: 'ECONNRESET' })],
  ['transient', 'a DNS failure', createError({ code: 'EAI_AGAIN' })],
  ['transient', 'a timeout of the SDK', createError({ name: 'TimeoutError' })],
  ['transient', 'status 503', createError(createMetadata(503))],
  ['transient', 'status 500 with an unknown code', createError({ name: 'Oops', ...createMetadata(500) })],
  ['transient', 'a corrected clock', createError({ name: 'Odd', $metadata: { clockSkewCorrected: true } })],
  [
    'transient',
    'a wrapped socket error',
    new TypeError('fetch failed', { cause: createError({ code: 'ECONNREFUSED' }) }),
  ],
  ['permanent', 'an unimplemented operation (501)', createError({ name: 'NotImplemented', ...createMetadata(501) })],
  ['eventual', 'ConcurrentModificationException', createError({ name: 'ConcurrentModificationException' })],
  ['eventual', 'OperationAborted of S3', createError({ name: 'OperationAborted', ...createMetadata(409) })],
  ['expired', 'ExpiredToken', createError({ name: 'ExpiredToken', ...createMetadata(403) })],
  ['expired', 'ExpiredTokenException', createError({ name: 'ExpiredTokenException', Code: 'ExpiredToken' })],
  [
    'expired',
    'another code with the usual message',
    createError({ name: 'UnrecognizedClientException' }, 'The security token included in the request is expired'),
  ],
  [
    'not-entitled',
    'SubscriptionRequiredException',
    createError({ name: 'SubscriptionRequiredException', ...createMetadata(400) }),
  ],
  ['not-entitled', 'RegionDisabledException', createError({ name: 'RegionDisabledException', ...createMetadata(403) })],
  ['denied', 'AccessDenied of STS', createError({ name: 'AccessDenied', ...createMetadata(403) })],
  [
    'denied',
    'AccessDeniedException of JSON services',
    createError({ name: 'AccessDeniedException', ...createMetadata(400) }),
  ],
  ['denied', 'a namespaced code', createError({ name: 'com.amazonaws.health#AccessDeniedException' })],
  ['denied', 'a bare 403', createError(createMetadata(403))],
  ['permanent', 'ValidationError', createError({ name: 'ValidationError', ...createMetadata(400) })],
  ['permanent', 'a TypeError', new TypeError('x is not a function')],
  ['permanent', 'a thrown string', 'boom'],
  ['permanent', 'undefined', undefined],
  ['throttled', 'a throttled DeliveryError', new DeliveryError('throttled', 'x')],
  ['transient', 'an unavailable DeliveryError', new DeliveryError('unavailable', 'x')],
  [
    'permanent',
    'a rejected DeliveryError, whatever its cause',
    new DeliveryError('rejected', 'x', { cause: createError({ code: 'ECONNRESET' }) }),
  ],
];

describe('classifyError', () => {
  it.each(cases)('returns %s for %s', (expected, _, error) => {
    expect(classifyError(error)).toBe(expected);
  });

  it('stops at a circular chain of causes', () => {
    const error = createError({ name: 'Odd' });
    Object.assign(error, { cause: error });
    expect(classifyError(error)).toBe('permanent');
  });
});

describe('formatAwsError', () => {
  it('joins operation, code, message, status and request id on one line', () => {
    const error = createError(
      { name: 'ValidationError', $metadata: { httpStatusCode: 400, requestId: '1f0c' } },
      'Stack [shop]\ndoes not exist',
    );
    expect(formatAwsError(error, 'DescribeStacks')).toBe(
      'DescribeStacks: ValidationError: Stack [shop] does not exist (400, request 1f0c)',
    );
  });

  it.each([
    [
      'a socket error',
      createError({ code: 'ECONNREFUSED' }, 'connect ECONNREFUSED 127.0.0.1:1'),
      'ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1',
    ],
    ['a plain error', new Error('no'), 'no'],
    ['unknown error without a message', createError({ name: 'UnknownError' }, ''), 'UnknownError'],
    ['a thrown string', 'boom', 'boom'],
  ])('omits unknown details of %s', (_, error, text) => {
    expect(formatAwsError(error)).toBe(text);
  });

  it('prefers Code over the class name', () => {
    expect(getErrorCode(createError({ name: 'InvalidIdentityTokenException', Code: 'InvalidIdentityToken' }))).toBe(
      'InvalidIdentityToken',
    );
  });
});

describe('getRetryAfter', () => {
  const after = (value: string) => createError({ $response: { headers: { 'retry-after': value } } });

  it.each([
    ['3', 3000],
    ['0.5', 500],
    ['Thu, 01 Jan 1970 00:01:40 GMT', 40_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', undefined],
    ['soon', undefined],
  ])('parses %s', (value, expected) => {
    expect(getRetryAfter(after(value), 60_000)).toBe(expected);
  });

  it('returns undefined for an error without a response', () => {
    expect(getRetryAfter(new Error('x'), 0)).toBeUndefined();
  });
});

describe('toDeliveryError', () => {
  it.each([
    ['Throttling', 'throttled'],
    ['ServiceUnavailable', 'unavailable'],
    ['AccessDenied', 'denied'],
    ['ExpiredToken', 'expired'],
    ['SubscriptionRequiredException', 'not-entitled'],
    ['ConcurrentModificationException', 'conflict'],
    ['ValidationError', 'unexpected'],
  ])('maps %s to %s and keeps the cause', (name, code) => {
    const cause = createError({ name });
    expect(toDeliveryError(cause, 'Do')).toMatchObject({ code, cause, message: `Do: ${name}: said the service` });
  });

  it('returns a DeliveryError unchanged', () => {
    const error = new DeliveryError('missing', 'x');
    expect(toDeliveryError(error, 'Do')).toBe(error);
  });
});
