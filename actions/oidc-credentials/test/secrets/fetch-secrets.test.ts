import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { SecretsManagerStore } from '../../src/secrets/fetch-secrets.js';

/** A store whose service returns the given response. */
const createStore = (response: object): SecretsManagerStore =>
  new SecretsManagerStore(
    async () =>
      new SecretsManagerClient({
        region: 'eu-central-1',
        credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
        requestHandler: {
          handle: async () => {
            const body = new Blob([JSON.stringify({ Name: 'prod/key', ...response })]).stream();
            return { response: { statusCode: 200, headers: {}, body } };
          },
        },
      }),
  );

const encodeBase64 = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('base64');

describe('a secret', () => {
  it('in UTF-8 bytes is decoded', async () => {
    expect(await createStore({ SecretBinary: encodeBase64(0x68, 0xc3, 0xa9) }).readSecret('prod/key')).toEqual({
      name: 'prod/key',
      value: 'hé',
    });
  });

  it.each([
    ['in other bytes', { SecretBinary: encodeBase64(0xff, 0xfe, 0x00) }, 'rejected'],
    ['without a value', {}, 'unexpected'],
  ])('%s is rejected', async (_name, response, code) => {
    await expect(createStore(response).readSecret('prod/key')).rejects.toMatchObject({ code });
  });
});
