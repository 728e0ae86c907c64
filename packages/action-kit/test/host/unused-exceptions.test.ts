import { describe, expect, it } from '@jest/globals';
import { applyUnusedExceptions, ExceptionUsage, formatUnusedExceptions } from '../../src/host/unused-exceptions.js';

const passed = { verdict: { kind: 'passed' }, summary: '## Gate' } as const;
const unusedExceptions = { names: ['entry 1 of ignore.yml'] };

it('an exception is used by its first match, also behind another one', () => {
  const exceptions = ['a', 'ab', 'c', 'd'].map((name) => ({ name }));
  const usage = new ExceptionUsage(exceptions);
  usage.recordMatches(({ name }) => name.startsWith('a'));
  usage.recordMatches(({ name }) => name === 'a');
  expect(usage.listUnused()).toEqual([{ name: 'c' }, { name: 'd' }]);
  expect(usage.listUnused(({ name }) => name !== 'c')).toEqual([{ name: 'd' }]);
});

it('formatUnusedExceptions names a limited number', () => {
  expect(formatUnusedExceptions(['a'])).toBe(
    '1 unused exception: a matches nothing: remove it, or set on-unused-exception: ignore',
  );
  const names = Array.from({ length: 22 }, (_, index) => `e${index}`);
  expect(formatUnusedExceptions(names)).toContain('22 unused exceptions: e0, e1,');
  expect(formatUnusedExceptions(names)).toContain('e19 (2 more) match nothing: remove them');
});

describe('applyUnusedExceptions', () => {
  it('changes nothing with ignore, without unused exceptions, and in actions without the input', () => {
    expect(applyUnusedExceptions({ ...passed, unusedExceptions }, 'ignore')).toEqual({ ...passed, unusedExceptions });
    expect(applyUnusedExceptions({ ...passed, unusedExceptions }, undefined)).toEqual({ ...passed, unusedExceptions });
    expect(applyUnusedExceptions(passed, 'fail')).toBe(passed);
    expect(applyUnusedExceptions({ ...passed, unusedExceptions: { names: [] } }, 'fail').verdict).toBe(passed.verdict);
  });

  it('warns, and lists them in the summary', () => {
    const { verdict, annotations, summary } = applyUnusedExceptions(
      { ...passed, annotations: [{ level: 'notice', message: 'first' }], unusedExceptions },
      'warn',
    );
    expect(verdict).toEqual({ kind: 'passed' });
    expect(annotations).toEqual([
      { level: 'notice', message: 'first' },
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('entry 1 of ignore.yml') }),
    ]);
    expect(summary).toBe('## Gate\n\nUnused exceptions:\n\n- entry 1 of ignore.yml');
  });

  it('fails a step that would pass', () => {
    const applied = applyUnusedExceptions({ ...passed, unusedExceptions }, 'fail');
    expect(applied.verdict).toEqual({ kind: 'failed', reason: expect.stringContaining('entry 1 of ignore.yml') });
    expect(applied).not.toHaveProperty('annotations');
  });

  it('warns with fail where this run cannot change the exceptions, and keeps the reason of a failed step', () => {
    const foreign = { ...unusedExceptions, isWarningOnly: true };
    expect(applyUnusedExceptions({ ...passed, unusedExceptions: foreign }, 'fail')).toMatchObject({
      verdict: { kind: 'passed' },
      annotations: [{ level: 'warning' }],
    });
    const failed = { ...passed, verdict: { kind: 'failed', reason: 'blocked' } as const, unusedExceptions };
    expect(applyUnusedExceptions(failed, 'fail')).toMatchObject({
      verdict: { reason: 'blocked' },
      annotations: [{ level: 'warning' }],
    });
  });
});
