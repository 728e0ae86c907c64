import { getMaxListeners } from 'node:events';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { expect, it } from '@jest/globals';
import { Deadline } from '../src/deadline.js';

it('lets any number of requests listen to the time limit', () => {
  using deadline = new Deadline(new VirtualClock({ start: 0 }), 1000, new AbortController().signal);
  expect(getMaxListeners(deadline.signal)).toBe(Number.POSITIVE_INFINITY);
});
