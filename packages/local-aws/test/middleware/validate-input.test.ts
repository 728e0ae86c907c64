import { describe, expect, it } from '@jest/globals';
import { type ApiCall, type Handler, output } from '../../src/api-call.js';
import { ApiModel } from '../../src/api-model/api-model.js';
import { validateInput } from '../../src/middleware/validate-input.js';
import { createCall } from '../fixtures.js';

const reportTime: Handler = async ({ at }) => output({ at });

describe('validateInput', () => {
  const handler = validateInput(new ApiModel())(reportTime);

  it.each<[string, Partial<ApiCall>, string]>([
    [
      "names all missing members in AWS's words",
      {},
      "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    ],
    [
      'names one missing member',
      { input: { RoleArn: 'a' } },
      "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    ],
  ])('%s', async (_, changes, message) => {
    await expect(handler(createCall(changes))).resolves.toMatchObject({
      error: { code: 'ValidationError', message, status: 400 },
    });
  });

  it('uses the error code of the protocol', async () => {
    const incomplete = createCall({ service: 'secretsmanager', operation: 'GetSecretValue' });
    await expect(handler(incomplete)).resolves.toMatchObject({ error: { code: 'ValidationException' } });
  });

  it('accepts complete inputs and unknown services', async () => {
    const complete = createCall({ input: { RoleArn: 'a', RoleSessionName: 'b' } });
    await expect(handler(complete)).resolves.toMatchObject({ kind: 'output' });
    await expect(handler(createCall({ service: 'sqs' }))).resolves.toMatchObject({ kind: 'output' });
  });
});
