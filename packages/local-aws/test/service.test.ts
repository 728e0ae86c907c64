import { describe, expect, it } from '@jest/globals';
import { type Handler, output } from '../src/api-call.js';
import { dispatchByOperation } from '../src/service.js';
import { createCall } from './fixtures.js';

const reportTime: Handler = async ({ at }) => output({ at });

describe('dispatchByOperation', () => {
  const handler = dispatchByOperation({ AssumeRole: reportTime });

  it('calls the handler of the operation', async () => {
    await expect(handler(createCall())).resolves.toMatchObject({ kind: 'output' });
  });

  it.each(['Other', 'constructor', '__proto__'])('returns 501 with the name of %s', async (operation) => {
    await expect(handler(createCall({ operation, service: 'ecr' }))).resolves.toMatchObject({
      error: {
        status: 501,
        message: expect.stringContaining(`Local AWS does not support ecr:${operation}: forward the service`),
      },
    });
  });
});
