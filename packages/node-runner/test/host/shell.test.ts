import { describe, expect, it, jest } from '@jest/globals';
import { createHost, ERROR_ENTRY, NOW } from './host-harness.js';

describe('ShellHost', () => {
  it('prints colours and elapsed time on a terminal', () => {
    jest.useFakeTimers({ now: NOW });
    const { host, getOutput } = createHost({ USER: 'jo' }, true);
    host.show(ERROR_ENTRY);
    jest.advanceTimersByTime(1_500);
    host.close();
    jest.useRealTimers();
    expect(getOutput()).toContain('\u001b[31merror: T: a; b]');
    expect(getOutput()).toMatch(/… 1 s.{4}$/s);
  });

  it('prints neither colours nor elapsed time without a terminal', () => {
    jest.useFakeTimers({ now: NOW });
    const { host, getOutput } = createHost({ USER: 'jo' });
    host.show(ERROR_ENTRY);
    jest.advanceTimersByTime(5_000);
    host.close();
    jest.useRealTimers();
    expect(getOutput()).toBe('error: T: a; b]\n100% (a,b.yml:3)\n');
    expect(host.github).toMatchObject({ actor: 'jo', repository: 'local/shop', run_id: String(NOW) });
  });
});
