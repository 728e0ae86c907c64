import { apiError, type Call, output, type Reply } from '../../call.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { Timeline } from '../../timeline.js';
import type { SsmScenario } from './scenario.js';

type State = 'OPEN' | 'CLOSED';

/** AWS writes calendar times without milliseconds. */
const moment = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const nameIn = (given: string): string => given.split(':document/').at(-1) ?? given;

/** Systems Manager, as far as change calendars go: several are OPEN only when each is (GetCalendarState). */
export const createSsm = ({ scenario, clock }: ServiceContext<SsmScenario>): Service => {
  const start = clock.now();
  const calendars = new Map(
    Object.entries(scenario.calendars).map(([name, { state, changes }]) => {
      const timeline = new Timeline<State>().plan(start, state);
      for (const change of changes) timeline.plan(start + change.at, change.state);
      return [name, timeline];
    }),
  );

  const getCalendarState = ({ input, at }: Call): Reply => {
    const names = Array.isArray(input['CalendarNames']) ? input['CalendarNames'].map(String) : [];
    const asked = names.map((name) => calendars.get(nameIn(name)));
    const known = asked.flatMap((timeline) => (timeline === undefined ? [] : [timeline]));
    if (known.length < names.length) {
      return apiError('InvalidDocument', 'The specified SSM document does not exist or is not a change calendar.');
    }
    const closed = known.some((timeline) => timeline.latest(at)?.fact === 'CLOSED');
    const [next] = known.flatMap((timeline) => timeline.next(at)?.at ?? []).sort((left, right) => left - right);
    return output({
      State: closed ? 'CLOSED' : 'OPEN',
      AtTime: moment(at),
      ...(next !== undefined && { NextTransitionTime: moment(next) }),
    });
  };

  return { handle: byOperation({ GetCalendarState: async (call) => getCalendarState(call) }) };
};
