import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { GetCalendarStateCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Hold } from './look.js';

/** Asks the change calendars one by one, so that a closed one can be named. `names` are names or ARNs. */
export const closedCalendars = async (client: SSMClient, names: readonly string[]): Promise<readonly Hold[]> => {
  const holds: Hold[] = [];
  for (const name of names) {
    const { State: state, NextTransitionTime: next } = await stateOf(client, name);
    if (state === 'CLOSED') holds.push({ kind: 'calendar', name, opensAt: next });
    else if (state !== 'OPEN') {
      throw new DeliveryError(
        'unavailable',
        `calendar '${name}' is neither OPEN nor CLOSED but '${state}': look at it`,
      );
    }
  }
  return holds;
};

const stateOf = async (client: SSMClient, name: string) => {
  try {
    return await client.send(new GetCalendarStateCommand({ CalendarNames: [name] }));
  } catch (cause) {
    if (!isCode(cause, 'InvalidDocument', 'InvalidDocumentType', 'UnsupportedCalendar')) throw cause;
    throw new DeliveryError(
      'not-found',
      `input 'calendars': '${name}' is no change calendar of this account and Region: check the name, or give the ARN of a shared one`,
      { cause },
    );
  }
};
