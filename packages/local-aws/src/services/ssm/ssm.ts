import { type ApiCall, createErrorResponse, output, type ServiceResponse } from '../../api-call.js';
import { readStrings } from '../../protocols/document.js';
import type { Service, ServiceContext } from '../../service.js';
import { dispatchWithServiceErrors, type OperationHandlers } from '../../service-error.js';
import { Timeline } from '../../time/timeline.js';
import { type ChangeCalendar, parseChangeCalendar } from './change-calendar.js';
import { createParameterHandlers } from './parameters.js';
import type { SsmScenario } from './scenario.js';

type State = 'OPEN' | 'CLOSED';

/** Calendar times have no milliseconds. */
const formatTime = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const parseDocumentName = (nameOrArn: string): string => nameOrArn.split(':document/').at(-1) ?? nameOrArn;

/** Default versions of documents. */
const createDocumentHandlers = ({ scenario }: ServiceContext<SsmScenario>): OperationHandlers => {
  const documents = new Map(Object.entries(scenario.documents));
  return {
    DescribeDocument: ({ input }) => {
      const name = parseDocumentName(String(input['Name']));
      const version = documents.get(name);
      if (version === undefined)
        return createErrorResponse('InvalidDocument', 'The specified SSM document does not exist.');
      return output({ Document: { Name: name, DefaultVersion: version } });
    },
  };
};

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

  const getCalendarState = ({ input, at: now }: ApiCall): ServiceResponse => {
    const at = input['AtTime'] === undefined ? now : Date.parse(String(input['AtTime']));
    const names = readStrings(input['CalendarNames']);
    const known = names.flatMap((name) => calendars.get(parseDocumentName(name)) ?? []);
    if (known.length < names.length) {
      return createErrorResponse(
        'InvalidDocument',
        'The specified SSM document does not exist or is not a change calendar.',
      );
    }
    const isClosed = known.some((calendar) => calendar.getState(at) === 'CLOSED');
    const [next] = known
      .flatMap((calendar) => calendar.findNextTransition(at) ?? [])
      .sort((left, right) => left - right);
    return output({
      State: isClosed ? 'CLOSED' : 'OPEN',
      AtTime: formatTime(at),
      ...(next !== undefined && { NextTransitionTime: formatTime(next) }),
    });
  };

  return {
    handle: dispatchWithServiceErrors({
      ...createParameterHandlers(context),
      ...createDocumentHandlers(context),
      GetCalendarState: getCalendarState,
    }),
  };
};
