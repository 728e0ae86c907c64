import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { SecretsManagerStore } from '../../src/secrets/fetch-secrets.js';

/** A store whose service answers with what is given here. */
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
  it('in bytes that are text is that text', async () => {
    expect(await createStore({ SecretBinary: encodeBase64(0x68, 0xc3, 0xa9) }).readSecret('prod/key')).toEqual({
      name: 'prod/key',
      value: 'hé',
    });
  });

  it.each([
    ['in bytes that are no text', { SecretBinary: encodeBase64(0xff, 0xfe, 0x00) }, 'rejected'],
    ['without a value', {}, 'unexpected'],
  ])('%s is an error, never another value', async (_name, response, code) => {
    await expect(createStore(response).readSecret('prod/key')).rejects.toMatchObject({ code });
  });
});
