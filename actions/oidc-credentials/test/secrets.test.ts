import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { SecretsManager } from '../src/secrets.js';

/** A store whose service answers with what is given here. */
const answering = (answer: object): SecretsManager =>
  new SecretsManager(
    async () =>
      new SecretsManagerClient({
        region: 'eu-central-1',
        credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
        requestHandler: {
          handle: async () => {
            const body = new Blob([JSON.stringify({ Name: 'prod/key', ...answer })]).stream();
            return { response: { statusCode: 200, headers: {}, body } };
          },
        },
      }),
  );

const base64 = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('base64');

describe('a secret', () => {
  it('in bytes that are text is that text', async () => {
    expect(await answering({ SecretBinary: base64(0x68, 0xc3, 0xa9) }).read('prod/key')).toEqual({
      name: 'prod/key',
      value: 'hé',
    });
  });

  it.each([
    ['in bytes that are no text', { SecretBinary: base64(0xff, 0xfe, 0x00) }, 'refused'],
    ['without a value', {}, 'unexpected'],
  ])('%s is an error, never another value', async (_name, answer, code) => {
    await expect(answering(answer).read('prod/key')).rejects.toMatchObject({ code });
  });
});
