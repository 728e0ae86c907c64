import { type AwsConfiguration, arnIn, renewExpired } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';

// DescribeAlarms takes at most 100 names and answers at most 100 alarms.
const MOST_NAMES = 100;

/** An alarm in ALARM. */
export interface RingingAlarm {
  readonly name: string;
  /** As CloudWatch gives it; empty where it gives none. */
  readonly reason: string;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number | undefined;
}

interface AlarmName {
  /** As it was given: a name or an ARN. */
  readonly given: string;
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

export interface AlarmsOptions {
  /** Where alarms are that are given by name. */
  readonly region: string;
  /** What their clients are made of. */
  readonly configure: (region: string) => AwsConfiguration;
  /** The input that names them, for errors. */
  readonly input: string;
}

/** CloudWatch alarms. This module brings a client along: import it when an alarm is asked. */
export class Alarms {
  private readonly clients = new Map<string, CloudWatchClient>();

  constructor(private readonly options: AlarmsOptions) {}

  /**
   * Those in ALARM of the alarms given by name or ARN. Throws `invalid-input` for the ARN of something else, `not-found`
   * for an alarm that is not there, which would never go off, and `unavailable` for a state that is unknown here.
   */
  async ringing(given: readonly string[]): Promise<readonly RingingAlarm[]> {
    const alarms = [...new Set(given)].map((text) => this.nameIn(text));
    const ringing: RingingAlarm[] = [];
    for (const region of new Set(alarms.map((alarm) => alarm.region))) {
      const here = alarms.filter((alarm) => alarm.region === region);
      for (let from = 0; from < here.length; from += MOST_NAMES) {
        ringing.push(...(await this.ringingIn(region, here.slice(from, from + MOST_NAMES))));
      }
    }
    return ringing;
  }

  /** The alarm meant by a name or an ARN, by the name it has in its Region. */
  private nameIn(text: string): AlarmName {
    const arn = arnIn(text);
    if (arn === undefined) return { given: text, name: text, region: this.options.region, arn: undefined };
    const name = /^alarm:(.+)$/s.exec(arn.resource)?.[1];
    if (arn.service === 'cloudwatch' && name !== undefined) return { given: text, name, region: arn.region, arn: text };
    throw new DeliveryError(
      'invalid-input',
      `input '${this.options.input}': '${text}' is not the ARN of a CloudWatch alarm`,
    );
  }

  private async ringingIn(region: string, asked: readonly AlarmName[]): Promise<readonly RingingAlarm[]> {
    const names = [...new Set(asked.map(({ name }) => name))];
    const alarms = new Map((await this.read(this.clientOf(region), names)).map((alarm) => [alarm.AlarmName, alarm]));
    return asked.flatMap((alarm) => this.ringingOf(alarm, alarms.get(alarm.name)));
  }

  // By name alone, the alarm of another account would be taken for one of the same name in this.
  private ringingOf({ given, name, arn }: AlarmName, alarm: Alarm | undefined): readonly RingingAlarm[] {
    if (alarm === undefined || (arn !== undefined && alarm.AlarmArn !== arn)) {
      const message = `input '${this.options.input}': there is no alarm '${given}' in this account and Region: check the name`;
      throw new DeliveryError('not-found', message);
    }
    const { StateValue: state, StateReason: reason = '' } = alarm;
    if (state === 'OK' || state === 'INSUFFICIENT_DATA') return [];
    if (state !== 'ALARM')
      throw new DeliveryError('unavailable', `alarm '${name}' is in a state unknown here, '${state}'`);
    const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
    return [{ name, reason, since: since?.getTime() }];
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
    const client = new CloudWatchClient(this.options.configure(region));
    renewExpired(client);
    this.clients.set(region, client);
    return client;
  }
}
