import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
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
