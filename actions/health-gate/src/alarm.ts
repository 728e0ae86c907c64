import { type AwsConfiguration, arnIn, renewExpired } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { chunks } from './health-filter.js';
import type { Hold } from './look.js';

// DescribeAlarms takes at most 100 names and answers at most 100 alarms.
const MOST_NAMES = 100;

interface AlarmName {
  /** As it was given: a name or an ARN. */
  readonly given: string;
  readonly name: string;
  readonly region: string;
  /** Undefined for an alarm that is given by name. */
  readonly arn: string | undefined;
}

/** The alarm meant by a name or an ARN, by the name it has in its Region. */
const alarmNameIn = (text: string, region: string): AlarmName => {
  const arn = arnIn(text);
  if (arn === undefined) return { given: text, name: text, region, arn: undefined };
  const name = /^alarm:(.+)$/s.exec(arn.resource)?.[1];
  if (arn.service === 'cloudwatch' && name !== undefined) return { given: text, name, region: arn.region, arn: text };
  throw new DeliveryError('invalid-input', `input 'alarms': '${text}' is not the ARN of a CloudWatch alarm`);
};

interface Alarm {
  readonly AlarmArn?: string | undefined;
  readonly AlarmName?: string | undefined;
  readonly StateValue?: string | undefined;
  readonly StateReason?: string | undefined;
  readonly StateTransitionedTimestamp?: Date | undefined;
  readonly StateUpdatedTimestamp?: Date | undefined;
}

// By name alone, the alarm of another account would be taken for one of the same name in this.
const holdOf = ({ given, name, arn }: AlarmName, alarm: Alarm | undefined): readonly Hold[] => {
  if (alarm === undefined || (arn !== undefined && alarm.AlarmArn !== arn)) {
    const message = `input 'alarms': there is no alarm '${given}' in this account and Region: check the name`;
    throw new DeliveryError('not-found', message);
  }
  const { StateValue: state, StateReason: reason = '' } = alarm;
  if (state === 'OK' || state === 'INSUFFICIENT_DATA') return [];
  if (state !== 'ALARM')
    throw new DeliveryError('unavailable', `alarm '${name}' is in a state unknown here, '${state}'`);
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return [{ kind: 'alarm', name, reason, since: since?.getTime() }];
};

/** CloudWatch alarms. This module brings a client along: import it when an alarm is asked. */
export class Alarms {
  private readonly clients = new Map<string, CloudWatchClient>();

  /** `region` is where alarms are that are given by name. */
  constructor(
    private readonly region: string,
    private readonly configure: (region: string) => AwsConfiguration,
  ) {}

  /** Those in ALARM. An alarm that is not there is an error: it would never go off. */
  async ringing(given: readonly string[]): Promise<readonly Hold[]> {
    const alarms = given.map((text) => alarmNameIn(text, this.region));
    const holds: Hold[] = [];
    for (const region of new Set(alarms.map((alarm) => alarm.region))) {
      const here = new Map(alarms.filter((alarm) => alarm.region === region).map((alarm) => [alarm.given, alarm]));
      for (const part of chunks([...here.values()], MOST_NAMES)) holds.push(...(await this.ringingIn(region, part)));
    }
    return holds;
  }

  private async ringingIn(region: string, asked: readonly AlarmName[]): Promise<readonly Hold[]> {
    const names = [...new Set(asked.map(({ name }) => name))];
    const alarms = new Map((await this.read(this.clientOf(region), names)).map((alarm) => [alarm.AlarmName, alarm]));
    return asked.flatMap((alarm) => holdOf(alarm, alarms.get(alarm.name)));
  }

  private async read(client: CloudWatchClient, names: readonly string[]): Promise<readonly Alarm[]> {
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
  }

  private clientOf(region: string): CloudWatchClient {
    const known = this.clients.get(region);
    if (known !== undefined) return known;
    const client = new CloudWatchClient(this.configure(region));
    renewExpired(client);
    this.clients.set(region, client);
    return client;
  }
}
