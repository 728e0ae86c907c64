import { EventEmitter, getMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { listenForCancel, rejectOnCancel, toCancellationError } from '../../src/host/cancellation.js';
import { DeliveryError } from '../../src/util/error.js';

describe('listenForCancel', () => {
  it.each(['SIGINT', 'SIGTERM'])('aborts at %s with a cancellation that names it', (name) => {
    const source = new EventEmitter();
    const { signal } = listenForCancel(source);
    expect(signal.aborted).toBe(false);
    source.emit(name);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ code: 'cancelled', message: expect.stringContaining(name) });
  });

  it('does not handle a second signal', () => {
    const source = new EventEmitter();
    const { signal } = listenForCancel(source);
    source.emit('SIGINT');
    expect(source.eventNames()).toEqual([]);
    expect(signal.reason).toMatchObject({ message: expect.stringContaining('SIGINT') });
  });

  it('lets any number of waits listen without a warning', () => {
    const { signal, dispose } = listenForCancel(new EventEmitter());
    dispose();
    expect(getMaxListeners(signal)).toBe(Number.POSITIVE_INFINITY);
  });

  it('removes its handlers on dispose', () => {
    const source = new EventEmitter();
    const { signal, dispose } = listenForCancel(source);
    dispose();
    source.emit('SIGTERM');
    expect(source.eventNames()).toEqual([]);
    expect(signal.aborted).toBe(false);
  });

  it('listens to the process by default', () => {
    const before = process.listenerCount('SIGTERM');
    const { dispose } = listenForCancel();
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    dispose();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

describe('toCancellationError', () => {
  it('returns a DeliveryError unchanged', () => {
    const reason = new DeliveryError('timeout', 'too late');
    expect(toCancellationError(AbortSignal.abort(reason))).toBe(reason);
  });

  it('wraps any other reason with its cause', () => {
    const reason = new Error('gone');
    expect(toCancellationError(AbortSignal.abort(reason))).toMatchObject({
      code: 'cancelled',
      message: 'cancelled: gone',
      cause: reason,
    });
  });
});

describe('rejectOnCancel', () => {
  it('passes results and errors through', async () => {
    const { signal } = new AbortController();
    await expect(rejectOnCancel(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(rejectOnCancel(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    await expect(rejectOnCancel(Promise.resolve(8), undefined)).resolves.toBe(8);
  });

  it('rejects as soon as the signal aborts or when it is aborted', async () => {
    const controller = new AbortController();
    const waiting = rejectOnCancel(new Promise(() => {}), controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(rejectOnCancel(new Promise(() => {}), controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
