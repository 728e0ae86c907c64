import { createFakeLog } from '@aws-delivery/action-kit/testing/fake-log';
import { HealthClient } from '@aws-sdk/client-health';
import { describe, expect, it } from '@jest/globals';
import { AccountView } from '../../src/events/account-view.js';
import { getEndpointLocation, HealthEndpoint } from '../../src/events/health-endpoint.js';
import { OrganizationView } from '../../src/events/organization-view.js';
import { mayAffectOwnEntities } from '../../src/scope/entity-match.js';
import { createCriteria, createEvent, createOwnEntities } from '../fixtures.js';

/** An endpoint that returns the given response for each operation. */
const createEndpoint = (responses: Readonly<Record<string, object>>): HealthEndpoint =>
  new HealthEndpoint({
    location: getEndpointLocation('aws', 'eu-west-1'),
    addressing: 'default',
    createClient: (region) =>
      new HealthClient({
        region,
        credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
        requestHandler: {
          handle: async ({ headers }: { headers: Record<string, string> }) => {
            const operation = headers['x-amz-target']?.split('.')[1] ?? '';
            const body = new Blob([JSON.stringify(responses[operation])]).stream();
            return { response: { statusCode: 200, headers: {}, body } };
          },
        },
      }),
    resolveName: async () => [],
    log: createFakeLog().log,
  });

describe('a response of AWS Health', () => {
  it.each([
    ['the account', new AccountView(createEndpoint({ DescribeEvents: {} }))],
    ['the organisation', new OrganizationView(createEndpoint({ DescribeEventsForOrganization: {} }), [])],
  ])('is rejected as unavailable without a list of events, in the view of %s', async (_name, view) => {
    await expect(view.listEvents(createCriteria())).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('adds an unknown entity for an account whose entities could not be read', async () => {
    const { arn } = createEvent();
    const view = new OrganizationView(
      createEndpoint({
        DescribeAffectedAccountsForOrganization: { affectedAccounts: ['111122223333', '444455556666'] },
        DescribeAffectedEntitiesForOrganization: {
          entities: [{ eventArn: arn, awsAccountId: '111122223333', entityValue: 'theirs' }],
          failedSet: [{ eventArn: arn, awsAccountId: '444455556666', errorName: 'InternalFailure' }],
        },
      }),
      [],
    );
    const accountEvent = createEvent({ scope: 'ACCOUNT_SPECIFIC' });
    const entities = await view.listEntities([accountEvent]);
    expect(entities.get(arn)).toContainEqual({ value: 'UNKNOWN', status: undefined, account: '444455556666' });
    expect(mayAffectOwnEntities(accountEvent, entities.get(arn) ?? [], createOwnEntities(['ours']))).toBe(true);
  });
});
