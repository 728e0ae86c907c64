import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { describe, expect, it } from '@jest/globals';
import { renderReport } from '../demo/report/report.js';
import type { ScenarioResult } from '../demo/run-scenario.js';
import { FULL_SCENARIOS } from '../demo/scenarios.js';

const createCall = (operation: string, write: boolean): CallRecord => ({
  at: '2026-11-20T12:00:00.000Z',
  id: operation,
  service: 's3',
  operation,
  write,
  region: 'eu-west-1',
  principal: 'arn:aws:iam::123456789012:role/deliver',
  actions: [],
  resource: '*',
  verdict: 'allowed',
  status: 200,
  error: undefined,
  via: undefined,
  input: {},
});

const createResult = (index: number, outcome: ScenarioResult['outcome'], summary = ''): ScenarioResult => {
  const [scenario] = FULL_SCENARIOS.slice(index);
  if (scenario === undefined) throw new Error('no such scenario');
  const step = {
    id: 'x',
    name: 'Step',
    action: undefined,
    start: 0,
    end: 1000,
    conclusion: 'success',
    summary,
    outputs: {},
  } as const;
  return { scenario, outcome, run: { passed: true, steps: [step] } };
};

const findOverview = (page: string): string => /<p class="overview">(.*?)<\/p>/su.exec(page)?.[1] ?? '';

describe('the report of the demo', () => {
  const calls = [createCall('GetObject', false), createCall('GetObject', false), createCall('PutObject', true)];

  it('starts with what happened', () => {
    const page = renderReport({
      results: [createResult(0, 'expected'), createResult(1, 'unexpected')],
      comments: [],
      calls,
    });
    expect(findOverview(page)).toBe(
      'A pull request was reviewed, and the changes of its stack were previewed; nothing was deployed. ' +
        'First delivery: succeeded, which was not expected. ' +
        'The actions made 3 calls to AWS: 2 read and 1 write operations, of which none was denied.',
    );
  });

  it('labels read and write operations', () => {
    const page = renderReport({ results: [], comments: [], calls });
    expect(page).toContain('<span class="kind">Read</span><ul><li>GetObject × 2</li></ul>');
    expect(page).toContain('<span class="kind">Write</span><ul><li>PutObject</li></ul>');
  });

  it('shows a chart of twelve bars with an axis of three times', () => {
    const bars = Array.from({ length: 12 }, (_, index) => `  Deployment ${index} :done, ${index * 1000}, 360000`);
    const chart = ['```mermaid', 'gantt', '  dateFormat x', ...bars, '```'].join('\n');
    const page = renderReport({ results: [createResult(2, 'expected', chart)], comments: [], calls: [] });
    expect(page).toContain('<span class="axis"><span>0:00</span><span>3:00</span><span>6:00</span></span>');
    expect(page.match(/class="track success"/gu)).toHaveLength(12);
  });

  it('repeats the head of a column at its cells, for narrow screens', () => {
    const table = '| resource | reason |\n| --- | --- |\n| Queue | a "quoted" one |';
    const page = renderReport({ results: [createResult(0, 'expected', table)], comments: [], calls: [] });
    expect(page).toContain('<td data-label="reason">a &quot;quoted&quot; one</td>');
  });
});
