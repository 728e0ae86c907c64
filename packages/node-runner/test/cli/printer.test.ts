import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createPrinter } from '../../src/cli/printer.js';

describe('createPrinter', () => {
  it('prints until the reader is gone, and then continues without it', () => {
    const stream = new PassThrough();
    const print = createPrinter(stream);
    print('one');
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    print('two');
    expect(stream.read()?.toString()).toBe('one');
  });
});
