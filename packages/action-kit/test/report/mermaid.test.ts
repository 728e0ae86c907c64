import { describe, expect, it } from '@jest/globals';
import { escapeMermaid, type GanttBar, MAX_BARS, renderGantt } from '../../src/report/mermaid.js';

const bar = (name: string, start: number, end: number, state: GanttBar['state'] = 'done'): GanttBar => ({
  name,
  start,
  end,
  state,
});

describe('escapeMermaid', () => {
  it.each([
    ['a task separator', 'AWS::S3::Bucket', 'AWS∶∶S3∶∶Bucket'],
    ['a new statement', 'a\n  section b', 'a section b'],
    ['a semicolon', 'a;b', 'a,b'],
    ['a comment', 'a %% b', 'a ％％ b'],
    ['a hash comment', 'a # b', 'a ＃ b'],
    ['a directive', '%%{init: {"theme":"x"}}%%', '％％(init∶ (″theme″∶″x″))％％'],
    ['the end of its fence', '```', '′′′'],
    ['HTML', '<b onclick="x">&amp;', '‹b onclick=″x″›＆amp,'],
    ['an entity code', '#35;', '＃35,'],
    ['an arrow', 'a-->b', 'a–›b'],
    ['a statement', 'section x', '· section x'],
    ['a statement in capitals', 'Title x', '· Title x'],
    ['a date', '2026-01-01 x', '· 2026-01-01 x'],
    ['a click', 'click x call alert()', '· click x call alert()'],
    ['an unsupported character', 'a^b\u0007', 'a·b'],
    ['an empty string', '', '·'],
  ])('escapes %s', (_, text, escaped) => {
    expect(escapeMermaid(text)).toBe(escaped);
  });

  it('truncates to 60 characters', () => {
    expect(escapeMermaid('x'.repeat(100))).toBe(`${'x'.repeat(59)}…`);
  });
});

describe('renderGantt', () => {
  it('draws bars in the order of their start, with state and duration', () => {
    const { markdown } = renderGantt('shop: update', [bar('Queue', 5000, 65_000), bar('Table', 1000, 1200, 'failed')]);
    expect(markdown).toBe(
      [
        '```mermaid',
        'gantt',
        '  title shop∶ update',
        '  dateFormat x',
        '  axisFormat %H:%M:%S',
        '  tickInterval 15second',
        '  Table (0s) :crit, 1000, 2000',
        '  Queue (1m 00s) :done, 5000, 65000',
        '```',
      ].join('\n'),
    );
  });

  it.each([
    ['three seconds', 3000, ['axisFormat %H:%M:%S', 'tickInterval 1second']],
    ['five minutes', 300_000, ['axisFormat %H:%M', 'tickInterval 1minute']],
    ['twelve deployments of 90 s', 1_080_000, ['axisFormat %H:%M', 'tickInterval 5minute']],
    ['two hours', 7_200_000, ['axisFormat %H:%M', 'tickInterval 30minute']],
    ['two days', 172_800_000, ['axisFormat %H:%M', 'tickInterval 12hour']],
    ['twenty days', 1_728_000_000, ['axisFormat %m-%d', 'tickInterval 4day']],
  ])('has at most six labels on its axis for %s', (_, end, axis) => {
    const { markdown } = renderGantt('t', [bar('a', 0, end)]);
    expect(markdown.split('\n').slice(4, 6)).toEqual(axis.map((line) => `  ${line}`));
  });

  it('rounds to milliseconds, as Mermaid requires', () => {
    expect(renderGantt('t', [bar('a', 1000.4, 4000.6)]).markdown).toContain(':done, 1000, 4001');
  });

  it('draws at most 40 bars, the failed and the longest, and reports the number of hidden ones', () => {
    const bars = Array.from({ length: 60 }, (_, index) => bar(`r${index}`, index, index + 1000 * index));
    const { markdown } = renderGantt('t', [bar('broken', 9, 9, 'failed'), ...bars]);
    const drawn = markdown.split('\n').filter((line) => line.includes(' :'));
    expect(drawn).toHaveLength(MAX_BARS);
    expect(markdown).toContain('broken (0s) :crit');
    expect(markdown).toContain('r59 ');
    expect(markdown).not.toContain('r5 ');
    expect(markdown).toMatch(/_Not shown: 21 shorter rows\._$/u);
  });

  it('returns empty Markdown without bars', () => {
    expect(renderGantt('t', []).markdown).toBe('');
  });
});
