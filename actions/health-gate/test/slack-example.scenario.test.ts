import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Harness } from './harness.js';

const WORKFLOW = join(import.meta.dirname, '../../../examples/workflows/health-gate.yml');

const getSlackScript = (workflow: unknown): string => {
  const jobs = isRecord(workflow) ? workflow['jobs'] : undefined;
  const job = isRecord(jobs) ? jobs['deliver'] : undefined;
  const steps: readonly unknown[] = isRecord(job) && Array.isArray(job['steps']) ? job['steps'] : [];
  const step = steps.find((candidate) => isRecord(candidate) && candidate['name'] === 'Notify Slack');
  return isRecord(step) ? String(step['run']) : '';
};

describe('the Slack message', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slack-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Runs the step of the example with outputs of the gate against a fake Slack webhook. */
  const sendMessage = async (outputs: Readonly<Record<string, string>>, outcomes: object, status = 200) => {
    const messages: string[] = [];
    const slack = createServer(async (request, response) => {
      messages.push(await text(request));
      response.writeHead(status).end('ok');
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    const { port } = slack.address() as AddressInfo;
    const script = join(directory, 'script');
    await writeFile(script, getSlackScript(parse(await readFile(WORKFLOW, 'utf8'))));
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: {
        PATH: process.env['PATH'],
        SLACK_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
        RUN: 'https://github.test/octocat/shop/actions/runs/1',
        PIPELINE: 'octocat/shop · Gated delivery',
        OUTCOMES: JSON.stringify(outcomes),
        VERDICT: outputs['verdict'] ?? '',
        REASON: outputs['reason'] ?? '',
        EVENTS: outputs['events'] ?? '',
        WAITED: outputs['waited-seconds'] ?? '',
      },
    });
    slack.close();
    const message: unknown = messages[0] === undefined ? undefined : JSON.parse(messages[0]);
    return { stdout, message: isRecord(message) ? String(message['text']) : '' };
  };

  const runGate = async () => {
    const harness = await Harness.open({
      health: { events: [{ service: 'RDS', region: 'eu-west-1', age: '20m' }] },
    });
    const { outputs } = await harness.run();
    await harness.close();
    return outputs;
  };

  it('names the pipeline, the failed stage and the incident in progress', async () => {
    const { message } = await sendMessage(await runGate(), {
      credentials: { outcome: 'success' },
      gate: { outcome: 'failure' },
    });
    const lines = message.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '*<https://github.test/octocat/shop/actions/runs/1|octocat/shop · Gated delivery>*',
      '*Failed stage:* Check AWS Health',
      '*AWS Health:* blocked, blocked by RDS in eu-west-1 (AWS_RDS_OPERATIONAL_ISSUE)',
      '*Incident in progress:*',
    ]);
    expect(lines[4]).toMatch(
      /^• <https:\/\/health\.aws\.amazon\.com\/\S+\|RDS in eu-west-1> since 2026-11-20T11:40:00\.000Z/,
    );
  });

  it('escapes markup in external text', async () => {
    const { message } = await sendMessage({ verdict: 'blocked', reason: '<!channel> & <https://evil.test|click>' }, {});
    expect(message).toMatch('&lt;!channel&gt; &amp; &lt;https://evil.test|click&gt;');
  });

  it('names a stage that failed before the gate', async () => {
    const { message } = await sendMessage({}, { credentials: { outcome: 'failure' } });
    expect(message).toMatch('*Failed stage:* Configure credentials\n*AWS Health:* not checked');
  });

  it('logs a warning when Slack rejects it', async () => {
    const { stdout } = await sendMessage({}, {}, 500);
    expect(stdout).toMatch('::warning::Slack message not sent: HTTP 500');
  });
});
