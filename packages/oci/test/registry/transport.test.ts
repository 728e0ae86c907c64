import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { expect, it } from '@jest/globals';
import { createTransport } from '../../src/registry/transport.js';

it.each(['http://registry.example/v2/', 'http://localhost.example/v2/', 'http://169.254.169.254/v2/'])(
  'rejects plain HTTP to another machine: %s',
  async (address) => {
    const transport = createTransport(createNetwork({ env: {} }), AbortSignal.timeout(2000));
    const url = new URL(address);
    const response = transport({ method: 'GET', url, headers: { authorization: 'Basic secret' } });
    await expect(response).rejects.toMatchObject({
      code: 'rejected',
      message: `${url.origin} uses plain HTTP, which is only allowed for loopback addresses: use https`,
    });
  },
);
