import { describe, expect, it } from '@jest/globals';
import {
  awsErrorText,
  classify,
  codeOf,
  type ErrorClass,
  isCode,
  retryAfter,
  toDeliveryError,
} from '../src/aws-error.js';
import { DeliveryError } from '../src/error.js';

const thrown = (fields: Record<string, unknown>, message = 'said the service'): Error =>
  Object.assign(new Error(message), fields);

const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

const cases: readonly (readonly [ErrorClass, string, unknown])[] = [
  ['throttled', 'Throttling of CloudFormation', thrown({ name: 'Throttling' })],
  ['throttled', 'ThrottlingException', thrown({ name: 'ThrottlingException', ...status(400) })],
  ['throttled', 'TooManyRequestsException', thrown({ name: 'TooManyRequestsException' })],
  ['throttled', 'SlowDown of S3', thrown({ name: 'SlowDown', ...status(503) })],
  ['throttled', 'status 429 without a known code', thrown(status(429))],
  ['throttled', 'a hint of throttling', thrown({ name: 'Odd', $retryable: { throttling: true } })],
  ['throttled', 'a quota code whose text says rate', thrown({ name: 'LimitExceededException' }, 'Rate exceeded')],
  ['permanent', 'a quota', thrown({ name: 'LimitExceededException', ...status(400) }, 'limit of stacks reached')],
  [
    'transient',
    'IDPCommunicationErrorException with its hint',
    thrown({ name: 'IDPCommunicationErrorException', $retryable: {} }),
  ],
  ['transient', 'IDPCommunicationError in Code only', thrown({ name: 'Whatever', Code: 'IDPCommunicationError' })],
  ['transient', 'a reset connection', thrown({ code: 'ECONNRESET' })],
  ['transient', 'a name that does not resolve yet', thrown({ code: 'EAI_AGAIN' })],
  ['transient', 'a timeout of the SDK', thrown({ name: 'TimeoutError' })],
  ['transient', 'status 503', thrown(status(503))],
  ['transient', 'status 500 with an unknown code', thrown({ name: 'Oops', ...status(500) })],
  ['transient', 'a corrected clock', thrown({ name: 'Odd', $metadata: { clockSkewCorrected: true } })],
  ['transient', 'a wrapped socket error', new TypeError('fetch failed', { cause: thrown({ code: 'ECONNREFUSED' }) })],
  ['permanent', 'an operation nobody models (501)', thrown({ name: 'NotImplemented', ...status(501) })],
  ['eventual', 'ConcurrentModificationException', thrown({ name: 'ConcurrentModificationException' })],
  ['eventual', 'OperationAborted of S3', thrown({ name: 'OperationAborted', ...status(409) })],
  ['expired', 'ExpiredToken', thrown({ name: 'ExpiredToken', ...status(403) })],
  ['expired', 'ExpiredTokenException', thrown({ name: 'ExpiredTokenException', Code: 'ExpiredToken' })],
  [
    'expired',
    'an odd code with the usual text',
    thrown({ name: 'UnrecognizedClientException' }, 'The security token included in the request is expired'),
  ],
  ['not-entitled', 'SubscriptionRequiredException', thrown({ name: 'SubscriptionRequiredException', ...status(400) })],
  ['not-entitled', 'RegionDisabledException', thrown({ name: 'RegionDisabledException', ...status(403) })],
  ['denied', 'AccessDenied of STS', thrown({ name: 'AccessDenied', ...status(403) })],
  ['denied', 'AccessDeniedException of JSON services', thrown({ name: 'AccessDeniedException', ...status(400) })],
  ['denied', 'a namespaced code', thrown({ name: 'com.amazonaws.health#AccessDeniedException' })],
  ['denied', 'a bare 403', thrown(status(403))],
  ['permanent', 'ValidationError', thrown({ name: 'ValidationError', ...status(400) })],
  ['permanent', 'a TypeError of our own', new TypeError('x is not a function')],
  ['permanent', 'a thrown string', 'boom'],
  ['permanent', 'nothing at all', undefined],
  ['throttled', 'the kit’s own throttled', new DeliveryError('throttled', 'x')],
  ['transient', 'the kit’s own unavailable', new DeliveryError('unavailable', 'x')],
  [
    'permanent',
    'the kit’s own refusal, whatever its cause',
    new DeliveryError('refused', 'x', { cause: thrown({ code: 'ECONNRESET' }) }),
  ],
];

describe('classify', () => {
  it.each(cases)('says %s for %s', (expected, _, error) => {
    expect(classify(error)).toBe(expected);
  });

  it('ends on a chain of causes that bites its tail', () => {
    const error = thrown({ name: 'Odd' });
    Object.assign(error, { cause: error });
    expect(classify(error)).toBe('permanent');
  });
});

describe('isCode', () => {
  it.each([
    ['in name', { name: 'AccessDenied' }, true],
    ['with the suffix', { name: 'AccessDeniedException' }, true],
    ['in Code beside a class name', { name: 'SomethingElse', Code: 'AccessDenied' }, true],
    ['with a namespace', { name: 'aws.protocols#AccessDeniedException' }, true],
    ['not as a part', { name: 'AccessDeniedForNow' }, false],
  ])('finds a code %s', (_, fields, expected) => {
    expect(isCode(thrown(fields), 'AccessDenied')).toBe(expected);
    expect(isCode(thrown(fields), 'AccessDeniedException')).toBe(expected);
  });

  it('finds any of several codes, and none in what is not an error', () => {
    expect(isCode(thrown({ name: 'NoSuchBucket' }), 'NotFound', 'NoSuchBucket')).toBe(true);
    expect(isCode('AccessDenied', 'AccessDenied')).toBe(false);
  });
});

describe('the text of an error', () => {
  it('has operation, code, message, status and request id on one line', () => {
    const error = thrown(
      { name: 'ValidationError', $metadata: { httpStatusCode: 400, requestId: '1f0c' } },
      'Stack [shop]\ndoes not exist',
    );
    expect(awsErrorText(error, 'DescribeStacks')).toBe(
      'DescribeStacks: ValidationError: Stack [shop] does not exist (400, request 1f0c)',
    );
  });

  it.each([
    [
      'a socket error',
      thrown({ code: 'ECONNREFUSED' }, 'connect ECONNREFUSED 127.0.0.1:1'),
      'ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1',
    ],
    ['a plain error', new Error('no'), 'no'],
    ['an error without a message', thrown({ name: 'UnknownError' }, ''), 'UnknownError'],
    ['a thrown string', 'boom', 'boom'],
  ])('leaves out what is not known of %s', (_, error, text) => {
    expect(awsErrorText(error)).toBe(text);
  });

  it('shows Code rather than the class name', () => {
    expect(codeOf(thrown({ name: 'InvalidIdentityTokenException', Code: 'InvalidIdentityToken' }))).toBe(
      'InvalidIdentityToken',
    );
  });
});

describe('retryAfter', () => {
  const after = (value: string) => thrown({ $response: { headers: { 'retry-after': value } } });

  it.each([
    ['3', 3000],
    ['0.5', 500],
    ['Thu, 01 Jan 1970 00:01:40 GMT', 40_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', undefined],
    ['soon', undefined],
  ])('reads %s', (value, expected) => {
    expect(retryAfter(after(value), 60_000)).toBe(expected);
  });

  it('is undefined for an error without an answer', () => {
    expect(retryAfter(new Error('x'), 0)).toBeUndefined();
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
  ])('makes %s %s and keeps the cause', (name, code) => {
    const cause = thrown({ name });
    expect(toDeliveryError(cause, 'Do')).toMatchObject({ code, cause, message: `Do: ${name}: said the service` });
  });

  it('passes the kit’s own error unchanged', () => {
    const error = new DeliveryError('missing', 'x');
    expect(toDeliveryError(error, 'Do')).toBe(error);
  });
});
