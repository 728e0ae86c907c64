import { createFakeLog } from '@aws-delivery/action-kit/testing/fake-log';
import { HealthClient } from '@aws-sdk/client-health';
import { describe, expect, it } from '@jest/globals';
import { getEndpointLocation, HealthEndpoint, type Page } from '../../src/events/health-endpoint.js';

const createCodedError = (name: string): Error => Object.assign(new Error(name), { name });

interface EndpointSetting {
  readonly cnames?: readonly string[];
  readonly partition?: string;
  readonly addressing?: 'default' | 'custom';
}

const createEndpoint = ({ cnames = [], partition = 'aws', addressing = 'default' }: EndpointSetting = {}) => {
  const regions: string[] = [];
  const endpoint = new HealthEndpoint({
    location: getEndpointLocation(partition, 'us-iso-east-1'),
    addressing,
    createClient: (region) => {
      regions.push(region);
      return new HealthClient({ region });
    },
    resolveName: async () => cnames,
    log: createFakeLog().log,
  });
  return { endpoint, regions };
};

describe('the endpoint', () => {
  it.each([
    ['aws', 'default', 'aws-global'],
    ['aws', 'custom', 'us-east-1'],
    ['aws-cn', 'default', 'aws-cn-global'],
    ['aws-cn', 'custom', 'cn-northwest-1'],
    ['aws-us-gov', 'default', 'us-gov-west-1'],
    ['aws-eusc', 'default', 'eusc-de-east-1'],
    ['aws-iso', 'default', 'us-iso-east-1'],
  ] as const)('of %s with %s addressing is in %s', (partition, addressing, region) => {
    expect(createEndpoint({ partition, addressing }).regions).toEqual([region]);
  });

  it.each(['InvalidSignatureException', 'ECONNREFUSED', 'ServiceUnavailable'])(
    'is looked up in DNS after %s',
    async (name) => {
      const { endpoint, regions } = createEndpoint({ cnames: ['health.us-east-2.amazonaws.com'] });
      let failures = 1;
      const response = await endpoint.call(async () => {
        if (failures-- > 0) throw createCodedError(name);
        return 'answer';
      });
      expect(response).toBe('answer');
      expect(regions).toEqual(['aws-global', 'us-east-2']);
    },
  );

  it.each(['AccessDeniedException', 'SubscriptionRequiredException', 'ThrottlingException'])(
    'stays the same after %s',
    async (name) => {
      const { endpoint, regions } = createEndpoint({ cnames: ['health.us-east-2.amazonaws.com'] });
      await expect(endpoint.call(() => Promise.reject(createCodedError(name)))).rejects.toThrow(name);
      expect(regions).toEqual(['aws-global']);
    },
  );

  it('stays the same when DNS names the same Region or none', async () => {
    for (const cnames of [['health.us-east-1.amazonaws.com'], ['d1234.cloudfront.net'], []]) {
      const { endpoint, regions } = createEndpoint({ cnames });
      await expect(endpoint.call(() => Promise.reject(createCodedError('ECONNRESET')))).rejects.toThrow('ECONNRESET');
      expect(regions).toEqual(['aws-global']);
    }
  });
});

describe('a list', () => {
  const pages: Readonly<Record<string, Page<number>>> = {
    start: { items: [1, 2], next: 'two' },
    two: { items: [3], next: 'three' },
    three: { items: [4], next: undefined },
  };
  const readPage = async (_client: unknown, token = 'start'): Promise<Page<number>> =>
    pages[token] ?? pages['three'] ?? { items: [], next: undefined };

  it('is read page by page to its end', async () => {
    expect(await createEndpoint().endpoint.collect(readPage)).toEqual([1, 2, 3, 4]);
  });

  it('ends at a limit', async () => {
    expect(await createEndpoint().endpoint.collect(readPage, 3)).toEqual([1, 2, 3]);
  });

  it('restarts without duplicates when its page token is rejected', async () => {
    let failures = 1;
    const readOnce = async (client: unknown, token?: string) => {
      if (token === 'two' && failures-- > 0) throw createCodedError('InvalidPaginationToken');
      return readPage(client, token);
    };
    expect(await createEndpoint().endpoint.collect(readOnce)).toEqual([1, 2, 3, 4]);
  });

  it('restarts in the other Region after a failover', async () => {
    let failures = 1;
    const requests: string[] = [];
    const readOnce = async (client: HealthClient, token?: string) => {
      requests.push(`${await client.config.region()} ${token}`);
      if (token === 'three' && failures-- > 0) throw createCodedError('ECONNRESET');
      return readPage(client, token);
    };
    const { endpoint } = createEndpoint({ cnames: ['health.us-east-2.amazonaws.com'], addressing: 'custom' });
    expect(await endpoint.collect(readOnce)).toEqual([1, 2, 3, 4]);
    expect(requests.slice(3)).toEqual(['us-east-2 undefined', 'us-east-2 two', 'us-east-2 three']);
  });

  it('is read from the original Region when that is active again', async () => {
    const cnames = ['health.us-east-2.amazonaws.com'];
    const { endpoint, regions } = createEndpoint({ cnames });
    let failures = 1;
    const readOnce = async (client: unknown, token?: string) => {
      if (failures-- > 0) throw createCodedError('ECONNRESET');
      return readPage(client, token);
    };
    await endpoint.collect(readOnce);
    cnames.splice(0, 1, 'health.us-east-1.amazonaws.com');
    expect(await endpoint.collect(readOnce)).toEqual([1, 2, 3, 4]);
    expect(regions).toEqual(['aws-global', 'us-east-2', 'us-east-1']);
  });

  it('fails as unavailable after repeated restarts', async () => {
    const readNever = async (_client: unknown, token?: string): Promise<Page<number>> => {
      if (token !== undefined) throw createCodedError('InvalidPaginationToken');
      return { items: [1], next: 'two' };
    };
    await expect(createEndpoint().endpoint.collect(readNever)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('fails when a page repeats', async () => {
    const readSamePage = async (): Promise<Page<number>> => ({ items: [1], next: 'same' });
    await expect(createEndpoint().endpoint.collect(readSamePage)).rejects.toThrow('returned the same page twice');
  });

  it('fails when one page fails', async () => {
    const readBrokenPage = async (client: unknown, token?: string) => {
      if (token === 'three') throw createCodedError('ValidationException');
      return readPage(client, token);
    };
    await expect(createEndpoint().endpoint.collect(readBrokenPage)).rejects.toThrow('ValidationException');
  });
});
