import { describe, expect, it } from '@jest/globals';
import { type Handler, output, type ServiceResponse } from '../../src/api-call.js';
import { CallLog } from '../../src/call-log.js';
import { createCommonErrorResponse } from '../../src/middleware/common-error.js';
import { logCalls } from '../../src/middleware/log-calls.js';
import { createCall } from '../fixtures.js';

describe('logCalls', () => {
  const recordResponse = async (response: ServiceResponse) => {
    const callLog = new CallLog();
    await logCalls(callLog)(async () => response)(createCall());
    return callLog.list()[0];
  };

  it.each<[ServiceResponse, Record<string, unknown>]>([
    [output({}), { status: 200, error: undefined }],
    [createCommonErrorResponse('denied', 'aws-query', 'no'), { status: 403, error: 'AccessDenied' }],
    [{ kind: 'raw', response: { status: 204, headers: {}, body: Buffer.alloc(0) } }, { status: 204 }],
    [{ kind: 'reset' }, { status: 0 }],
  ])('records the response %j', async (response, expected) => {
    await expect(recordResponse(response)).resolves.toMatchObject(expected);
  });

  it('records and rethrows an unexpected error', async () => {
    const callLog = new CallLog();
    const broken: Handler = async () => Promise.reject(new Error('broken'));
    await expect(logCalls(callLog, 'cloudformation')(broken)(createCall())).rejects.toThrow('broken');
    expect(callLog.list()).toMatchObject([{ status: 500, error: 'broken', via: 'cloudformation' }]);
  });
});
