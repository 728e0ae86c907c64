import { runProgram } from '@aws-delivery/action-kit/host/run-program';
import { createFakeLog } from '@aws-delivery/action-kit/testing/fake-log';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { HttpRequest } from '@aws-delivery/oci/registry/transport';
import { describe, expect, it } from '@jest/globals';
import { parseImageLocation } from '../../src/inputs/image-location.js';
import { SourceOpener } from '../../src/push/open-source.js';

/** Opens a source in a registry and requests its manifest; returns the requests and the logins that were fetched. */
const requestManifest = async (source: string, proxyEndpoint = 'https://other.example') => {
  const requests: HttpRequest[] = [];
  const fetched: string[] = [];
  const connection = {
    transport: async (request: HttpRequest) => {
      requests.push(request);
      throw new DeliveryError('rejected', 'no network');
    },
    retry: {
      clock: new VirtualClock({ start: 0 }),
      signal: new AbortController().signal,
      random: () => 0,
      log: createFakeLog().log,
      maxAttempts: 1,
    },
  };
  const opener = new SourceOpener({
    workspace: '/',
    archiveTools: { createTempPath: async (name) => name, runProgram, env: {}, signal: new AbortController().signal },
    registries: [],
    connection,
    engines: undefined,
    engine: undefined,
    builder: undefined,
    findCredentials: async () => undefined,
    fetchLogin: async (account, region) => {
      fetched.push(`${account} ${region}`);
      const origin = new URL(proxyEndpoint);
      return { host: origin.host, origin, account, region, credentials: { username: 'AWS', password: 'ecr' } };
    },
  });
  const opened = await opener.open(parseImageLocation(source));
  await expect(opened.getIdentity()).rejects.toThrow('no network');
  return { fetched, authorization: requests.map(({ headers }) => headers['authorization']) };
};

const ECR_AUTHORIZATION = `Basic ${Buffer.from('AWS:ecr').toString('base64')}`;

describe('a source in a registry', () => {
  it.each([
    'docker://123456789012.dkr.ecr.us-east-1.amazonaws.com.example.com/app:1',
    'docker://123456789012.dkr.ecr.us-east-1.example.com/app:1',
    'docker://public.ecr.aws.example.com/app:1',
    'docker://localhost:5000/app:1',
  ])('%s does not get the credentials of ECR', async (source) => {
    expect(await requestManifest(source)).toEqual({ fetched: [], authorization: [undefined] });
  });

  it.each([
    'docker://123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1',
    'docker://123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/app:1',
    'docker://123456789012.dkr-ecr.us-east-1.on.aws/app:1',
  ])('%s gets the credentials of ECR', async (source) => {
    expect(await requestManifest(source)).toEqual({
      fetched: ['123456789012 us-east-1'],
      authorization: [ECR_AUTHORIZATION],
    });
  });

  it('gets the credentials of ECR under a loopback name only if ECR returned that name', async () => {
    const host = '123456789012.dkr.ecr.us-east-1.localhost:4566';
    expect((await requestManifest(`docker://${host}/app:1`)).authorization).toEqual([undefined]);
    expect((await requestManifest(`docker://${host}/app:1`, `http://${host}`)).authorization).toEqual([
      ECR_AUTHORIZATION,
    ]);
  });
});
