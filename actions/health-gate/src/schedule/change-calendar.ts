import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { tryParseArn } from '@aws-delivery/aws/arn';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Blocker } from '../decision/observation.js';

export interface ChangeCalendarOptions {
  /** Region of calendars referred to by name. */
  readonly region: string;
  /** Creates the client configuration of a Region. */
  readonly configure: (region: string) => AwsClientConfig;
}

/** Change calendars of Systems Manager. Imported dynamically: it loads the SSM client. */
export class ChangeCalendarReader {
  private readonly clients = new Map<string, SSMClient>();

  constructor(private readonly options: ChangeCalendarOptions) {}

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

  private getClient(region: string): SSMClient {
    const existing = this.clients.get(region);
    if (existing !== undefined) return existing;
    const client = new SSMClient(this.options.configure(region));
    renewExpiredCredentials(client);
    this.clients.set(region, client);
    return client;
  }

  private async fetchState(name: string) {
    try {
      const region = tryParseArn(name)?.region || this.options.region;
      return await this.getClient(region).send(new GetCalendarStateCommand({ CalendarNames: [name] }));
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
