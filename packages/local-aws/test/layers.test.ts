import { describe, expect, it } from '@jest/globals';
import { type Call, type Handle, output, type Reply } from '../src/call.js';
import { createCatalogue } from '../src/catalogue/services.js';
import { FaultPlan, faultsScenario } from '../src/faults.js';
import { Journal } from '../src/journal.js';
import { stale } from '../src/layers/fault.js';
import { log } from '../src/layers/log.js';
import { refuse } from '../src/layers/refusal.js';
import { validate } from '../src/layers/validate.js';
import { createRandom } from '../src/random.js';
import { byOperation } from '../src/service.js';

const call = (changes: Partial<Call> = {}): Call => ({
  id: 'c-1',
  service: 'sts',
  operation: 'AssumeRole',
  input: {},
  principal: { kind: 'anonymous' },
  region: 'us-east-1',
  at: 10_000,
  write: false,
  wire: { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0) },
  ...changes,
});

const seeing: Handle = async ({ at }) => output({ at });

describe('stale', () => {
  const layer = stale(new FaultPlan(faultsScenario.parse([{ fault: 'stale', by: '3s' }]), createRandom('a')));

  it('lets a read see the state of a moment ago', async () => {
    await expect(layer(seeing)(call())).resolves.toEqual(output({ at: 7000 }));
  });

  it('lets a write happen now', async () => {
    await expect(layer(seeing)(call({ write: true }))).resolves.toEqual(output({ at: 10_000 }));
  });
});

describe('validate', () => {
  const layer = validate(createCatalogue())(seeing);

  it.each<[string, Partial<Call>, string]>([
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
    await expect(layer(call(changes))).resolves.toMatchObject({
      error: { code: 'ValidationError', message, status: 400 },
    });
  });

  it('has the code of the protocol', async () => {
    const asked = call({ service: 'secretsmanager', operation: 'GetSecretValue' });
    await expect(layer(asked)).resolves.toMatchObject({ error: { code: 'ValidationException' } });
  });

  it('lets through what is complete or unknown', async () => {
    const complete = call({ input: { RoleArn: 'a', RoleSessionName: 'b' } });
    await expect(layer(complete)).resolves.toMatchObject({ kind: 'output' });
    await expect(layer(call({ service: 'sqs' }))).resolves.toMatchObject({ kind: 'output' });
  });
});

describe('log', () => {
  const logged = async (reply: Reply) => {
    const journal = new Journal();
    await log(journal)(async () => reply)(call());
    return journal.calls()[0];
  };

  it.each<[Reply, Record<string, unknown>]>([
    [output({}), { status: 200, error: undefined }],
    [refuse('denied', 'aws-query', 'no'), { status: 403, error: 'AccessDenied' }],
    [{ kind: 'raw', response: { status: 204, headers: {}, body: Buffer.alloc(0) } }, { status: 204 }],
    [{ kind: 'reset' }, { status: 0 }],
  ])('records how %j ends', async (reply, expected) => {
    await expect(logged(reply)).resolves.toMatchObject(expected);
  });

  it('records a defect and passes it on', async () => {
    const journal = new Journal();
    const broken: Handle = async () => Promise.reject(new Error('broken'));
    await expect(log(journal, 'cloudformation')(broken)(call())).rejects.toThrow('broken');
    expect(journal.calls()).toMatchObject([{ status: 500, error: 'broken', via: 'cloudformation' }]);
  });
});

describe('refusal', () => {
  it.each([
    ['aws-query', 'Throttling', 400],
    ['aws-json', 'ThrottlingException', 400],
    ['rest-json', 'ThrottlingException', 429],
    ['rest-xml', 'SlowDown', 503],
  ] as const)('throttles %s with %s', (protocol, code, status) => {
    expect(refuse('throttled', protocol)).toMatchObject({ error: { code, status } });
  });
});

describe('byOperation', () => {
  const handle = byOperation({ AssumeRole: seeing });

  it('gives an operation to its handle', async () => {
    await expect(handle(call())).resolves.toMatchObject({ kind: 'output' });
  });

  it.each(['Other', 'constructor', '__proto__'])('refuses %s with its name', async (operation) => {
    await expect(handle(call({ operation, service: 'ecr' }))).resolves.toMatchObject({
      error: { status: 501, message: expect.stringContaining(`ecr:${operation}: run it against an emulator`) },
    });
  });
});
