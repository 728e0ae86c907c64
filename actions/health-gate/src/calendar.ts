import { type AwsConfiguration, renewExpired } from '@aws-delivery/action-kit/aws';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Hold } from './look.js';

/** Change calendars of Systems Manager. This module brings a client along: import it when a calendar is asked. */
export class ChangeCalendars {
  private readonly client: SSMClient;

  constructor(configuration: AwsConfiguration) {
    this.client = new SSMClient(configuration);
    renewExpired(this.client);
  }

  /** Asks them one by one, so that a closed one can be named. `names` are names or ARNs. */
  async closed(names: readonly string[]): Promise<readonly Hold[]> {
    const holds: Hold[] = [];
    for (const name of names) {
      const { State: state, NextTransitionTime: next } = await this.stateOf(name);
      if (state === 'CLOSED') holds.push({ kind: 'calendar', name, opensAt: next });
      else if (state !== 'OPEN') {
        throw new DeliveryError(
          'unavailable',
          `calendar '${name}' is neither OPEN nor CLOSED but '${state}': look at it`,
        );
      }
    }
    return holds;
  }

  private async stateOf(name: string) {
    try {
      return await this.client.send(new GetCalendarStateCommand({ CalendarNames: [name] }));
    } catch (cause) {
      if (!isCode(cause, 'InvalidDocument', 'InvalidDocumentType', 'UnsupportedCalendar')) throw cause;
      throw new DeliveryError(
        'not-found',
        `input 'calendars': '${name}' is no change calendar of this account and Region: check the name, or give the ARN of a shared one`,
        { cause },
      );
    }
  }
}
