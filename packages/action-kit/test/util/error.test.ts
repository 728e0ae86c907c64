import { describe, expect, it } from '@jest/globals';
import { DeliveryError, errorMessage } from '../../src/util/error.js';

const circular: Record<string, unknown> = {};
circular['self'] = circular;

describe('errorMessage', () => {
  it.each([
    ['an error', new Error('no such stack'), 'no such stack'],
    ['unknown error without a message', new TypeError(''), 'TypeError'],
    [
      'an error of another realm',
      { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
      'connect ECONNREFUSED',
    ],
    ['a nameless error without a message', { message: '' }, 'unknown error without a message'],
    ['an AggregateError', new AggregateError([new Error('a'), new Error('b')]), 'a; b'],
    ['an AggregateError with a message', new AggregateError([new Error('a')], 'all failed'), 'all failed'],
    [
      'an error whose cleanup failed too',
      {
        name: 'SuppressedError',
        message: 'An error was suppressed',
        error: new Error('b'),
        suppressed: new Error('a'),
      },
      'a',
    ],
    ['a string', 'boom', 'boom'],
    ['an empty string', '', 'an empty string was thrown'],
    ['an object', { status: 3 }, '{"status":3}'],
    ['a circular object', circular, '[object Object]'],
    ['a bigint', 3n, '3'],
    ['undefined', undefined, 'undefined'],
    [
      'missing credentials',
      { name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' },
      'No AWS credentials found: add a step that uses oidc-credentials before this one (on GitHub, with `permissions: id-token: write` for the job)',
    ],
    [
      'missing credentials with a reason',
      { name: 'CredentialsProviderError', message: 'Could not resolve credentials using profile: [shop]' },
      expect.stringMatching(
        /^No AWS credentials found \(Could not resolve credentials using profile: \[shop\]\): add a step/u,
      ),
    ],
    [
      'a missing Region',
      new Error('Region is missing'),
      "No AWS Region found: set input 'aws-region' or the environment variable AWS_REGION",
    ],
  ])('returns a message for %s', (_, thrown, text) => {
    expect(errorMessage(thrown)).toEqual(text);
  });
});

describe('DeliveryError', () => {
  it('has a code, a message and its cause', () => {
    const cause = new Error('x');
    expect(new DeliveryError('missing', 'a message', { cause })).toMatchObject({
      name: 'DeliveryError',
      code: 'missing',
      message: 'a message',
      cause,
    });
  });
});
