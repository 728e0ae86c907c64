import { createMemoryLog } from '@aws-delivery/action-kit/testing/memory-log';
import { HealthClient } from '@aws-sdk/client-health';
import { describe, expect, it } from '@jest/globals';
import { AccountView } from '../src/account-view.js';
import { concernsUs } from '../src/entity.js';
import { HealthEndpoint, placeOf } from '../src/health-endpoint.js';
import { OrganizationView } from '../src/organization-view.js';
import { criteria, event } from './helpers/event.js';

/** An endpoint whose service answers each operation with what is given here. */
const answering = (answers: Readonly<Record<string, object>>): HealthEndpoint =>
  new HealthEndpoint({
    place: placeOf('aws', 'eu-west-1'),
    addressing: 'plain',
    makeClient: (region) =>
      new HealthClient({
        region,
        credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
        requestHandler: {
          handle: async ({ headers }: { headers: Record<string, string> }) => {
            const operation = headers['x-amz-target']?.split('.')[1] ?? '';
            const body = new Blob([JSON.stringify(answers[operation])]).stream();
            return { response: { statusCode: 200, headers: {}, body } };
          },
        },
      }),
    resolveName: async () => [],
    log: createMemoryLog().log,
  });

describe('an answer of AWS Health', () => {
  it.each([
    ['the account', new AccountView(answering({ DescribeEvents: {} }))],
    ['the organisation', new OrganizationView(answering({ DescribeEventsForOrganization: {} }), [])],
  ])('without a list of events is no answer, for %s', async (_name, view) => {
    await expect(view.events(criteria())).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that fails for one of the accounts leaves open that the event is ours', async () => {
    const { arn } = event();
    const view = new OrganizationView(
      answering({
        DescribeAffectedAccountsForOrganization: { affectedAccounts: ['111122223333', '444455556666'] },
        DescribeAffectedEntitiesForOrganization: {
          entities: [{ eventArn: arn, awsAccountId: '111122223333', entityValue: 'theirs' }],
          failedSet: [{ eventArn: arn, awsAccountId: '444455556666', errorName: 'InternalFailure' }],
        },
      }),
      [],
    );
    const asked = event({ scope: 'ACCOUNT_SPECIFIC' });
    const entities = await view.entities([asked]);
    expect(concernsUs(asked, entities.get(arn) ?? [], ['ours'])).toBe(true);
  });
});
