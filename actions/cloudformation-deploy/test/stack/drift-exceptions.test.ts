import { describe, expect, it } from '@jest/globals';
import type { DriftDetection } from '../../src/stack/drift.js';
import {
  applyDriftExceptions,
  evaluateDriftExceptions,
  readDriftExceptions,
} from '../../src/stack/drift-exceptions.js';

const createResource = (logicalId: string, type: string, status: string, ...paths: readonly string[]) => ({
  logicalId,
  physicalId: `shop-${logicalId}`,
  type,
  status,
  properties: paths.map((path) => ({ path, kind: 'NOT_EQUAL', expected: undefined, actual: undefined })),
});

const service = createResource('Service', 'AWS::ECS::Service', 'MODIFIED', '/DesiredCount', '/Tags/0/Value');
const queue = createResource('Queue', 'AWS::SQS::Queue', 'DELETED');
const table = createResource('Table', 'AWS::DynamoDB::Table', 'IN_SYNC');
const detection: DriftDetection = { status: 'DRIFTED', resources: [service, queue], resourcesInSync: [table] };

const read = (content: string, now = 0) =>
  readDriftExceptions(
    'drift.yml',
    { readSource: async (name) => ({ kind: 'file', content, name, path: `/${name}` }) },
    now,
  );

/** The drift that remains and the drift that is ignored, as `resource path`. */
const evaluate = async (entries: string) => {
  const { status, resources, ignored } = applyDriftExceptions(detection, await read(`ignore: [${entries}]`));
  return {
    status,
    remaining: resources.flatMap(({ logicalId, properties }) =>
      properties.length === 0 ? [logicalId] : properties.map(({ path }) => `${logicalId} ${path}`),
    ),
    ignored: ignored.map(({ logicalId, property }) =>
      property === undefined ? logicalId : `${logicalId} ${property}`,
    ),
  };
};

const count = 'Service /DesiredCount';
const tag = 'Service /Tags/0/Value';

describe('drift', () => {
  it.each([
    ['{ properties: DesiredCount, reason: r }', [count]],
    ['{ properties: /DesiredCount, reason: r }', [count]],
    ['{ types: "AWS::ECS::*", properties: DesiredCount, reason: r }', [count]],
    ['{ types: AWS::SQS::Queue, properties: DesiredCount, reason: r }', []],
    ['{ resources: [Service, Queue], types: AWS::ECS::Service, properties: DesiredCount, reason: r }', [count]],
    ['{ properties: Tags, reason: r }', [tag]],
    ['{ properties: Tags/*/Value, reason: r }', [tag]],
    ['{ properties: Tag, reason: r }', []],
    ['{ properties: desiredcount, reason: r }', []],
    ['{ resources: service, reason: r }', []],
    ['{ resources: Service, reason: r }', [count, tag]],
    ['{ properties: Tags, reason: r }, { types: AWS::ECS::Service, properties: "*", reason: r }', [count, tag]],
    ['{ resources: Queue, reason: r }', ['Queue']],
    ['{ resources: Queue, properties: "**", reason: r }', []],
  ])('with the exceptions %s is ignored: %j', async (entries, ignored) => {
    const remaining = [count, tag, 'Queue'].filter((each) => !ignored.includes(each));
    expect(await evaluate(entries)).toEqual({ status: 'DRIFTED', remaining, ignored });
  });

  it('that is ignored completely leaves the stack in sync', async () => {
    const { status, ignored } = await evaluate('{ resources: [Service, Queue], reason: r }');
    expect({ status, ignored }).toEqual({ status: 'IN_SYNC', ignored: [count, tag, 'Queue'] });
  });

  it('without details, or of unknown status, is never ignored', async () => {
    const exceptions = await read('ignore: [{ resources: "*", reason: r }]');
    const empty = { ...detection, resources: [] };
    expect(applyDriftExceptions(empty, exceptions).status).toBe('DRIFTED');
    expect(applyDriftExceptions({ ...detection, status: 'UNKNOWN' }, exceptions).status).toBe('UNKNOWN');
  });
});

it('an exception is unused if the stack does not have its resource, and not if the resource is in sync', async () => {
  const exceptions = await read(`ignore:
    - { resources: Table, properties: ReadCapacityUnits, reason: autoscaled }
    - { resources: Cache, reason: removed }
    - { types: AWS::ECS::Service, resources: Queue, reason: wrong type }
    - { resources: Queue, properties: DelaySeconds, reason: deleted today }`);
  expect(evaluateDriftExceptions(detection, exceptions)).toEqual({
    declared: [1, 2, 3, 4].map((position) => `entry ${position} of drift.yml`),
    unused: ['entry 2 of drift.yml', 'entry 3 of drift.yml'],
  });
});

it.each([
  ['{ resources: A }', "'reason' is required in entry 1 of drift.yml"],
  ['{ reason: r }', 'entry 1 of drift.yml would match everything: add one of resources, types, properties'],
  ['{ property: A, reason: r }', "unknown field 'property' in entry 1 of drift.yml: use resources, types, properties"],
  [
    '{ resources: A, reason: hotfix, expires: 2026-01-31 }',
    'entry 1 of drift.yml (valid until 2026-01-31: hotfix) has expired',
  ],
])('the exception %s is rejected', async (entry, message) => {
  await expect(read(`ignore: [${entry}]`, Date.parse('2026-02-01T00:00:00Z'))).rejects.toThrow(message);
});
