import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { FakeGitLab } from '../../../packages/node-runner/src/testing/fake-gitlab.js';
import { root } from '../../../scripts/command.mjs';
import { openEndpoint } from '../../../scripts/demo/environment/endpoint.js';
import { readFiles } from '../../e2e/act/read-files.js';
import { areProgramsRequired, formatObstacle } from '../../required-programs.js';
import { scenario } from './account.js';
import { ArchiveServer } from './archive-server.js';
import { GitLabProject, missing } from './project.js';

const obstacle = formatObstacle(areProgramsRequired ? [] : missing);

const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');
const roleArn = 'arn:aws:iam::123456789012:role/deliver';
const region = 'eu-west-1';

interface Include {
  readonly template: string;
  readonly inputs: Readonly<Record<string, string | boolean | number>>;
}

/**
 * A pipeline that includes components of the same project, with this checkout's bundles unless the inputs say
 * otherwise.
 */
const renderPipeline = (...includes: readonly Include[]): string =>
  stringify({
    stages: ['test', 'deploy', 'verify'],
    include: includes.map(({ template, inputs }) => ({
      local: `templates/${template}.yml`,
      inputs: { 'aws-region': region, bundle: root, ...inputs },
    })),
  });

/** Reads an example, with components of the same project and bundles from the archive server. */
const readExample = (name: string, archive: ArchiveServer): string =>
  read('hosts', 'gitlab', 'examples', name)
    .replaceAll(/component: \S+\/components\/([\w-]+)@\d+/g, 'local: templates/$1.yml')
    .replaceAll(/bundle-url: \S+/g, `bundle-url: ${archive.url}`);

const parameters = { Parameters: { Size: { Type: 'String' } } };
const buildQueue = (size: string): object => ({ Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: size } });
const template = JSON.stringify({ ...parameters, Resources: { Queue: buildQueue('1') } });
const changed = JSON.stringify({ ...parameters, Resources: { Queue: buildQueue('2') } });

const buildDeploy = (inputs: Include['inputs'] = {}): Include => ({
  template: 'cloudformation-deploy',
  inputs: { 'oidc-role-arn': roleArn, name: 'shop', template: 'template.json', parameters: 'Size=1', ...inputs },
});

declareUnless(obstacle, describe)("GitLab's components", () => {
  let aws: LocalAws;
  let archive: ArchiveServer;
  let variables: Record<string, string>;
  beforeAll(async () => {
    archive = await ArchiveServer.start();
  });
  afterAll(() => archive[Symbol.asyncDispose]());
  beforeEach(async () => {
    aws = await startLocalAws({ scenario });
    variables = {
      AWS_ENDPOINT_URL: aws.url,
      AWS_DELIVERY_SHA256: archive.sha256,
      GITLAB_OIDC_TOKEN: await aws.issueToken({ audience: 'sts.amazonaws.com' }),
    };
  });
  afterEach(() => aws.close());

  const listWrites = () =>
    aws.calls().flatMap(({ operation, write, error }) => (write && error === undefined ? [operation] : []));

  it('run the example’s delivery with credentials in the job, bundles by digest, and outputs for the next job', async () => {
    using project = new GitLabProject(readExample('delivery.gitlab-ci.yml', archive), {
      'template.yaml': read('examples', 'delivery', 'template.yaml'),
    });
    const { status, log } = await project.run(variables);
    expect({ status, log }).toMatchObject({ status: 0 });
    expect(log).toMatch(/verify +> orders go to ticket-shop-OrderQueue-\w+/);
    expect(JSON.parse(project.readArtifact('aws-delivery/cloudformation-deploy/outputs.json'))).toMatchObject({
      'stack-status': 'CREATE_COMPLETE',
      'aws-account-id': '123456789012',
    });
    expect(project.readArtifact('aws-delivery/cloudformation-deploy/outputs.env')).toMatch(
      /^OUTPUT_STACK_STATUS=CREATE_COMPLETE$/m,
    );
    expect(project.readArtifact('aws-delivery/cloudformation-deploy/summary.md')).toContain('creation complete');
    expect(project.readArtifact('aws-delivery/health-gate/outputs.env')).toMatch(/^OUTPUT_VERDICT=passed$/m);
    const roles = aws.calls().filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity');
    expect(roles.map(({ error }) => error)).toEqual([undefined, undefined]);
    // The second job uses the archive that the first downloaded; the jobs leave no other files.
    expect([archive.requests, project.listTemporaryFiles]).toEqual([1, ['aws-delivery', 'aws-delivery.tgz']]);
  });

  it('preview the example’s configuration of several tenants in a merge request, and roll it out', async () => {
    await aws.close();
    // AWS's time runs 900 times faster than real time, so sessions must be long enough for a slow machine.
    const oidc = { ...scenario.oidc, lifetime: '24h' };
    aws = await startLocalAws({ scenario: { ...scenario, oidc, clock: { scale: 900 } } });
    const token = await aws.issueToken({ audience: 'sts.amazonaws.com' });
    const tree = join('examples', 'appconfig');
    const paths = readdirSync(join(root, tree), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const files = paths.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [join('config', path.slice(join(root, tree).length + 1)), readFileSync(path, 'utf8')];
    });
    const example = readExample('appconfig-tenants.gitlab-ci.yml', archive).replace(
      'role-duration: 3h',
      'role-duration: 12h',
    );
    using project = new GitLabProject(example, Object.fromEntries(files));
    const rolloutVariables = { ...variables, AWS_ENDPOINT_URL: aws.url, GITLAB_OIDC_TOKEN: token };

    const preview = await project.run({ ...rolloutVariables, CI_PIPELINE_SOURCE: 'merge_request_event' }, [
      'preview-configuration',
    ]);
    expect(preview).toMatchObject({ status: 0 });
    expect(listWrites()).toEqual([]);
    expect(project.readArtifact('aws-delivery/preview/summary.md')).toContain('globex');

    const rollout = await project.run(rolloutVariables, ['roll-out-configuration']);
    expect(rollout).toMatchObject({ status: 0 });
    expect(JSON.parse(project.readArtifact('aws-delivery/appconfig-rollout/outputs.json'))).toMatchObject({
      changed: '12',
      failed: '0',
    });
    expect(listWrites().filter((name) => name === 'StartDeployment')).toHaveLength(12);
  });

  it('run the whole delivery, each job with the outputs of earlier jobs', async () => {
    await aws.close();
    await using endpoint = await openEndpoint(join(root, 'examples', 'delivery', 'shop'));
    const cloudformation = { types: { 'AWS::Lambda::Url': { attributes: { FunctionUrl: endpoint.url } } } };
    // AWS's time runs 60 times faster than real time.
    const oidc = { ...scenario.oidc, lifetime: '12h' };
    aws = await startLocalAws({ scenario: { ...scenario, oidc, cloudformation, clock: { scale: 60 } } });
    const token = await aws.issueToken({ audience: 'sts.amazonaws.com' });
    using project = new GitLabProject(
      readExample('whole-delivery.gitlab-ci.yml', archive),
      readFiles('examples/delivery', 'examples/appconfig'),
    );
    const { status, log } = await project.run({
      ...variables,
      AWS_ENDPOINT_URL: aws.url,
      GITLAB_OIDC_TOKEN: token,
      DEPLOY_ROLE_ARN: roleArn,
    });
    expect({ status, log: status === 0 ? '' : log }).toEqual({ status: 0, log: '' });
    expect(log).toMatch(/verify +> \{"shop":"open"/);
    expect(JSON.parse(project.readArtifact('aws-delivery/shop/outputs.json'))).toMatchObject({ ShopUrl: endpoint.url });
    expect(listWrites().filter((name) => name === 'ExecuteChangeSet')).toHaveLength(2);
  }, 240_000);

  it('report findings of codeguru-review to GitLab in reports and a note, and fail', async () => {
    const review: Include = {
      template: 'codeguru-review',
      inputs: { 'oidc-role-arn': roleArn, 'findings-from': 'sarif', 'sarif-files': 'scan.sarif', 'fail-on': 'medium' },
    };
    const physicalLocation = { artifactLocation: { uri: 'src/a.py' }, region: { startLine: 2 } };
    const result = {
      ruleId: 'R1',
      level: 'warning',
      message: { text: 'bad' },
      locations: [{ physicalLocation }],
    };
    const sarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Scanner' } }, results: [result] }] };
    using project = new GitLabProject(renderPipeline(review), {
      'src/a.py': 'a\nb\n',
      'scan.sarif': JSON.stringify(sarif),
    });
    const gitlab = await FakeGitLab.start();
    const request = { CI_API_V4_URL: gitlab.url, CI_MERGE_REQUEST_PROJECT_ID: '7', CI_MERGE_REQUEST_IID: '3' };
    const { status, log } = await project.run({ ...variables, ...request, DELIVERY_NOTE_TOKEN: 'secret' });
    gitlab.close();
    expect([status, log]).toEqual([1, expect.stringContaining('error: ')]);
    expect(gitlab.notes).toMatchObject([{ body: expect.stringContaining('src/a.py') }]);
    const directory = 'aws-delivery/codeguru-review';
    expect(JSON.parse(project.readArtifact(`${directory}/gl-code-quality-report.json`))).toMatchObject([
      { description: 'bad', severity: 'major', location: { path: 'src/a.py', lines: { begin: 2 } } },
    ]);
    expect(JSON.parse(project.readArtifact(`${directory}/gl-sast-report.json`))).toMatchObject({
      scan: { type: 'sast' },
      vulnerabilities: [{ severity: 'Medium', location: { file: 'src/a.py', start_line: 2 } }],
    });
  });

  it('reject an archive with another digest', async () => {
    using project = new GitLabProject(
      renderPipeline(buildDeploy({ bundle: 'bundles', 'bundle-url': archive.url, 'bundle-sha256': '0'.repeat(64) })),
      {
        'template.json': template,
      },
    );
    const { status, log } = await project.run(variables);
    expect(status).toBe(1);
    expect(log).toContain(`has SHA-256 ${archive.sha256}, expected bundle-sha256 000`);
    expect([aws.calls().length, project.has('bundles/actions')]).toEqual([0, false]);
  });

  it('name the audience to set when the token has another', async () => {
    using project = new GitLabProject(renderPipeline(buildDeploy()), { 'template.json': template });
    const { status, log } = await project.run({
      ...variables,
      GITLAB_OIDC_TOKEN: await aws.issueToken({ audience: 'https://gitlab.example' }),
    });
    expect(status).toBe(1);
    expect(log).toContain("set 'aud: sts.amazonaws.com' for GITLAB_OIDC_TOKEN under 'id_tokens' of the job");
    expect(aws.calls()).toHaveLength(0);
  });

  declareUnless(process.platform === 'linux' ? undefined : 'not on Linux', it)(
    'apply on-cancel in after_script when the job’s script is killed',
    async () => {
      using project = new GitLabProject(renderPipeline(buildDeploy({ 'on-cancel': 'cancel-update' })), {
        'template.json': template,
      });
      expect(await project.run(variables)).toMatchObject({ status: 0 });
      project.write('template.json', changed);
      const pipeline = project.start(variables);
      await pipeline.waitForLog(/UPDATE_IN_PROGRESS +Queue/);
      for (const id of findRunners(project.directory)) process.kill(id, 'SIGKILL');
      const { status, log } = await pipeline.result;
      expect(status).toBe(1);
      expect(log).toContain('Running after script');
      expect(listWrites()).toContain('CancelUpdateStack');
      expect(project.listTemporaryFiles).toEqual([]);
    },
  );

  it('have a valid pipeline that tests and releases them', async () => {
    const own = read('hosts', 'gitlab', '.gitlab-ci.yml').replaceAll(
      /component: \S+\/([\w-]+)@\$CI_COMMIT_SHA/g,
      'local: templates/$1.yml',
    );
    using project = new GitLabProject(own);
    const { status, log } = await project.run({ AWS_REGION: region, ROLE_ARN: roleArn }, ['--list-all']);
    expect({ status, log }).toMatchObject({ status: 0 });
    for (const job of ['oidc-credentials', 'health-gate', 'release']) expect(log).toMatch(new RegExp(`^${job} `, 'm'));
  });

  it('make a valid pipeline with only their required inputs', async () => {
    const names = readdirSync(join(root, 'hosts', 'gitlab', 'templates')).map((file) => file.replace('.yml', ''));
    expect(names.sort()).toEqual(readdirSync(join(root, 'actions')).sort());
    using project = new GitLabProject(
      renderPipeline(...names.map((name) => ({ template: name, inputs: findRequiredInputs(name) }))),
    );
    const { status, log } = await project.run({}, ['--list']);
    expect({ status, log }).toMatchObject({ status: 0, log: expect.stringContaining('json schema validated') });
    for (const name of names) expect(log).toMatch(new RegExp(`^${name} `, 'm'));
  });
});

/** A value for every input of a component that has no default. */
const findRequiredInputs = (component: string): Include['inputs'] => {
  const [header] = parseAllDocuments(read('hosts', 'gitlab', 'templates', `${component}.yml`));
  const inputs: Readonly<Record<string, object>> = header?.toJS().spec.inputs;
  const required = Object.entries(inputs).filter(([, input]) => !('default' in input));
  return Object.fromEntries(required.map(([name]) => [name, 'given']));
};

/** Process ids of the runner's main steps for a project, found by their command lines. */
const findRunners = (directory: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      const command = readCommand(id);
      return command.includes('runner.js') && command.includes(`${directory}.tmp`) && !command.includes('--post');
    });

const readCommand = (id: number): string => {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};
