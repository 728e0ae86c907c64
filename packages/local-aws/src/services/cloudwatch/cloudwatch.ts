import { type ApiCall, createErrorResponse, type Document, output, type ServiceResponse } from '../../api-call.js';
import { getPage } from '../../pagination.js';
import { readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { Timeline } from '../../time/timeline.js';
import type { CloudWatchScenario } from './scenario.js';

interface AlarmState {
  readonly state: string;
  readonly reason: string;
}

interface Alarm {
  readonly name: string;
  readonly kind: 'metric' | 'composite';
  readonly timeline: Timeline<AlarmState>;
}

const MAX_ALARM_NAMES = 100;

const getAlarmType = ({ kind }: Alarm): string => (kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm');

class Alarms {
  private readonly alarms: ReadonlyMap<string, Alarm>;
  private readonly start: number;

  constructor(private readonly context: ServiceContext<CloudWatchScenario>) {
    this.start = context.clock.now();
    this.alarms = new Map(
      Object.entries(context.scenario.alarms).map(([name, { kind, state, reason, changes }]): [string, Alarm] => {
        const timeline = new Timeline<AlarmState>().plan(this.start, { state, reason });
        for (const { at, ...snapshot } of changes) timeline.plan(this.start + at, snapshot);
        return [name, { name, kind, timeline }];
      }),
    );
  }

  describe(call: ApiCall): ServiceResponse {
    const { input } = call;
    if (readStrings(input['AlarmNames']).length > MAX_ALARM_NAMES) {
      return createErrorResponse('ValidationError', `AlarmNames must have at most ${MAX_ALARM_NAMES} names.`);
    }
    const { items, nextToken } = getPage(this.select(call), input['NextToken'], Number(input['MaxRecords'] ?? 50));
    const describeKind = (kind: Alarm['kind']) =>
      items.filter((alarm) => alarm.kind === kind).map((alarm) => this.describeAlarm(alarm, call));
    return output({
      MetricAlarms: describeKind('metric'),
      CompositeAlarms: describeKind('composite'),
      NextToken: nextToken,
    });
  }

  setState({ input, at }: ApiCall): ServiceResponse {
    const alarm = this.alarms.get(String(input['AlarmName']));
    if (alarm === undefined)
      return createErrorResponse('ResourceNotFound', `Alarm ${input['AlarmName']} does not exist`, 404);
    alarm.timeline.plan(at, { state: String(input['StateValue']), reason: String(input['StateReason']) });
    return output({});
  }

  /** Composite alarms are returned only if `AlarmTypes` includes them (DescribeAlarms). */
  private select({ input, at }: ApiCall): readonly Alarm[] {
    const names = readStrings(input['AlarmNames']);
    const types = input['AlarmTypes'] === undefined ? ['MetricAlarm'] : readStrings(input['AlarmTypes']);
    const prefix = input['AlarmNamePrefix'];
    return [...this.alarms.values()].filter(
      (alarm) =>
        types.includes(getAlarmType(alarm)) &&
        (names.length === 0 || names.includes(alarm.name)) &&
        (typeof prefix !== 'string' || alarm.name.startsWith(prefix)) &&
        (input['StateValue'] === undefined || input['StateValue'] === alarm.timeline.findLatest(at)?.value.state),
    );
  }

  private describeAlarm({ name, timeline }: Alarm, { at, region }: ApiCall): Document {
    const { account, partition } = this.context;
    const entry = timeline.findLatest(at);
    const since = new Date(entry?.at ?? this.start);
    return {
      AlarmName: name,
      AlarmArn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`,
      ActionsEnabled: true,
      StateValue: entry?.value.state,
      StateReason: entry?.value.reason,
      StateUpdatedTimestamp: since,
      StateTransitionedTimestamp: since,
    };
  }
}

/** CloudWatch alarms. The scenario and SetAlarmState set their states; metrics are not evaluated. */
export const createCloudWatch = (context: ServiceContext<CloudWatchScenario>): Service => {
  const alarms = new Alarms(context);
  const handle = dispatchByOperation({
    DescribeAlarms: async (call) => alarms.describe(call),
    SetAlarmState: async (call) => alarms.setState(call),
  });
  return { handle };
};
