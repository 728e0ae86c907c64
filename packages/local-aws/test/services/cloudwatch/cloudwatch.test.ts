import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from '@jest/globals';
import { useFrozenLocalAws } from '../../fixtures.js';

const START = '2026-11-20T12:00:00.000Z';
const MINUTE = 60_000;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

const start = useFrozenLocalAws(START);

describe('alarms', () => {
  it('have states from the scenario and from calls; composite ones are returned on request', async () => {
    const alarms = {
      errors: { changes: [{ at: '1m', state: 'ALARM' as const }] },
      all: { kind: 'composite' as const },
    };
    const aws = await start({ cloudwatch: { alarms } });
    const cloudwatch = new CloudWatchClient({ region: 'eu-west-1', endpoint: aws.url, credentials });
    const describeAll = () =>
      cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
    expect((await cloudwatch.send(new DescribeAlarmsCommand({}))).CompositeAlarms).toEqual([]);
    expect(await describeAll()).toMatchObject({
      MetricAlarms: [{ AlarmName: 'errors', StateValue: 'OK' }],
      CompositeAlarms: [{ AlarmName: 'all', StateValue: 'OK' }],
    });
    aws.clock.advance(MINUTE);
    expect((await describeAll()).MetricAlarms).toMatchObject([
      { StateValue: 'ALARM', StateReason: 'Threshold Crossed' },
    ]);
    const set = { AlarmName: 'errors', StateValue: 'OK' as const, StateReason: 'checked' };
    await cloudwatch.send(new SetAlarmStateCommand(set));
    expect((await describeAll()).MetricAlarms).toMatchObject([{ StateValue: 'OK', StateReason: 'checked' }]);
  });
});
