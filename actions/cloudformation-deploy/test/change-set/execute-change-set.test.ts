import { describe, expect, it } from '@jest/globals';
import { createNoChangesOutcome } from '../../src/change-set/execute-change-set.js';
import type { Stack } from '../../src/stack/stack.js';
import type { Status } from '../../src/stack/stack-state.js';

const createStack = (status: Status): Stack => ({
  id: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1',
  name: 'shop',
  status,
  reason: undefined,
  outputs: [],
  parameters: new Map(),
  capabilities: [],
  hasTerminationProtection: false,
  tags: {},
  notificationArns: [],
  isExpress: false,
  changeSetId: undefined,
  touchedAt: 0,
  operationIds: [],
});

describe('createNoChangesOutcome', () => {
  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'] as const)(
    'returns unchanged in %s',
    (status) => {
      expect(createNoChangesOutcome(createStack(status), false)).toEqual({ kind: 'unchanged', isFailure: false });
      expect(createNoChangesOutcome(createStack(status), true)).toEqual({ kind: 'unchanged', isFailure: true });
    },
  );

  it.each(['CREATE_FAILED', 'UPDATE_FAILED', 'REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE'] as const)(
    'rejects %s',
    (status) => {
      expect(createNoChangesOutcome(createStack(status), false)).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining(`stack shop is in ${status}`),
      });
    },
  );

  it('rejects a missing stack', () => {
    expect(createNoChangesOutcome(undefined, false)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('the stack does not exist'),
    });
  });
});
