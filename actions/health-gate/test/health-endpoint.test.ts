import { createMemoryLog } from '@aws-delivery/action-kit/testing/memory-log';
import { HealthClient } from '@aws-sdk/client-health';
import { describe, expect, it } from '@jest/globals';
import { HealthEndpoint, type Page, placeOf } from '../src/health-endpoint.js';

const coded = (name: string): Error => Object.assign(new Error(name), { name });

interface Setting {
  readonly names?: readonly string[];
  readonly partition?: string;
  readonly addressing?: 'plain' | 'special';
}

const open = ({ names = [], partition = 'aws', addressing = 'plain' }: Setting = {}) => {
  const regions: string[] = [];
  const endpoint = new HealthEndpoint({
    place: placeOf(partition, 'us-iso-east-1'),
    addressing,
    makeClient: (region) => {
      regions.push(region);
      return new HealthClient({ region });
    },
    resolveName: async () => names,
    log: createMemoryLog().log,
  });
  return { endpoint, regions };
};

describe('the endpoint', () => {
  it.each([
    ['aws', 'plain', 'aws-global'],
    ['aws', 'special', 'us-east-1'],
    ['aws-cn', 'plain', 'aws-cn-global'],
    ['aws-cn', 'special', 'cn-northwest-1'],
    ['aws-us-gov', 'plain', 'us-gov-west-1'],
    ['aws-eusc', 'plain', 'eusc-de-east-1'],
    ['aws-iso', 'plain', 'us-iso-east-1'],
  ] as const)('of %s, %s, is asked in %s', (partition, addressing, region) => {
    expect(open({ partition, addressing }).regions).toEqual([region]);
  });

  it.each(['InvalidSignatureException', 'ECONNREFUSED', 'ServiceUnavailable'])(
    'is looked up after %s',
    async (name) => {
      const { endpoint, regions } = open({ names: ['health.us-east-2.amazonaws.com'] });
      let failures = 1;
      const answer = await endpoint.call(async () => {
        if (failures-- > 0) throw coded(name);
        return 'answer';
      });
      expect(answer).toBe('answer');
      expect(regions).toEqual(['aws-global', 'us-east-2']);
    },
  );

  it.each(['AccessDeniedException', 'SubscriptionRequiredException', 'ThrottlingException'])(
    'stays where it is after %s',
    async (name) => {
      const { endpoint, regions } = open({ names: ['health.us-east-2.amazonaws.com'] });
      await expect(endpoint.call(() => Promise.reject(coded(name)))).rejects.toThrow(name);
      expect(regions).toEqual(['aws-global']);
    },
  );

  it('stays where it is when DNS names the same Region, or none', async () => {
    for (const names of [['health.us-east-1.amazonaws.com'], ['d1234.cloudfront.net'], []]) {
      const { endpoint, regions } = open({ names });
      await expect(endpoint.call(() => Promise.reject(coded('ECONNRESET')))).rejects.toThrow('ECONNRESET');
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
  const read = async (_client: unknown, token = 'start'): Promise<Page<number>> =>
    pages[token] ?? pages['three'] ?? { items: [], next: undefined };

  it('is collected whole', async () => {
    expect(await open().endpoint.collect(read)).toEqual([1, 2, 3, 4]);
  });

  it('may end at a limit', async () => {
    expect(await open().endpoint.collect(read, 3)).toEqual([1, 2, 3]);
  });

  it('starts over when its token is refused, and nothing counts twice', async () => {
    let refusals = 1;
    const once = async (client: unknown, token?: string) => {
      if (token === 'two' && refusals-- > 0) throw coded('InvalidPaginationToken');
      return read(client, token);
    };
    expect(await open().endpoint.collect(once)).toEqual([1, 2, 3, 4]);
  });

  it('starts over in the other Region after a move', async () => {
    let failures = 1;
    const asked: string[] = [];
    const once = async (client: HealthClient, token?: string) => {
      asked.push(`${await client.config.region()} ${token}`);
      if (token === 'three' && failures-- > 0) throw coded('ECONNRESET');
      return read(client, token);
    };
    const { endpoint } = open({ names: ['health.us-east-2.amazonaws.com'], addressing: 'special' });
    expect(await endpoint.collect(once)).toEqual([1, 2, 3, 4]);
    expect(asked.slice(3)).toEqual(['us-east-2 undefined', 'us-east-2 two', 'us-east-2 three']);
  });

  it('is asked of the Region that is active again after a move', async () => {
    const names = ['health.us-east-2.amazonaws.com'];
    const { endpoint, regions } = open({ names });
    let failures = 1;
    const once = async (client: unknown, token?: string) => {
      if (failures-- > 0) throw coded('ECONNRESET');
      return read(client, token);
    };
    await endpoint.collect(once);
    names.splice(0, 1, 'health.us-east-1.amazonaws.com');
    expect(await endpoint.collect(once)).toEqual([1, 2, 3, 4]);
    expect(regions).toEqual(['aws-global', 'us-east-2', 'us-east-1']);
  });

  it('that never holds still is no answer', async () => {
    const never = async (_client: unknown, token?: string): Promise<Page<number>> => {
      if (token !== undefined) throw coded('InvalidPaginationToken');
      return { items: [1], next: 'two' };
    };
    await expect(open().endpoint.collect(never)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that answers one page over and over is no answer', async () => {
    const same = async (): Promise<Page<number>> => ({ items: [1], next: 'same' });
    await expect(open().endpoint.collect(same)).rejects.toThrow('one page over and over');
  });

  it('of which one page fails is no answer', async () => {
    const broken = async (client: unknown, token?: string) => {
      if (token === 'three') throw coded('ValidationException');
      return read(client, token);
    };
    await expect(open().endpoint.collect(broken)).rejects.toThrow('ValidationException');
  });
});
