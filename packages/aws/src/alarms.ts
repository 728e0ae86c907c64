import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { tryParseArn } from './arn.js';
import type { AwsClientConfig } from './client-options.js';
import { renewExpiredCredentials } from './credentials.js';
import { paginate } from './pagination.js';

// DescribeAlarms takes at most 100 names and answers at most 100 alarms.
const MAX_NAMES_PER_CALL = 100;

/** An alarm in ALARM. */
export interface ActiveAlarm {
  readonly name: string;
  /** As CloudWatch gives it; empty where it gives none. */
  readonly reason: string;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number | undefined;
}

interface AlarmRef {
  /** As it was given: a name or an ARN. */
  readonly raw: string;
  readonly name: string;
  readonly region: string;
  /** Undefined for an alarm that is given by name. */
  readonly arn: string | undefined;
}

// Of a composite alarm the same is looked at.
type Alarm = Pick<
  MetricAlarm,
  'AlarmArn' | 'AlarmName' | 'StateValue' | 'StateReason' | 'StateTransitionedTimestamp' | 'StateUpdatedTimestamp'
>;

export interface AlarmReaderOptions {
  /** Where alarms are that are given by name. */
  readonly region: string;
  /** What their clients are made of. */
  readonly configure: (region: string) => AwsClientConfig;
  /** The input that names them, for errors. */
  readonly input: string;
}

/** CloudWatch alarms. This module brings a client along: import it when an alarm is asked. */
export class AlarmReader {
  private readonly clients = new Map<string, CloudWatchClient>();

  constructor(private readonly options: AlarmReaderOptions) {}

  /**
   * Those in ALARM of the alarms given by name or ARN. Throws `invalid-input` for the ARN of something else, `not-found`
   * for an alarm that is not there, which would never go off, and `unavailable` for a state that is unknown here.
   */
  async listActive(raw: readonly string[]): Promise<readonly ActiveAlarm[]> {
    const alarms = [...new Set(raw)].map((value) => this.parseAlarmRef(value));
    const active: ActiveAlarm[] = [];
    for (const region of new Set(alarms.map((alarm) => alarm.region))) {
      const regionalAlarms = alarms.filter((alarm) => alarm.region === region);
      for (let from = 0; from < regionalAlarms.length; from += MAX_NAMES_PER_CALL) {
        active.push(...(await this.listActiveByRegion(region, regionalAlarms.slice(from, from + MAX_NAMES_PER_CALL))));
      }
    }
    return active;
  }

  /** The alarm meant by a name or an ARN, by the name it has in its Region. */
  private parseAlarmRef(value: string): AlarmRef {
    const arn = tryParseArn(value);
    if (arn === undefined) return { raw: value, name: value, region: this.options.region, arn: undefined };
    const name = /^alarm:(.+)$/s.exec(arn.resource)?.[1];
    if (arn.service === 'cloudwatch' && name !== undefined) return { raw: value, name, region: arn.region, arn: value };
    throw new DeliveryError(
      'invalid-input',
      `input '${this.options.input}': '${value}' is not the ARN of a CloudWatch alarm`,
    );
  }

  private async listActiveByRegion(region: string, refs: readonly AlarmRef[]): Promise<readonly ActiveAlarm[]> {
    const names = [...new Set(refs.map(({ name }) => name))];
    const alarms = new Map(
      (await this.describeAlarms(this.getClient(region), names)).map((alarm) => [alarm.AlarmName, alarm]),
    );
    return refs.flatMap((alarm) => this.toActiveAlarms(alarm, alarms.get(alarm.name)));
  }

  // By name alone, the alarm of another account would be taken for one of the same name in this.
  private toActiveAlarms({ raw, name, arn }: AlarmRef, alarm: Alarm | undefined): readonly ActiveAlarm[] {
    if (alarm === undefined || (arn !== undefined && alarm.AlarmArn !== arn)) {
      const message = `input '${this.options.input}': there is no alarm '${raw}' in this account and Region: check the name`;
      throw new DeliveryError('not-found', message);
    }
    const { StateValue: state, StateReason: reason = '' } = alarm;
    if (state === 'OK' || state === 'INSUFFICIENT_DATA') return [];
    if (state !== 'ALARM')
      throw new DeliveryError('unavailable', `alarm '${name}' is in a state unknown here, '${state}'`);
    const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
    return [{ name, reason, since: since?.getTime() }];
  }

  private async describeAlarms(client: CloudWatchClient, names: readonly string[]): Promise<readonly Alarm[]> {
    return paginate(async (token) => {
      const response = await client.send(
        new DescribeAlarmsCommand({
          AlarmNames: [...names],
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: MAX_NAMES_PER_CALL,
          NextToken: token,
        }),
      );
      const items = [...(response.MetricAlarms ?? []), ...(response.CompositeAlarms ?? [])];
      return { items, next: response.NextToken };
    });
  }

  private getClient(region: string): CloudWatchClient {
    const existing = this.clients.get(region);
    if (existing !== undefined) return existing;
    const client = new CloudWatchClient(this.options.configure(region));
    renewExpiredCredentials(client);
    this.clients.set(region, client);
    return client;
  }
}
