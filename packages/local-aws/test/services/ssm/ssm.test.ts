import {
  GetCalendarStateCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  paginateGetParametersByPath,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from '@jest/globals';
import type { LocalAws } from '../../../src/local-aws.js';
import { useFrozenLocalAws } from '../../fixtures.js';

const START = '2026-11-20T12:00:00.000Z';
const MINUTE = 60_000;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

const start = useFrozenLocalAws(START);

describe('change calendars', () => {
  const calendars = {
    freeze: { state: 'CLOSED' as const, changes: [{ at: '30m', state: 'OPEN' as const }] },
    free: {},
  };
  const getCalendarState = async (aws: LocalAws, ...CalendarNames: string[]) =>
    new SSMClient({ region: 'eu-west-1', endpoint: aws.url, credentials }).send(
      new GetCalendarStateCommand({ CalendarNames }),
    );

  it('are open together only if each of them is', async () => {
    const aws = await start({ ssm: { calendars } });
    expect(await getCalendarState(aws, 'free')).toMatchObject({ State: 'OPEN' });
    expect(await getCalendarState(aws, 'free', 'freeze')).toMatchObject({
      State: 'CLOSED',
      AtTime: '2026-11-20T12:00:00Z',
      NextTransitionTime: '2026-11-20T12:30:00Z',
    });
    aws.clock.advance(30 * MINUTE);
    expect(await getCalendarState(aws, 'arn:aws:ssm:eu-west-1:123456789012:document/freeze')).toMatchObject({
      State: 'OPEN',
    });
  });

  it('that do not exist are rejected', async () => {
    const aws = await start({ ssm: { calendars } });
    await expect(getCalendarState(aws, 'nothing')).rejects.toMatchObject({ name: 'InvalidDocument' });
  });
});

describe('parameters', () => {
  const parameters = {
    '/shop/db/host': 'db.example',
    '/shop/db/password': { type: 'SecureString' as const, value: 'secret' },
    '/shop/zones': { type: 'StringList' as const, value: 'a,b' },
    '/shopping': 'x',
    flat: 'y',
  };
  const connect = async () => {
    const aws = await start({ ssm: { parameters } });
    return new SSMClient({ region: 'eu-west-1', endpoint: aws.url, credentials });
  };

  it('are read by name, version and ARN; unknown ones are listed', async () => {
    const ssm = await connect();
    const ids = [
      '/shop/zones:1',
      'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/db/host',
      'arn:aws:ssm:eu-west-1:123456789012:parameter/flat',
    ];
    const { Parameters, InvalidParameters } = await ssm.send(
      new GetParametersCommand({ Names: [...ids, '/shop/zones:2', 'none'] }),
    );
    expect(Parameters).toMatchObject([
      { Name: '/shop/zones', Type: 'StringList', Value: 'a,b', Selector: ':1' },
      { Name: '/shop/db/host', Type: 'String', Value: 'db.example', ARN: ids[1] },
      { Name: 'flat', Value: 'y', ARN: ids[2] },
    ]);
    expect(InvalidParameters).toEqual(['/shop/zones:2', 'none']);
    const tooMany = ssm.send(
      new GetParametersCommand({ Names: Array.from({ length: 11 }, (_, index) => `n${index}`) }),
    );
    await expect(tooMany).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('of type SecureString are readable with decryption only', async () => {
    const ssm = await connect();
    const read = async (WithDecryption: boolean) =>
      (await ssm.send(new GetParameterCommand({ Name: '/shop/db/password', WithDecryption }))).Parameter?.Value;
    expect(await read(false)).not.toContain('secret');
    expect(await read(true)).toBe('secret');
    await ssm.send(new PutParameterCommand({ Name: '/shop/db/password', Value: 'new', Overwrite: true }));
    expect(await read(true)).toBe('new');
    expect(await read(false)).not.toContain('new');
  });

  it('are listed by path, page by page', async () => {
    const ssm = await connect();
    const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path: '/shop' }));
    expect(Parameters?.map(({ Name }) => Name)).toEqual(['/shop/zones']);
    const names: (string | undefined)[] = [];
    const pages = paginateGetParametersByPath({ client: ssm, pageSize: 2 }, { Path: '/shop/', Recursive: true });
    for await (const page of pages) names.push(...(page.Parameters ?? []).map(({ Name }) => Name));
    expect(names).toEqual(['/shop/db/host', '/shop/db/password', '/shop/zones']);
  });
});
