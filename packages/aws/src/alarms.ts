import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { tryParseArn } from './arn.js';
import type { AwsClientConfig } from './client-options.js';
import { renewExpiredCredentials } from './credentials.js';
import { paginate } from './pagination.js';

// DescribeAlarms accepts at most 100 names and returns at most 100 alarms.
const MAX_NAMES_PER_CALL = 100;

/** An alarm in the state ALARM. */
export interface ActiveAlarm {
  readonly name: string;
  /** CloudWatch's StateReason; empty when absent. */
  readonly reason: string;
  /** Time of the state transition in milliseconds since the epoch. */
  readonly since: number | undefined;
}

interface AlarmRef {
  /** The name or ARN in the input. */
  readonly raw: string;
  readonly name: string;
  readonly region: string;
  /** Undefined for an alarm referred to by name. */
  readonly arn: string | undefined;
}

// CompositeAlarm has the same fields.
type Alarm = Pick<
  MetricAlarm,
  'AlarmArn' | 'AlarmName' | 'StateValue' | 'StateReason' | 'StateTransitionedTimestamp' | 'StateUpdatedTimestamp'
>;

export interface AlarmReaderOptions {
  /** Region of alarms referred to by name. */
  readonly region: string;
  /** Creates the client configuration of a Region. */
  readonly configure: (region: string) => AwsClientConfig;
  /** Name of the input, for errors. */
  readonly input: string;
}

/** Reads CloudWatch alarms. This module imports the CloudWatch client: load it only when alarms are configured. */
export class AlarmReader {
  private readonly clients = new Map<string, CloudWatchClient>();

  constructor(private readonly options: AlarmReaderOptions) {}

  /**
   * The alarms in the state ALARM, of the alarms referred to by name or ARN.
   * @throws DeliveryError `invalid-input` for an ARN of another kind of resource, `not-found` for a missing alarm (it
   * would never fire), `unavailable` for an unknown state
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

  // Comparing ARNs rejects an alarm of the same name in another account.
  private toActiveAlarms({ raw, name, arn }: AlarmRef, alarm: Alarm | undefined): readonly ActiveAlarm[] {
    if (alarm === undefined || (arn !== undefined && alarm.AlarmArn !== arn)) {
      const message = `input '${this.options.input}': alarm '${raw}' not found in this account and Region: check the name`;
      throw new DeliveryError('not-found', message);
    }
    const { StateValue: state, StateReason: reason = '' } = alarm;
    if (state === 'OK' || state === 'INSUFFICIENT_DATA') return [];
    if (state !== 'ALARM') throw new DeliveryError('unavailable', `alarm '${name}' has the unknown state '${state}'`);
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
