import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { type RunningServer, startHttpServer } from '@aws-delivery/action-kit/testing/http-servers';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fetchAccountId } from '../src/account.js';
import { createClientConfig } from '../src/client-options.js';

describe('fetchAccountId', () => {
  let server: RunningServer | undefined;
  afterEach(() => server?.stop());

  const fetchFrom = async (result: string): Promise<string> => {
    server = await startHttpServer((request, response) => {
      request.resume();
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    });
    const network = createNetwork({ env: {} });
    const shared = { region: 'eu-west-1', network, clock: new VirtualClock(), action: 'sample', env: {} };
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const config = { ...createClientConfig(shared), endpoint: `http://127.0.0.1:${server.port}`, credentials };
    return fetchAccountId(config);
  };

  it('returns the account of the caller', async () => {
    expect(await fetchFrom('<Account>123456789012</Account>')).toBe('123456789012');
  });

  it('rejects a response without an account', async () => {
    await expect(fetchFrom('<UserId>AROA:ci</UserId>')).rejects.toMatchObject({ code: 'unexpected' });
  });
});
