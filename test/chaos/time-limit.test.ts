import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { HANG_CASES, type HangCase, REGION } from './hang-cases.js';
import { HangingServer } from './hanging-server.js';

const LIMIT_SECONDS = 3;

/** The last attempt of a wait and the comment each have a second; the rest is the load of the machine. */
const MAX_PAST_SECONDS = 2.5;

const CONCURRENCY = 24;

interface Run {
  readonly requests: readonly string[];
  readonly seconds: number;
  readonly failures: readonly string[];
}

/** Runs a case with a server that stops responding at the request with this index. */
const runCase = async (
  { scenario, inputs, run, prepare }: HangCase,
  { timeout, hangAt }: { readonly timeout: string; readonly hangAt: number },
): Promise<Run> => {
  const aws = await startLocalAws({ scenario: { region: REGION, ...scenario } });
  await using server = await HangingServer.start(aws.url, hangAt);
  const directory = mkdtempSync(join(tmpdir(), 'hang-'));
  const machine = { directory, url: server.url, aws };
  try {
    await prepare?.(machine);
    const started = Date.now();
    const failures = await run(machine, { 'aws-region': REGION, timeout, ...inputs(machine) });
    return { requests: server.requests, seconds: (Date.now() - started) / 1000, failures };
  } finally {
    await aws.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

interface Row {
  readonly name: string;
  readonly request: string;
  readonly pastSeconds: number;
  readonly maxPastSeconds: number;
  readonly failure: string | undefined;
}

const measureRow = async (hangCase: HangCase, hangAt: number): Promise<readonly Row[]> => {
  const { requests, seconds, failures } = await runCase(hangCase, { timeout: `${LIMIT_SECONDS}s`, hangAt });
  const request = requests[hangAt];
  const { name, graceSeconds = 0 } = hangCase;
  const limits = { pastSeconds: seconds - LIMIT_SECONDS, maxPastSeconds: MAX_PAST_SECONDS + graceSeconds };
  return request === undefined ? [] : [{ name, request, ...limits, failure: failures[0] }];
};

describe('the time limit ends a run whose servers stop responding at any request', () => {
  const completeRuns = new Map<string, Run>();
  const rows: Row[] = [];

  beforeAll(async () => {
    const lists = await mapConcurrent(HANG_CASES, CONCURRENCY, async (hangCase) => {
      const completeRun = await runCase(hangCase, { timeout: '60s', hangAt: Number.POSITIVE_INFINITY });
      completeRuns.set(hangCase.name, completeRun);
      return completeRun.requests.map((_, index) => ({ hangCase, index }));
    });
    const measured = await mapConcurrent(lists.flat(), CONCURRENCY, ({ hangCase, index }) =>
      measureRow(hangCase, index),
    );
    rows.push(...measured.flat());
    if (process.env['SHOW_HANG_MATRIX'] !== undefined)
      for (const { name, request, pastSeconds, failure = 'passed' } of rows)
        console.log(`${name} | ${request} | ${pastSeconds.toFixed(1)} | ${failure}`);
  });

  it.each(HANG_CASES.map(({ name }) => name))('%s', (name) => {
    expect(completeRuns.get(name)?.failures).toEqual([]);
    const ownRows = rows.filter((row) => row.name === name);
    expect(ownRows.length).toBeGreaterThan(1);
    expect(ownRows.filter(({ pastSeconds, maxPastSeconds }) => pastSeconds > maxPastSeconds)).toEqual([]);
  });
});
