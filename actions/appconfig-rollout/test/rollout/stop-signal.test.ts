import { describe, expect, it } from '@jest/globals';
import { StopSignal } from '../../src/rollout/stop-signal.js';

describe('a stop signal', () => {
  it('is clear before a failure', () => {
    const signal = new StopSignal('all');
    expect([signal.isClear, signal.isGlobal, signal.getReason('acme')]).toEqual([true, false, undefined]);
    expect(signal.appliesTo('acme')).toBe(false);
  });

  it('with scope tenant stops only the failed tenant', () => {
    const signal = new StopSignal('tenant');
    signal.stop('acme', 'first');
    signal.stop('acme', 'second');
    expect([signal.isClear, signal.isGlobal]).toEqual([false, false]);
    expect([signal.getReason('acme'), signal.getReason('globex')]).toEqual(['first', undefined]);
    expect([signal.appliesTo('acme'), signal.appliesTo('globex')]).toEqual([true, false]);
  });

  it('with scope all stops every tenant for the first reason', () => {
    const signal = new StopSignal('all');
    signal.stop('acme', 'first');
    signal.stop('globex', 'second');
    expect([signal.isClear, signal.isGlobal]).toEqual([false, true]);
    expect([signal.getReason('acme'), signal.getReason('initech')]).toEqual(['first', 'first']);
    expect(signal.appliesTo('initech')).toBe(true);
  });

  it('stops every tenant after a failure of no single tenant', () => {
    const signal = new StopSignal('tenant');
    signal.stopAll('probe');
    expect([signal.isClear, signal.isGlobal, signal.getReason('acme')]).toEqual([false, true, 'probe']);
  });
});
