import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { Timeline } from '../../timeline.js';
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

const MOST_NAMES = 100;

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const typeOf = ({ kind }: Alarm): string => (kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm');

/** What is known of the alarms, read and written by calls. */
class Alarms {
  readonly #alarms: ReadonlyMap<string, Alarm>;
  readonly #context: ServiceContext<CloudWatchScenario>;
  readonly #start: number;

  constructor(context: ServiceContext<CloudWatchScenario>) {
    this.#context = context;
    this.#start = context.clock.now();
    this.#alarms = new Map(
      Object.entries(context.scenario.alarms).map(([name, { kind, state, reason, changes }]): [string, Alarm] => {
        const timeline = new Timeline<AlarmState>().plan(this.#start, { state, reason });
        for (const { at, ...fact } of changes) timeline.plan(this.#start + at, fact);
        return [name, { name, kind, timeline }];
      }),
    );
  }

  describe(call: Call): Reply {
    const { input } = call;
    if (texts(input['AlarmNames']).length > MOST_NAMES) {
      return apiError('ValidationError', `AlarmNames may hold at most ${MOST_NAMES} names.`);
    }
    const found = this.#select(call);
    const from = Number(input['NextToken'] ?? 0);
    const to = from + Number(input['MaxRecords'] ?? 50);
    const page = found.slice(from, to);
    const of = (kind: Alarm['kind']) =>
      page.filter((alarm) => alarm.kind === kind).map((alarm) => this.#document(alarm, call));
    const next = to < found.length && { NextToken: String(to) };
    return output({ MetricAlarms: of('metric'), CompositeAlarms: of('composite'), ...next });
  }

  set({ input, at }: Call): Reply {
    const alarm = this.#alarms.get(String(input['AlarmName']));
    if (alarm === undefined) return apiError('ResourceNotFound', `Alarm ${input['AlarmName']} does not exist`, 404);
    alarm.timeline.plan(at, { state: String(input['StateValue']), reason: String(input['StateReason']) });
    return output({});
  }

  /** Composite alarms are told only where they are asked for (DescribeAlarms, AlarmTypes). */
  #select({ input, at }: Call): readonly Alarm[] {
    const names = texts(input['AlarmNames']);
    const types = input['AlarmTypes'] === undefined ? ['MetricAlarm'] : texts(input['AlarmTypes']);
    const prefix = input['AlarmNamePrefix'];
    return [...this.#alarms.values()].filter(
      (alarm) =>
        types.includes(typeOf(alarm)) &&
        (names.length === 0 || names.includes(alarm.name)) &&
        (typeof prefix !== 'string' || alarm.name.startsWith(prefix)) &&
        (input['StateValue'] === undefined || input['StateValue'] === alarm.timeline.latest(at)?.fact.state),
    );
  }

  #document({ name, timeline }: Alarm, { at, region }: Call): Document {
    const { account, partition } = this.#context;
    const entry = timeline.latest(at);
    const since = new Date(entry?.at ?? this.#start);
    return {
      AlarmName: name,
      AlarmArn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`,
      ActionsEnabled: true,
      StateValue: entry?.fact.state,
      StateReason: entry?.fact.reason,
      StateUpdatedTimestamp: since,
      StateTransitionedTimestamp: since,
    };
  }
}

/** Alarms whose states the scenario plans and SetAlarmState changes; metrics are not evaluated. */
export const createCloudWatch = (context: ServiceContext<CloudWatchScenario>): Service => {
  const alarms = new Alarms(context);
  const handle = byOperation({
    DescribeAlarms: async (call) => alarms.describe(call),
    SetAlarmState: async (call) => alarms.set(call),
  });
  return { handle };
};
