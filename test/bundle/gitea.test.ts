import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type RunningServer, startHttpServer } from '@aws-delivery/action-kit/testing/http-servers';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job, type JobOptions } from '@aws-delivery/node-runner/job/job';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, scenario } from '../../actions/cloudformation-deploy/test/harness.js';
import { scenario as credentialsScenario, roleArn } from '../../actions/oidc-credentials/test/harness.js';
import { root } from '../../scripts/command.mjs';

const getAction = (name: string): string => join(root, 'actions', name);

interface GiteaComment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly id: number; readonly login: string };
}

/** The comments of issues as Gitea and Forgejo serve them: all of them, whatever `page` is. */
class FakeGitea {
  readonly comments: GiteaComment[] = [];
  readonly requests: string[] = [];
  private readonly user: GiteaComment['user'];

  constructor(user: GiteaComment['user']) {
    this.user = user;
  }

  start(): Promise<RunningServer> {
    return startHttpServer(async (request, response) => {
      const { method = '', url = '' } = request;
      this.requests.push(`${method} ${url.split('?')[0]}`);
      const body: string = method === 'GET' ? '' : JSON.parse(await text(request)).body;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(this.respond(method, url, body)));
    });
  }

  private respond(method: string, url: string, body: string): unknown {
    if (method === 'GET') return this.comments;
    const [, id] = /\/issues\/comments\/(\d+)$/u.exec(url) ?? [];
    const index = id === undefined ? this.comments.length : this.comments.findIndex((found) => found.id === Number(id));
    const comment = { id: index + 1, body, user: this.user, html_url: `http://gitea.example/comments/${index + 1}` };
    this.comments[index] = comment;
    return comment;
  }
}

/** Variables of the runners in `internal/app/run/runner.go`; both are built on act and set its variable. */
const RUNNERS = {
  Gitea: {
    user: { id: -2, login: 'gitea-actions' },
    variables: { ACT: 'true', GITEA_ACTIONS: 'true', GITEA_ACTIONS_RUNNER_VERSION: 'v0.2.13' },
  },
  Forgejo: {
    user: { id: -2, login: 'forgejo-actions' },
    variables: {
      ACT: 'true',
      GITEA_ACTIONS: 'true',
      FORGEJO_ACTIONS: 'true',
      FORGEJO_ACTIONS_RUNNER_VERSION: 'v12.0.0',
    },
  },
};

describe.each(Object.entries(RUNNERS))('an action of `uses:` on %s', (_, { user, variables }) => {
  let aws: LocalAws;
  let home: string;
  let gitea: FakeGitea;
  let server: RunningServer;

  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
    await mkdir(join(home, 'work'));
    const { cloudformation } = scenario;
    const durations = { create: '300ms', update: '300ms', delete: '300ms', changeSet: '100ms' };
    const iam = { ...credentialsScenario.iam, accessKeys: { AKIAROOT: 'root-secret' } };
    const oidc = { claims: { repository: 'octocat/my-repo' } };
    aws = await startLocalAws({
      scenario: { ...scenario, iam, oidc, cloudformation: { ...cloudformation, durations } },
    });
    gitea = new FakeGitea(user);
    server = await gitea.start();
  });
  afterEach(async () => {
    await server.stop();
    await aws.close();
    await rm(home, { recursive: true });
  });

  const startJob = (attempt: number, options: Partial<JobOptions> = {}): Job => {
    const instance = `http://127.0.0.1:${server.port}`;
    const {
      ACTIONS_ID_TOKEN_REQUEST_URL: _url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: _token,
      ...env
    } = aws.createEnv({
      keys: true,
    });
    const runtime = {
      ACTIONS_RUNTIME_URL: `${instance}/api/actions_pipeline/`,
      ACTIONS_RUNTIME_TOKEN: 'runtime-token',
      ACTIONS_RESULTS_URL: instance,
    };
    return new Job({
      workspace: join(home, 'work'),
      baseEnv: { PATH: process.env['PATH'] ?? '', HOME: home },
      env: { ...env, ...variables, ...runtime },
      github: {
        api_url: `${instance}/api/v1`,
        server_url: instance,
        graphql_url: '',
        event_name: 'pull_request',
        ref: 'refs/pull/7/head',
        head_ref: 'feature',
        base_ref: 'main',
        run_id: '815',
        run_attempt: String(attempt),
      },
      event: { action: 'opened', number: 7, pull_request: { id: 31, number: 7, base: { ref: 'main' } } },
      ...options,
    });
  };

  it('uses the default credential chain without a token endpoint', async () => {
    await using job = startJob(1);
    const { conclusion, log } = await job.run({
      action: getAction('oidc-credentials'),
      inputs: { 'aws-region': 'eu-central-1' },
    });
    expect({ conclusion, log }).toMatchObject({ conclusion: 'success' });
    expect(log.join('\n')).toContain('Authenticated as arn:aws:iam::123456789012:root');
  });

  it('assumes a role with a token of the instance', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = aws.createEnv();
    await using job = startJob(1, { idToken: { url, token } });
    const { conclusion, log } = await job.run({
      action: getAction('oidc-credentials'),
      inputs: { 'aws-region': 'eu-central-1', 'role-arn': roleArn('deploy') },
    });
    expect({ conclusion, log }).toMatchObject({ conclusion: 'success' });
    expect(aws.calls().map(({ operation }) => operation)).toContain('AssumeRoleWithWebIdentity');
  });

  it('writes one comment for all runs, and a re-run has the identity of its run', async () => {
    for (const [index, mode] of ['good', 'better'].entries()) {
      await writeFile(join(home, 'work', 'template.json'), renderThings({ A: mode }));
      await using job = startJob(index + 1);
      const inputs = { name: 'shop', template: 'template.json', comment: 'summary', 'github-token': 'workflow-token' };
      const { conclusion, log } = await job.run({ action: getAction('cloudformation-deploy'), inputs });
      expect({ conclusion, log }).toMatchObject({ conclusion: 'success' });
    }
    expect(gitea.comments).toEqual([
      expect.objectContaining({ body: expect.stringContaining('shop: update complete') }),
    ]);
    const listed = 'GET /api/v1/repos/octo-org/octo-repo/issues/7/comments';
    expect(gitea.requests.filter((request) => request !== listed)).toEqual([
      'POST /api/v1/repos/octo-org/octo-repo/issues/7/comments',
      'PATCH /api/v1/repos/octo-org/octo-repo/issues/comments/1',
    ]);
    expect(gitea.requests.length).toBeLessThan(10);
    const names = aws
      .calls()
      .flatMap(({ operation, input }) => (operation === 'CreateChangeSet' ? [JSON.stringify(input)] : []));
    for (const name of names) expect(name).toContain('815-');
  });
});
