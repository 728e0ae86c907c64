import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Blocker } from '../decision/observation.js';

/** Change calendars of Systems Manager. Imported dynamically: it loads the SSM client. */
export class ChangeCalendarReader {
  private readonly client: SSMClient;

  constructor(config: AwsClientConfig) {
    this.client = new SSMClient(config);
    renewExpiredCredentials(this.client);
  }

  /**
   * The closed calendars among `names` (names or ARNs), with one call per calendar: a call for several does not say
   * which is closed.
   * @throws DeliveryError `not-found` for a calendar that does not exist, `unavailable` for an unknown state
   */
  async listClosed(names: readonly string[]): Promise<readonly Blocker[]> {
    const blockers: Blocker[] = [];
    for (const name of names) {
      const { State: state, NextTransitionTime: nextTransition } = await this.fetchState(name);
      if (state === 'CLOSED') blockers.push({ kind: 'calendar', name, opensAt: nextTransition });
      else if (state !== 'OPEN') {
        throw new DeliveryError('unavailable', `calendar '${name}' has the state '${state}', expected OPEN or CLOSED`);
      }
    }
    return blockers;
  }

  private async fetchState(name: string) {
    try {
      return await this.client.send(new GetCalendarStateCommand({ CalendarNames: [name] }));
    } catch (cause) {
      if (!hasErrorCode(cause, 'InvalidDocument', 'InvalidDocumentType', 'UnsupportedCalendar')) throw cause;
      throw new DeliveryError(
        'not-found',
        `input 'calendars': '${name}' is not a change calendar in this account and Region: correct the name, or use the ARN of a shared calendar`,
        { cause },
      );
    }
  }
}
