import { describe, expect, it } from '@jest/globals';
import { type ApiCall, type Handler, output, type ServiceResponse } from '../../src/api-call.js';
import { createApiModel } from '../../src/api-model/create-api-model.js';
import { CallLog } from '../../src/call-log.js';
import { FaultPlan, faultsScenario } from '../../src/faults/fault-plan.js';
import { createCommonErrorResponse } from '../../src/middleware/common-error.js';
import { simulateStaleReads } from '../../src/middleware/inject-faults.js';
import { logCalls } from '../../src/middleware/log-calls.js';
import { validateInput } from '../../src/middleware/validate-input.js';
import { createRandom } from '../../src/random.js';
import { dispatchByOperation } from '../../src/service.js';

const createCall = (changes: Partial<ApiCall> = {}): ApiCall => ({
  id: 'c-1',
  service: 'sts',
  operation: 'AssumeRole',
  input: {},
  principal: { kind: 'anonymous' },
  region: 'us-east-1',
  at: 10_000,
  write: false,
  request: { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0) },
  ...changes,
});

const reportTime: Handler = async ({ at }) => output({ at });

describe('stale', () => {
  const middleware = simulateStaleReads(
    new FaultPlan(faultsScenario.parse([{ fault: 'stale', by: '3s' }]), createRandom('a')),
  );

  it('lets a read see the state of a moment ago', async () => {
    await expect(middleware(reportTime)(createCall())).resolves.toEqual(output({ at: 7000 }));
  });

  it('lets a write happen now', async () => {
    await expect(middleware(reportTime)(createCall({ write: true }))).resolves.toEqual(output({ at: 10_000 }));
  });
});

describe('validate', () => {
  const handler = validateInput(createApiModel())(reportTime);

  it.each<[string, Partial<ApiCall>, string]>([
    [
      'names every missing member in AWS words',
      {},
      "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    ],
    [
      'names one that is missing',
      { input: { RoleArn: 'a' } },
      "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    ],
  ])('%s', async (_, changes, message) => {
    await expect(handler(createCall(changes))).resolves.toMatchObject({
      error: { code: 'ValidationError', message, status: 400 },
    });
  });

  it('has the code of the protocol', async () => {
    const incomplete = createCall({ service: 'secretsmanager', operation: 'GetSecretValue' });
    await expect(handler(incomplete)).resolves.toMatchObject({ error: { code: 'ValidationException' } });
  });

  it('lets through what is complete or unknown', async () => {
    const complete = createCall({ input: { RoleArn: 'a', RoleSessionName: 'b' } });
    await expect(handler(complete)).resolves.toMatchObject({ kind: 'output' });
    await expect(handler(createCall({ service: 'sqs' }))).resolves.toMatchObject({ kind: 'output' });
  });
});

describe('log', () => {
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
  ])('records how %j ends', async (response, expected) => {
    await expect(recordResponse(response)).resolves.toMatchObject(expected);
  });

  it('records a defect and passes it on', async () => {
    const callLog = new CallLog();
    const broken: Handler = async () => Promise.reject(new Error('broken'));
    await expect(logCalls(callLog, 'cloudformation')(broken)(createCall())).rejects.toThrow('broken');
    expect(callLog.list()).toMatchObject([{ status: 500, error: 'broken', via: 'cloudformation' }]);
  });
});

describe('refusal', () => {
  it.each([
    ['aws-query', 'Throttling', 400],
    ['aws-json', 'ThrottlingException', 400],
    ['rest-json', 'ThrottlingException', 429],
    ['rest-xml', 'SlowDown', 503],
  ] as const)('throttles %s with %s', (protocol, code, status) => {
    expect(createCommonErrorResponse('throttled', protocol)).toMatchObject({ error: { code, status } });
  });
});

describe('byOperation', () => {
  const handler = dispatchByOperation({ AssumeRole: reportTime });

  it('gives an operation to its handle', async () => {
    await expect(handler(createCall())).resolves.toMatchObject({ kind: 'output' });
  });

  it.each(['Other', 'constructor', '__proto__'])('refuses %s with its name', async (operation) => {
    await expect(handler(createCall({ operation, service: 'ecr' }))).resolves.toMatchObject({
      error: { status: 501, message: expect.stringContaining(`ecr:${operation}: run it against an emulator`) },
    });
  });
});
