import { describe, expect, it } from '@jest/globals';
import { diagnose, errorCodeOf, mayPass } from '../src/failure-class.js';

const handler = (code: string, text = 'it went wrong') =>
  `Resource handler returned message: "${text} (Service: Lambda, Status Code: 400, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: ${code})`;

describe('the code of a failed resource', () => {
  it('is the handler’s or the service’s', () => {
    expect(errorCodeOf(handler('Throttling'))).toBe('Throttling');
    expect(
      errorCodeOf('x (Service: AmazonEC2; Status Code: 503; Error Code: RequestLimitExceeded; Request ID: 1)'),
    ).toBe('RequestLimitExceeded');
    expect(errorCodeOf('Resource creation failed')).toBe('');
  });
});

describe('the class of a failed resource', () => {
  it.each([
    [handler('Throttling'), 'transient'],
    [handler('ResourceConflict'), 'transient'],
    [handler('NetworkFailure'), 'transient'],
    [handler('ServiceInternalError'), 'transient'],
    [handler('NotStabilized'), 'transient'],
    [handler('AccessDenied'), 'permanent'],
    [handler('AlreadyExists'), 'permanent'],
    [handler('InvalidRequest'), 'permanent'],
    [handler('GeneralServiceException'), 'permanent'],
    [handler('GeneralServiceException', 'Rate exceeded'), 'transient'],
    [handler('InvalidRequest', 'The role defined for the function cannot be assumed by Lambda.'), 'eventual'],
    [handler('NonCompliant', 'Rate exceeded'), 'permanent'],
    [handler('NoSuchCodeYet'), 'permanent'],
    ['Invalid principal in policy: "AWS"', 'eventual'],
    ['Service Unavailable', 'transient'],
    ['We currently do not have sufficient m5.large capacity in the zone you asked for', 'transient'],
    ['Replacement type updates not supported on stack with disable-rollback.', 'replacement'],
    ['ShardCount must be at least 1', 'permanent'],
    ['WaitCondition timed out. Received 0 conditions when expecting 1', 'transient'],
    ['', 'permanent'],
  ])('of %j is %s', (reason, kind) => {
    const diagnosis = diagnose(reason);
    expect(diagnosis.kind).toBe(kind);
    expect(mayPass(diagnosis)).toBe(kind === 'transient' || kind === 'eventual');
    expect(diagnosis.remedy).not.toBe('');
  });
});
