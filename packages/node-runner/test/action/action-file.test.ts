import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readActionFile } from '../../src/action/action-file.js';
import { MINIMAL_ACTION, readActionText } from './action-text.js';

describe('readActionFile', () => {
  it('resolves scripts against the directory of the file', () => {
    const file = readActionText(MINIMAL_ACTION);
    expect(file).toMatchObject({
      main: join(file.directory, 'dist', 'main.js'),
      post: undefined,
      outputDescriptions: new Map(),
    });
  });

  it('defaults post-if to always()', () => {
    expect(readActionText(MINIMAL_ACTION).postIf).toBe('always()');
    expect(readActionText("name: a\nruns: { using: node20, main: m.js, post-if: '!cancelled()' }").postIf).toBe(
      '!cancelled()',
    );
  });

  it.each([
    ['a composite action', 'name: a\nruns: { using: composite, steps: [] }', 'runs.using'],
    ['no main', 'name: a\nruns: { using: node24 }', 'runs.main'],
    ['an unknown condition', 'name: a\nruns: { using: node24, main: m.js, post-if: maybe() }', 'runs["post-if"]'],
    ['broken YAML', 'name: [', 'action.yml'],
  ])('rejects %s', (_, content, fragment) => {
    expect(() => readActionText(content)).toThrow(
      expect.objectContaining({ code: 'action-file-invalid', message: expect.stringContaining(fragment) }),
    );
  });

  it('reports a directory without an action.yml', () => {
    expect(() => readActionFile('/nowhere')).toThrow("action.yml not found in '/nowhere'");
  });
});
