import { readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { describe, expect, it } from '@jest/globals';
import { definition } from '../../action.js';
import { parseRequest } from '../../src/inputs/parse-request.js';

const env = { AWS_REGION: 'eu-west-1', RUNNER_TEMP: '/tmp/runner', GITHUB_ACTION: 'gate' };

const parse = (inputs: Readonly<Record<string, string>>, envVariables: Readonly<Record<string, string>> = env) => {
  const variablePairs = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return parseRequest(
    readInputs(definition, Object.fromEntries(variablePairs), () => {}),
    envVariables,
  );
};

describe('a request', () => {
  it('without inputs considers open issues of this Region and fails on them', () => {
    expect(parse({})).toMatchObject({
      region: 'eu-west-1',
      eventScope: { kind: 'account' },
      services: 'listed',
      entities: { kind: 'any' },
      onEvent: 'fail',
      waitPolicy: { onBlocked: 'end', stableFor: 120_000, timeout: 3_600_000 },
      policies: { onUnavailable: 'fail', onNoSupportPlan: 'fail' },
      evidenceFile: '/tmp/runner/health-gate-gate.json',
      criteria: { regions: ['eu-west-1'], services: [], categories: ['issue'], statuses: ['open'] },
    });
  });

  it('accepts services in any case and separates auto', () => {
    const { criteria, services } = parse({ services: 'rds, Auto\nDynamoDB', template: 't.yaml' });
    expect(criteria.services).toEqual(['RDS', 'DYNAMODB']);
    expect(services).toBe('derived');
  });

  it('treats all Regions as no condition', () => {
    expect(parse({ regions: '*' }).criteria.regions).toEqual([]);
  });

  it('accepts Regions in any case, and global', () => {
    expect(parse({ regions: 'EU-West-1, global' }).criteria.regions).toEqual(['eu-west-1', 'global']);
  });

  it('converts durations to milliseconds', () => {
    expect(parse({ 'upcoming-within': '2h', 'min-age': '5m', 'max-age': '1d' }).criteria).toMatchObject({
      upcomingWithin: 7_200_000,
      minimumAge: 300_000,
      maximumAge: 86_400_000,
    });
  });

  it('accepts categories in any case', () => {
    expect(parse({ categories: 'issue, scheduledchange' }).criteria.categories).toEqual(['issue', 'scheduledChange']);
  });

  it('does not wait with override-reason', () => {
    expect(parse({ 'on-event': 'wait' }).waitPolicy.onBlocked).toBe('wait');
    expect(parse({ 'on-event': 'wait', 'override-reason': 'INC-1' }).waitPolicy.onBlocked).toBe('end');
  });

  it.each([
    [{ regions: 'ireland' }, "input 'regions': 'ireland' must be a Region code, for example eu-central-1"],
    [{ services: 'auto' }, "'template' or 'stack-name' is required when 'services' contains 'auto'"],
    [{ entities: 'match' }, "'entity-values' or 'stack-name' is required when 'entities' is 'match'"],
    [{ 'entity-values': 'x' }, "input 'entity-values' requires 'entities: match'"],
    [{ accounts: '111111111111' }, "input 'accounts' requires 'organization: true'"],
    [{ organization: 'true', accounts: '1' }, "'1' must be an account ID of 12 digits"],
    [
      { organization: 'true', 'availability-zones': 'eu-west-1a' },
      "with 'organization', use zone IDs, for example euw1-az2",
    ],
    [{ 'on-event': 'hope' }, "input 'on-event': 'hope' is not one of fail, wait, warn"],
    [{ 'on-unavailable': 'ignore' }, "'ignore' is not one of fail, warn, proceed, public-feed"],
    [{ categories: 'outage' }, "'outage' is not one of issue, scheduledChange, accountNotification"],
  ])('rejects %j: %s', (inputs, message) => {
    expect(() => parse(inputs)).toThrow(message);
  });

  it('requires a Region', () => {
    expect(() => parse({}, {})).toThrow("No AWS Region found: set input 'aws-region'");
  });
});
