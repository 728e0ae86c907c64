import { describe, expect, it } from '@jest/globals';
import { diagnose, isRetryable, parseErrorCode } from '../../src/operation/failure-class.js';

const formatHandlerReason = (code: string, message = 'it went wrong') =>
  `Resource handler returned message: "${message} (Service: Lambda, Status Code: 400, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: ${code})`;

describe('parseErrorCode', () => {
  it('returns the code of the handler or the service', () => {
    expect(parseErrorCode(formatHandlerReason('Throttling'))).toBe('Throttling');
    expect(
      parseErrorCode('x (Service: AmazonEC2; Status Code: 503; Error Code: RequestLimitExceeded; Request ID: 1)'),
    ).toBe('RequestLimitExceeded');
    expect(parseErrorCode('Resource creation failed')).toBe('');
  });
});

describe('diagnose', () => {
  it.each([
    [formatHandlerReason('Throttling'), 'transient'],
    [formatHandlerReason('ResourceConflict'), 'transient'],
    [formatHandlerReason('NetworkFailure'), 'transient'],
    [formatHandlerReason('ServiceInternalError'), 'transient'],
    [formatHandlerReason('NotStabilized'), 'transient'],
    [formatHandlerReason('AccessDenied'), 'permanent'],
    [formatHandlerReason('AlreadyExists'), 'permanent'],
    [formatHandlerReason('InvalidRequest'), 'permanent'],
    [formatHandlerReason('GeneralServiceException'), 'permanent'],
    [formatHandlerReason('GeneralServiceException', 'Rate exceeded'), 'transient'],
    [
      formatHandlerReason('InvalidRequest', 'The role defined for the function cannot be assumed by Lambda.'),
      'eventual',
    ],
    [formatHandlerReason('NonCompliant', 'Rate exceeded'), 'permanent'],
    [formatHandlerReason('NoSuchCodeYet'), 'permanent'],
    ['Invalid principal in policy: "AWS"', 'eventual'],
    ['Service Unavailable', 'transient'],
    ['We currently do not have sufficient m5.large capacity in the zone you asked for', 'transient'],
    ['Replacement type updates not supported on stack with disable-rollback.', 'replacement'],
    ['ShardCount must be at least 1', 'permanent'],
    ['WaitCondition timed out. Received 0 conditions when expecting 1', 'transient'],
    ['', 'permanent'],
  ])('classifies %j as %s', (reason, kind) => {
    const diagnosis = diagnose(reason);
    expect(diagnosis.kind).toBe(kind);
    expect(isRetryable(diagnosis)).toBe(kind === 'transient' || kind === 'eventual');
    expect(diagnosis.hint).not.toBe('');
  });

  it.each(['GeneralServiceException', 'Unknown', 'InvalidRequest', 'AccessDenied'])(
    'classifies the vague code %s by its message',
    (code) => {
      expect(diagnose(formatHandlerReason(code, 'The role cannot be assumed by Lambda')).kind).toBe('eventual');
      expect(diagnose(formatHandlerReason(code, 'Rate exceeded')).kind).toBe('transient');
      expect(diagnose(formatHandlerReason(code)).kind).toBe('permanent');
    },
  );

  it.each(['AlreadyExists', 'NotFound', 'NotUpdatable', 'ServiceLimitExceeded', 'NonCompliant', 'InvalidCredentials'])(
    'classifies the code %s as permanent, whatever its message says',
    (code) => {
      expect(diagnose(formatHandlerReason(code, 'Rate exceeded, try again')).kind).toBe('permanent');
    },
  );
});
