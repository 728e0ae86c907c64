import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { parseTemplate } from '@aws-delivery/template/template';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { matchesPattern, transform } from './event-bridge.js';

const EXAMPLES = join(import.meta.dirname, '../../../examples');

/** An AWS Health event in EventBridge, as AWS documents it. */
const createHealthEvent = (detail: Readonly<Record<string, unknown>> = {}) => ({
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'AWS Health Event',
  source: 'aws.health',
  account: '123456789012',
  time: '2026-11-20T15:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail: {
    eventArn: 'arn:aws:health:eu-west-1::event/RDS/AWS_RDS_OPERATIONAL_ISSUE/AWS_RDS_OPERATIONAL_ISSUE_1',
    service: 'RDS',
    eventTypeCode: 'AWS_RDS_OPERATIONAL_ISSUE',
    eventTypeCategory: 'issue',
    eventScopeCode: 'PUBLIC',
    startTime: 'Fri, 20 Nov 2026 12:00:00 GMT',
    endTime: 'Fri, 20 Nov 2026 15:00:00 GMT',
    statusCode: 'closed',
    eventRegion: 'eu-west-1',
    ...detail,
  },
});

const VALUES: Readonly<Record<string, string>> = {
  Repository: 'octocat/shop',
  GitHubApi: 'GITHUB',
  TokenSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:github-token',
};

const requireRecord = (value: unknown): Readonly<Record<string, unknown>> => {
  if (!isRecord(value)) throw new TypeError(`${JSON.stringify(value)} is not a mapping`);
  return value;
};

/** Value of a property, with the parameters of Fn::Sub replaced. */
const resolveValue = (value: unknown): string => {
  if (!isRecord(value)) return String(value);
  return String(value['Fn::Sub']).replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => VALUES[name] ?? '');
};

interface Dispatch {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pattern: unknown;
  body(event: unknown): string;
}

/** The request that the template's rule sends, read from the template. */
const readDispatch = async (): Promise<Dispatch> => {
  const template = parseTemplate(await readFile(join(EXAMPLES, 'bootstrap/health-rerun.yaml'), 'utf8'));
  const getProperties = (name: string) => requireRecord(template.resources.get(name)?.properties);
  const destination = getProperties('Dispatch');
  const authorisation = requireRecord(getProperties('GitHub')['AuthParameters']);
  const key = requireRecord(authorisation['ApiKeyAuthParameters']);
  const extra = requireRecord(authorisation['InvocationHttpParameters'])['HeaderParameters'];
  const rule = getProperties('Closed');
  const [target] = Array.isArray(rule['Targets']) ? rule['Targets'] : [];
  const transformer = requireRecord(requireRecord(target)['InputTransformer']);
  const paths = Object.entries(requireRecord(transformer['InputPathsMap'])).map(([name, path]) => [name, String(path)]);
  const headers = [key, ...(Array.isArray(extra) ? extra : [])].map((each) => {
    const { ApiKeyName, ApiKeyValue, Key, Value } = requireRecord(each);
    return [String(ApiKeyName ?? Key).toLowerCase(), resolveValue(ApiKeyValue ?? Value)];
  });
  const pattern = requireRecord(rule['EventPattern']);
  return {
    method: String(destination['HttpMethod']),
    path: resolveValue(destination['InvocationEndpoint']).replace('GITHUB', ''),
    headers: Object.fromEntries(headers),
    pattern,
    body: (event) => transform(Object.fromEntries(paths), String(transformer['InputTemplate']), event),
  };
};

describe('the EventBridge rule', () => {
  it.each([
    ['an issue that closes', {}, true],
    ['an issue that opens', { statusCode: 'open' }, false],
    ['maintenance that ends', { eventTypeCategory: 'scheduledChange' }, true],
    ['an investigation that ends', { eventTypeCategory: 'investigation' }, true],
    ['a notification', { eventTypeCategory: 'accountNotification' }, false],
    ['several services at once', { service: 'MULTIPLE_SERVICES' }, true],
    ['any service', { service: 'WORKMAIL' }, true],
    ['a service with a hyphen', { service: 'DEVOPS-GURU' }, true],
  ])('matches %s (%j): %p', async (_label, detail, fires) => {
    const { pattern } = await readDispatch();
    expect(matchesPattern(pattern, createHealthEvent(detail))).toBe(fires);
  });

  it('sends a valid repository dispatch with the token from the secret', async () => {
    const dispatch = await readDispatch();
    expect(dispatch).toMatchObject({ method: 'POST', path: '/repos/octocat/shop/dispatches' });
    expect(dispatch.headers).toEqual({
      authorization: `Bearer {{resolve:secretsmanager:${VALUES['TokenSecretArn']}:SecretString}}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    });
    expect(JSON.parse(dispatch.body(createHealthEvent()))).toEqual({
      event_type: 'aws-health-closed',
      client_payload: {
        arn: createHealthEvent().detail.eventArn,
        service: 'RDS',
        type: 'AWS_RDS_OPERATIONAL_ISSUE',
        region: 'eu-west-1',
        ended: 'Fri, 20 Nov 2026 15:00:00 GMT',
      },
    });
  });

  it('sends valid JSON for an event with missing fields', async () => {
    const dispatch = await readDispatch();
    expect(JSON.parse(dispatch.body(createHealthEvent({ endTime: undefined })))).toMatchObject({
      client_payload: { ended: '' },
    });
  });
});

interface Run {
  readonly id: number;
  readonly workflow: number;
  readonly branch: string;
  readonly conclusion: string;
  readonly attempt?: number;
  /** Name and conclusion of its gate or failed step. */
  readonly step?: readonly [string, string];
}

const runs: readonly Run[] = [
  { id: 1, workflow: 10, branch: 'main', conclusion: 'failure', step: ['Check AWS Health', 'failure'] },
  { id: 2, workflow: 10, branch: 'main', conclusion: 'failure', step: ['Check AWS Health', 'failure'] },
  { id: 3, workflow: 10, branch: 'next', conclusion: 'failure', step: ['Change', 'failure'] },
  { id: 4, workflow: 11, branch: 'main', conclusion: 'success', step: ['Check AWS Health', 'success'] },
  { id: 5, workflow: 12, branch: 'main', conclusion: 'failure', step: ['Check AWS Health', 'failure'], attempt: 5 },
  { id: 6, workflow: 13, branch: 'main', conclusion: 'failure', step: ['Check AWS Health', 'failure'] },
  { id: 7, workflow: 13, branch: 'main', conclusion: 'success', step: ['Check AWS Health', 'success'] },
];

/** Fake of GitHub's Actions API: dispatches, runs, jobs and reruns of failed jobs. */
const startActions = async () => {
  const requests: {
    readonly method: string;
    readonly url: string;
    readonly authorization: string | undefined;
    readonly body: string;
  }[] = [];
  const respond = (method: string, url: string): { readonly status: number; readonly body?: unknown } => {
    const base = '/repos/octocat/shop';
    if (method === 'POST' && url === `${base}/dispatches`) return { status: 204 };
    if (method === 'POST' && /\/actions\/runs\/\d+\/rerun-failed-jobs$/.test(url)) return { status: 201, body: {} };
    if (method === 'GET' && url.startsWith(`${base}/actions/runs?created=`)) {
      const list = runs.map(({ id, workflow, branch, conclusion, attempt = 1 }) => ({
        id,
        workflow_id: workflow,
        head_branch: branch,
        conclusion,
        run_number: id,
        run_attempt: attempt,
        html_url: `https://github.test/runs/${id}`,
      }));
      return { status: 200, body: { workflow_runs: list } };
    }
    const [, id] = /\/actions\/runs\/(\d+)\/jobs\?filter=latest/.exec(url) ?? [];
    const [name, conclusion] = runs.find((run) => String(run.id) === id)?.step ?? [];
    return id === undefined
      ? { status: 404, body: {} }
      : { status: 200, body: { jobs: [{ steps: [{ name, conclusion }] }] } };
  };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, authorization: headers.authorization, body: await text(request) });
    const { status, body } = respond(method, url);
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(body === undefined ? '' : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => server.close() };
};

describe('the dispatched workflow', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'health-rerun-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Runs the only step of the workflow as a runner does: its script in a file without an extension. */
  const runStep = async (api: string, changes: Readonly<Record<string, string>> = {}): Promise<string> => {
    const workflow: unknown = parse(await readFile(join(EXAMPLES, 'workflows/health-rerun.yml'), 'utf8'));
    const [step] = requireRecord(requireRecord(requireRecord(workflow)['jobs'])['rerun'])['steps'] as unknown[];
    const { run, env } = requireRecord(step);
    const script = join(directory, 'script');
    await writeFile(script, String(run));
    const own = Object.entries(requireRecord(env)).map(([name, value]) => [name, String(value)]);
    const stepEnv = {
      ...Object.fromEntries(own),
      GITHUB_API_URL: api,
      GITHUB_REPOSITORY: 'octocat/shop',
      GITHUB_TOKEN: 'ghs_token',
    };
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { PATH: process.env['PATH'], ...stepEnv, EVENT: 'arn:event', ...changes },
    });
    return stdout;
  };

  it('reruns the failed jobs of blocked runs only', async () => {
    const github = await startActions();
    const dispatch = await readDispatch();
    const response = await fetch(`${github.url}${dispatch.path}`, {
      method: dispatch.method,
      headers: dispatch.headers,
      body: dispatch.body(createHealthEvent()),
    });
    expect(response.status).toBe(204);
    const output = await runStep(github.url);
    github.close();
    const rerunUrls = github.requests.filter(({ url }) => url.endsWith('/rerun-failed-jobs')).map(({ url }) => url);
    expect(rerunUrls).toEqual(['/repos/octocat/shop/actions/runs/2/rerun-failed-jobs']);
    expect(github.requests.slice(1).every(({ authorization }) => authorization === 'Bearer ghs_token')).toBe(true);
    expect(output).toMatch('Rerun started: https://github.test/runs/2');
    expect(output).toMatch(
      '::warning::https://github.test/runs/5 was stopped by the gate in 5 attempts: rerun it manually',
    );
  });

  it('fails when GitHub rejects a request', async () => {
    const github = await startActions();
    await expect(runStep(`${github.url}/elsewhere`)).rejects.toMatchObject({
      stdout: expect.stringMatching(/::error::GET .* 404/),
    });
    github.close();
  });
});
