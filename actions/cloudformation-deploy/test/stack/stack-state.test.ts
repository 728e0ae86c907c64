import { describe, expect, it } from '@jest/globals';
import { type Status, stackStatusInfo, successStatusesByKind } from '../../src/stack/stack-state.js';

const CREATION_STATUSES: readonly Status[] = [
  'REVIEW_IN_PROGRESS',
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
];

describe('a stack status', () => {
  it.each(Object.entries(stackStatusInfo))('%s tells whether the creation has ever completed', (status, info) => {
    expect(info.isCreation).toBe(CREATION_STATUSES.some((creationStatus) => creationStatus === status));
  });

  it.each([
    ['change', ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']],
    ['rollback', ['ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE', 'DELETE_COMPLETE']],
    ['delete', ['DELETE_COMPLETE']],
  ] as const)('is the success of a %s only if it is one of %j', (kind, expected) => {
    const successful = Object.entries(stackStatusInfo).filter(([, { operationStatus }]) =>
      successStatusesByKind[kind].includes(operationStatus),
    );
    expect(successful.map(([status]) => status).toSorted()).toEqual([...expected].toSorted());
  });
});
