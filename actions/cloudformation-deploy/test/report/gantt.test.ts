import { describe, expect, it } from '@jest/globals';
import { buildBars } from '../../src/report/gantt.js';
import { createEvent, stackId } from '../operation/create-event.js';

describe('buildBars', () => {
  it('builds a bar for each operation on a resource', () => {
    const bars = buildBars([
      createEvent({ status: 'CREATE_IN_PROGRESS', at: 0 }),
      createEvent({ status: 'CREATE_FAILED', at: 5 }),
      createEvent({ status: 'CREATE_IN_PROGRESS', at: 9 }),
      createEvent({ status: 'CREATE_COMPLETE', at: 12 }),
      createEvent({ logicalId: 'B', status: 'CREATE_IN_PROGRESS', at: 10 }),
      createEvent({ logicalId: 'shop', physicalId: stackId, status: 'CREATE_IN_PROGRESS', at: 0 }),
    ]);
    expect(bars).toEqual([
      { name: 'A', start: 0, end: 5, state: 'failed' },
      { name: 'A', start: 9, end: 12, state: 'done' },
      { name: 'B', start: 10, end: 10, state: 'active' },
    ]);
  });
});
