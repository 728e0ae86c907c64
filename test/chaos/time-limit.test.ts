import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Action, runAction } from '@aws-delivery/action-kit/host/run-action';
import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { systemClock } from '@aws-delivery/action-kit/util/clock';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { describe, expect, it } from '@jest/globals';
import { definition as appConfig } from '../../actions/appconfig-rollout/action.js';
import { createAction as createAppConfig } from '../../actions/appconfig-rollout/src/create-action.js';
import { definition as cloudFormation } from '../../actions/cloudformation-deploy/action.js';
import { createAction as createCloudFormation } from '../../actions/cloudformation-deploy/src/create-action.js';
import { definition as codeReview } from '../../actions/codeguru-review/action.js';
import { createAction as createCodeReview } from '../../actions/codeguru-review/src/create-action.js';
import { definition as ecr } from '../../actions/ecr-push/action.js';
import { createAction as createEcr } from '../../actions/ecr-push/src/create-action.js';
import { defaultImage } from '../../actions/ecr-push/test/harness.js';
import { definition as health } from '../../actions/health-gate/action.js';
import { createAction as createHealth } from '../../actions/health-gate/src/create-action.js';
import { definition as oidc } from '../../actions/oidc-credentials/action.js';
import { createAction as createOidc } from '../../actions/oidc-credentials/src/create-action.js';
import { scenario as oidcScenario, roleArn } from '../../actions/oidc-credentials/test/harness.js';
import { createLayoutFiles, writeFiles } from '../../packages/oci/test/image-fixtures.js';
import { HangingServer } from './hanging-server.js';

const REGION = 'eu-central-1';
const LIMIT_SECONDS = 5;
const SHA = 'c'.repeat(40);

/** Longest time past the limit: two late requests (apply `on-timeout`, read the result), and the load of the machine. */
const MAX_PAST_SECONDS = 13;

interface Machine {
  readonly directory: string;
  readonly url: string;
  readonly aws: LocalAws;
}

interface HangCase {
  readonly name: string;
  readonly scenario: ScenarioInput;
  readonly inputs: (machine: Machine) => Readonly<Record<string, string>>;
  readonly run: (machine: Machine, inputs: Readonly<Record<string, string>>) => Promise<readonly string[]>;
  readonly prepare?: (machine: Machine) => Promise<void> | void;
}

const createEnv = ({ directory, url, aws }: Machine, name: string): Record<string, string | undefined> => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: tokenUrl = '', ...others } = aws.createEnv();
  return {
    ...others,
    PATH: process.env['PATH'],
    HOME: directory,
    RUNNER_TEMP: directory,
    GITHUB_WORKSPACE: directory,
    GITHUB_REPOSITORY: 'octocat/my-repo',
    GITHUB_API_URL: `${url}/github/${name}`,
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_SHA: SHA,
    AWS_ENDPOINT_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_URL: tokenUrl.replace(new URL(tokenUrl).origin, url),
  };
};

/** Runs an action with the machine's clock and returns its failures. */
const createRun =
  <D extends Definition, S, R>(definition: D, createAction: (override: ConfigOverride) => Action<D, S, R>) =>
  async (machine: Machine, inputs: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const action = createAction((config) => ({ ...config, endpoint: machine.url, credentials }));
    const host = createFakeHost({ clock: systemClock, env: createEnv(machine, definition.name), inputs });
    await runAction(definition, action, host);
    return host.recorded.failures;
  };

const write = ({ directory }: Machine, name: string, content: string): void => {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), content);
};

const COMMENT = { comment: 'summary', 'github-token': 'token' };

const CASES: readonly HangCase[] = [
  {
    name: 'oidc-credentials',
    scenario: oidcScenario,
    inputs: () => ({ 'role-arn': roleArn('deploy'), 'secret-ids': 'prod/*' }),
    run: createRun(oidc, () => createOidc({ node: process.execPath, script: 'credential-process.js' })),
  },
  {
    name: 'health-gate',
    scenario: { ssm: { calendars: { freeze: {} } }, cloudwatch: { alarms: { errors: {} } } },
    inputs: () => ({ services: 'RDS', calendars: 'freeze', alarms: 'errors', ...COMMENT }),
    run: createRun(health, (overrideConfig) => createHealth({ overrideConfig })),
  },
  {
    name: 'codeguru-review',
    scenario: {
      clock: { scale: 600 },
      inspector2: { codeProjects: [{ name: 'octocat/my-repo', scanned: 'other', scan: { commit: SHA } }] },
    },
    inputs: () => ({ 'findings-from': 'inspector', ...COMMENT }),
    run: createRun(codeReview, createCodeReview),
  },
  {
    name: 'ecr-push',
    scenario: { ecr: { repositories: { app: {} } } },
    inputs: ({ url }) => ({
      source: 'oci:image',
      repository: 'app',
      tags: '1.0',
      scan: 'basic',
      'registry-endpoint': url,
    }),
    run: createRun(ecr, createEcr),
    prepare: async ({ directory }) => {
      const files = createLayoutFiles({ latest: defaultImage.manifest }, [defaultImage]);
      await writeFiles(join(directory, 'image'), files);
    },
  },
  {
    name: 'cloudformation-deploy',
    scenario: { clock: { scale: 600 } },
    inputs: () => ({ name: 'shop', template: 'template.yaml', ...COMMENT }),
    run: createRun(cloudFormation, createCloudFormation),
    prepare: (machine) => write(machine, 'template.yaml', 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n'),
  },
  {
    name: 'appconfig-rollout',
    scenario: { clock: { scale: 600 } },
    inputs: () => ({
      application: 'shop',
      environment: 'prod',
      profile: 'Limits',
      file: 'limits.json',
      strategy: 'AppConfig.AllAtOnce',
      ...COMMENT,
    }),
    run: createRun(appConfig, createAppConfig),
    prepare: (machine) => write(machine, 'limits.json', '{"rate": 1}'),
  },
];

interface Measurement {
  readonly request: string;
  readonly pastSeconds: number;
  readonly failures: readonly string[];
}

const measure = async (
  { scenario, inputs, run, prepare }: HangCase,
  index: number,
): Promise<Measurement | undefined> => {
  const aws = await startLocalAws({ scenario: { region: REGION, ...scenario } });
  await using server = await HangingServer.start(aws.url);
  const directory = mkdtempSync(join(tmpdir(), 'hang-'));
  const machine = { directory, url: server.url, aws };
  try {
    await prepare?.(machine);
    server.hangAt(index);
    const started = Date.now();
    const timeout = index === Number.POSITIVE_INFINITY ? '60s' : `${LIMIT_SECONDS}s`;
    const failures = await run(machine, { 'aws-region': REGION, timeout, ...inputs(machine) });
    const pastSeconds = (Date.now() - started) / 1000 - LIMIT_SECONDS;
    if (index === Number.POSITIVE_INFINITY) return { request: server.requests.join('\n'), pastSeconds, failures };
    const request = server.requests[index];
    return request === undefined ? undefined : { request, pastSeconds, failures };
  } finally {
    await aws.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

describe('the time limit of a run ends it whichever request hangs', () => {
  it.each(CASES)('$name', async (hangCase) => {
    const complete = await measure(hangCase, Number.POSITIVE_INFINITY);
    expect(complete?.failures).toEqual([]);
    const count = complete?.request.split('\n').length ?? 0;
    const measurements = await Promise.all(Array.from({ length: count }, (_, index) => measure(hangCase, index)));
    const rows = measurements.filter((each) => each !== undefined);
    if (process.env['SHOW_HANG_MATRIX'] !== undefined)
      for (const { request, pastSeconds, failures } of rows)
        console.log(`${hangCase.name} | ${request} | ${pastSeconds.toFixed(1)} | ${failures[0] ?? 'passed'}`);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(({ pastSeconds }) => pastSeconds > MAX_PAST_SECONDS)).toEqual([]);
  });
});
