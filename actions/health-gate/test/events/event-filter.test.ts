import { describe, expect, it } from '@jest/globals';
import { buildEventFilters, buildOrganizationFilters, splitIntoChunks } from '../../src/events/event-filter.js';
import { createCriteria, HOUR } from '../fixtures.js';

const createValues = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `S${index}`);

describe('event filters', () => {
  it('omit empty conditions', () => {
    expect(buildEventFilters(createCriteria({ regions: [] }))).toEqual([
      { eventTypeCategories: ['issue'], eventStatusCodes: ['open'] },
    ]);
  });

  it('include upcoming changes with upcoming-within', () => {
    expect(buildEventFilters(createCriteria({ upcomingWithin: HOUR }))[0]).toMatchObject({
      eventTypeCategories: ['issue', 'scheduledChange'],
      eventStatusCodes: ['open', 'upcoming'],
    });
  });

  it('contain every combination of chunks of at most ten values', () => {
    const filters = buildEventFilters(
      createCriteria({ regions: createValues(11), services: createValues(20), typeCodes: createValues(12) }),
    );
    expect(filters).toHaveLength(2 * 3 * 2);
    for (const { regions = [], services = [], eventTypeCodes = [] } of filters) {
      for (const list of [regions, services, eventTypeCodes]) expect(list.length).toBeLessThanOrEqual(10);
    }
    expect(new Set(filters.flatMap(({ regions }) => regions ?? []))).toEqual(new Set([...createValues(11), 'global']));
    expect(new Set(filters.flatMap(({ services }) => services ?? []))).toEqual(
      new Set([...createValues(20), 'MULTIPLE_SERVICES']),
    );
  });

  it('omit patterns, which the service matches literally', () => {
    expect(buildEventFilters(createCriteria({ typeCodes: ['AWS_*_ISSUE', 'AWS_RDS_X'] }))[0]).not.toHaveProperty(
      'eventTypeCodes',
    );
    expect(buildEventFilters(createCriteria({ typeCodes: ['aws_rds_x'] }))[0]).toMatchObject({
      eventTypeCodes: ['AWS_RDS_X'],
    });
  });

  it('omit fields that an event may lack', () => {
    const [filter] = buildEventFilters(
      createCriteria({ zones: ['a'], personas: ['SECURITY'], actionabilities: ['ACTION_REQUIRED'] }),
    );
    expect(Object.keys(filter ?? {}).sort()).toEqual(['eventStatusCodes', 'eventTypeCategories', 'regions']);
  });

  it('name at most fifty accounts of an organisation', () => {
    const filters = buildOrganizationFilters(createCriteria(), createValues(120));
    expect(filters.map(({ awsAccountIds = [] }) => awsAccountIds.length)).toEqual([50, 50, 20]);
    expect(buildOrganizationFilters(createCriteria(), [])[0]).not.toHaveProperty('awsAccountIds');
  });
});

describe('chunks', () => {
  it.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [21, [10, 10, 1]],
  ])('of %i values have the sizes %j', (count, sizes) => {
    expect(splitIntoChunks(createValues(count), 10).map(({ length }) => length)).toEqual(sizes);
  });
});
