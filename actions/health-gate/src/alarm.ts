import { arnIn } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { chunks } from './health-filter.js';
import type { Hold } from './look.js';

// DescribeAlarms takes at most 100 names and answers at most 100 alarms.
const MOST_NAMES = 100;

/** An alarm by the name it has in its Region. */
export interface AlarmName {
  readonly name: string;
  readonly region: string;
}

/** The alarm meant by a name or an ARN. */
export const alarmNameIn = (text: string, region: string): AlarmName => {
  const arn = arnIn(text);
  if (arn === undefined) return { name: text, region };
  const name = /^alarm:(.+)$/s.exec(arn.resource)?.[1];
  if (arn.service === 'cloudwatch' && name !== undefined) return { name, region: arn.region };
  throw new DeliveryError('invalid-input', `input 'alarms': '${text}' is not the ARN of a CloudWatch alarm`);
};

interface Alarm {
  readonly AlarmName?: string | undefined;
  readonly StateValue?: string | undefined;
  readonly StateReason?: string | undefined;
  readonly StateTransitionedTimestamp?: Date | undefined;
  readonly StateUpdatedTimestamp?: Date | undefined;
}

const readAlarms = async (client: CloudWatchClient, names: readonly string[]): Promise<readonly Alarm[]> => {
  const found: Alarm[] = [];
  let token: string | undefined;
  do {
    const answer = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames: [...names],
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: MOST_NAMES,
        NextToken: token,
      }),
    );
    found.push(...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? []));
    token = answer.NextToken;
  } while (token !== undefined);
  return found;
};

const holdOf = (name: string, alarm: Alarm | undefined): readonly Hold[] => {
  if (alarm === undefined) {
    throw new DeliveryError(
      'not-found',
      `input 'alarms': there is no alarm '${name}' in this account and Region: check the name`,
    );
  }
  const { StateValue: state, StateReason: reason = '' } = alarm;
  if (state === 'OK' || state === 'INSUFFICIENT_DATA') return [];
  if (state !== 'ALARM')
    throw new DeliveryError('unavailable', `alarm '${name}' is in a state unknown here, '${state}'`);
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return [{ kind: 'alarm', name, reason, since: since?.getTime() }];
};

/** The alarms of one Region that are in ALARM. An alarm that is not there is an error: it would never go off. */
export const ringingAlarms = async (client: CloudWatchClient, names: readonly string[]): Promise<readonly Hold[]> => {
  const holds: Hold[] = [];
  for (const part of chunks([...new Set(names)], MOST_NAMES)) {
    const alarms = new Map((await readAlarms(client, part)).map((alarm) => [alarm.AlarmName, alarm]));
    holds.push(...part.flatMap((name) => holdOf(name, alarms.get(name))));
  }
  return holds;
};
