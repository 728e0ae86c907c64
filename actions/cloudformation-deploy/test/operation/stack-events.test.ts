import { describe, expect, it } from '@jest/globals';
import { isFailure } from '../../src/operation/stack-events.js';
import { createEvent } from './create-event.js';

describe('isFailure', () => {
  it.each([
    ['CREATE_FAILED', 'no such luck', true],
    ['CREATE_FAILED', 'Resource creation cancelled', false],
    ['UPDATE_FAILED', 'Resource update cancelled', false],
    ['CREATE_FAILED', 'the subscription was cancelled by its owner', true],
    ['CREATE_COMPLETE', '', false],
  ])('is, for %s with reason %j, %s', (status, reason, expected) => {
    expect(isFailure(createEvent({ status, reason }))).toBe(expected);
  });
});
