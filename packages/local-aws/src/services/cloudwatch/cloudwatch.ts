import { z } from 'zod';
import { getPage } from '../../pagination.js';
import { readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { durationSchema } from '../../time/duration.js';
import { Timeline } from '../../time/timeline.js';

const state = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

/** Alarms by name: initial state and changes, with times from the server's start. */
export const cloudwatchScenario = z.strictObject({
  alarms: z
    .record(
      z.string(),
      z.strictObject({
        kind: z.enum(['metric', 'composite']).default('metric'),
        state: state.default('OK'),
        reason: z.string().default('Threshold Crossed'),
        changes: z
          .array(z.strictObject({ at: durationSchema, state, reason: z.string().default('Threshold Crossed') }))
          .default([]),
      }),
    )
    .default({}),
});

export type CloudWatchScenario = z.output<typeof cloudwatchScenario>;

const MAX_ALARM_NAMES = 100;

/** CloudWatch alarms. The scenario and SetAlarmState set their states; metrics are not evaluated. */
export const createCloudWatch = ({ scenario, clock, buildArn }: ServiceContext<CloudWatchScenario>): Service => {
  const start = clock.now();
  const alarms = Object.entries(scenario.alarms).map(([name, { kind, state, reason, changes }]) => {
    const states = new Timeline<{ readonly state: string; readonly reason: string }>().plan(start, { state, reason });
    for (const { at, ...snapshot } of changes) states.plan(start + at, snapshot);
    return { name, type: kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm', states };
  });
  const handle = dispatchByOperation({
    DescribeAlarms: (call) => {
      const { input, at, region } = call;
      const names = readStrings(input['AlarmNames']);
      if (names.length > MAX_ALARM_NAMES)
        throw serviceError('ValidationError', `AlarmNames must have at most ${MAX_ALARM_NAMES} names.`);
      // Composite alarms are returned only if `AlarmTypes` includes them.
      const types = input['AlarmTypes'] === undefined ? ['MetricAlarm'] : readStrings(input['AlarmTypes']);
      const prefix = String(input['AlarmNamePrefix'] ?? '');
      const selected = alarms.filter(
        ({ name, type, states }) =>
          types.includes(type) &&
          (names.length === 0 || names.includes(name)) &&
          name.startsWith(prefix) &&
          (input['StateValue'] === undefined || input['StateValue'] === states.findLatest(at)?.value.state),
      );
      const { rows, nextToken: NextToken } = getPage(call, selected, { size: 'MaxRecords', defaultSize: 50 });
      const describeType = (alarmType: string) =>
        rows
          .filter(({ type }) => type === alarmType)
          .map(({ name, states }) => {
            const entry = states.findLatest(at);
            const since = new Date(entry?.at ?? start);
            return {
              AlarmName: name,
              AlarmArn: buildArn(region, `alarm:${name}`),
              ActionsEnabled: true,
              StateValue: entry?.value.state,
              StateReason: entry?.value.reason,
              StateUpdatedTimestamp: since,
              StateTransitionedTimestamp: since,
            };
          });
      return { MetricAlarms: describeType('MetricAlarm'), CompositeAlarms: describeType('CompositeAlarm'), NextToken };
    },
    SetAlarmState: ({ input: { AlarmName, StateValue, StateReason }, at }) => {
      const alarm = alarms.find(({ name }) => name === AlarmName);
      if (alarm === undefined) throw serviceError('ResourceNotFound', `Alarm ${AlarmName} does not exist`, 404);
      alarm.states.plan(at, { state: String(StateValue), reason: String(StateReason) });
      return {};
    },
  });
  return { handle };
};
