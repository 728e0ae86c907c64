import type { ApiCall, Document } from '../../api-call.js';
import { readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { Timeline } from '../../time/timeline.js';
import { type ChangeCalendar, parseChangeCalendar } from './change-calendar.js';
import { createParameterHandlers } from './parameters.js';
import type { SsmScenario } from './scenario.js';

type State = 'OPEN' | 'CLOSED';

/** Calendar times have no milliseconds. */
const formatTime = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const parseDocumentName = (nameOrArn: string): string => nameOrArn.split(':document/').at(-1) ?? nameOrArn;

/**
 * Systems Manager: change calendars, parameters, and default versions of documents. Several calendars are OPEN only if
 * each of them is (GetCalendarState).
 */
export const createSsm = (context: ServiceContext<SsmScenario>): Service => {
  const { scenario, clock } = context;
  const start = clock.now();
  const calendars = new Map(
    Object.entries(scenario.calendars).map(([name, { state, changes, icalendar }]): [string, ChangeCalendar] => {
      if (icalendar !== undefined) return [name, parseChangeCalendar(icalendar)];
      const timeline = new Timeline<State>().plan(start, state);
      for (const change of changes) timeline.plan(start + change.at, change.state);
      return [
        name,
        {
          getState: (at) => timeline.findLatest(at)?.value ?? state,
          findNextTransition: (at) => timeline.findNext(at)?.at,
        },
      ];
    }),
  );

  const getCalendarState = ({ input, at: now }: ApiCall): Document => {
    const at = input['AtTime'] === undefined ? now : Date.parse(String(input['AtTime']));
    const names = readStrings(input['CalendarNames']);
    const known = names.flatMap((name) => calendars.get(parseDocumentName(name)) ?? []);
    if (known.length < names.length) {
      throw serviceError('InvalidDocument', 'The specified SSM document does not exist or is not a change calendar.');
    }
    const isClosed = known.some((calendar) => calendar.getState(at) === 'CLOSED');
    const [next] = known
      .flatMap((calendar) => calendar.findNextTransition(at) ?? [])
      .sort((left, right) => left - right);
    return {
      State: isClosed ? 'CLOSED' : 'OPEN',
      AtTime: formatTime(at),
      ...(next !== undefined && { NextTransitionTime: formatTime(next) }),
    };
  };

  return {
    handle: dispatchByOperation({
      ...createParameterHandlers(context),
      DescribeDocument: ({ input }) => {
        const name = parseDocumentName(String(input['Name']));
        const version = scenario.documents[name];
        if (version === undefined) throw serviceError('InvalidDocument', 'The specified SSM document does not exist.');
        return { Document: { Name: name, DefaultVersion: version } };
      },
      GetCalendarState: getCalendarState,
    }),
  };
};
