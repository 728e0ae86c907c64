import type { StackEvent } from '../../src/operation/stack-events.js';

/** Of the stack that the events belong to by default. */
export const stackId = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/1';
/** A completed creation of resource A, with overrides. */
export const createEvent = (overrides: Partial<StackEvent>): StackEvent => ({
  id: `${overrides.logicalId}-${overrides.status}-${overrides.at}`,
  at: 0,
  stackId,
  logicalId: 'A',
  physicalId: 'a-1',
  type: 'Test::Thing',
  status: 'CREATE_COMPLETE',
  reason: '',
  hook: '',
  token: 't',
  operationId: undefined,
  ...overrides,
});
