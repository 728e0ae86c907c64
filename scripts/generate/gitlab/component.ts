import type { Definition, Input } from '@aws-delivery/action-kit/inputs/definition';
import { getActionInputVariable } from '@aws-delivery/node-runner/cli/action-inputs';
import { stringify } from 'yaml';
import { buildComponentInput, type ComponentInput } from './component-input.js';

/** Inputs by action that the runner or GitLab sets, or that have no effect since credentials stay in the job. */
const OMITTED_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'oidc-credentials': [
    'token-source',
    'token-variable',
    'web-identity-token-file',
    'force-skip-oidc',
    'output-env-credentials',
    'output-credentials',
    'aws-profile',
    'overwrite-aws-profile',
    'unset-current-credentials',
  ],
};

/** Inputs for GitHub's API. */
const GITHUB_INPUTS = ['comment', 'upload-sarif'];

/** Secret inputs are left out: the runner reads them from masked CI/CD variables, not from the pipeline file. */
const isOffered = (action: string, [name, input]: readonly [string, Input<unknown>]): boolean =>
  !input.secret &&
  input.githubDefault === undefined &&
  !GITHUB_INPUTS.includes(name) &&
  !OMITTED_INPUTS[action]?.includes(name);

/** An input of the component and the variable that passes it to the runner. */
interface PassedInput {
  readonly name: string;
  readonly variable: string;
  readonly input: ComponentInput;
}

const listPassedInputs = (definition: Definition, prefix: string): readonly PassedInput[] =>
  Object.entries(definition.inputs)
    .filter((entry) => isOffered(definition.name, entry))
    .map(([name, input]) => ({
      name: name === 'aws-region' ? name : `${prefix}${name}`,
      variable: getActionInputVariable(definition.name, name),
      input: buildComponentInput(input),
    }));

/** For the checkout, the post steps, and actions whose `timeout` has no default. */
const JOB_MARGIN_MINUTES = 15;
const DEFAULT_JOB_MINUTES = 90;

/** Actions that wait as long as a deployment strategy takes. */
const LONG_JOB_MINUTES = 360;

/** The default timeout of the job in GitLab's format: longer than the action's default `timeout`. */
const formatJobTimeout = ({ inputs }: Definition): string => {
  const timeout = inputs['timeout'];
  const minutes =
    typeof timeout?.default === 'number' ? Math.ceil(timeout.default / 60) + JOB_MARGIN_MINUTES : undefined;
  const total =
    timeout === undefined ? DEFAULT_JOB_MINUTES : Math.max(DEFAULT_JOB_MINUTES, minutes ?? LONG_JOB_MINUTES);
  const [h, m] = [Math.floor(total / 60), total % 60];
  return m === 0 ? `${h}h` : `${h}h ${m}m`;
};

const buildOwnInputs = (definition: Definition, stage: string): Readonly<Record<string, ComponentInput>> => ({
  stage: { description: 'Stage of the job.', type: 'string', default: stage },
  'job-name': {
    description: 'Name of the job; each use of the component needs its own.',
    type: 'string',
    default: definition.name,
  },
  image: { description: 'Image with Node 20 or newer.', type: 'string', default: 'docker.io/library/node:24-slim' },
  'job-timeout': {
    description:
      'Timeout of the job and lifetime of its OIDC token. Longer than the timeout of the action, so that post steps run.',
    type: 'string',
    default: formatJobTimeout(definition),
  },
  'allow-failure': { description: 'A failure does not fail the pipeline.', type: 'boolean', default: false },
  bundle: {
    description: 'Folder of the bundles: where `bundle-url` is unpacked, or where they are vendored.',
    type: 'string',
    default: '${CI_PROJECT_DIR}.tmp/aws-delivery',
  },
  'bundle-url': {
    description: 'Address of the archive of a release; empty where the bundles are vendored.',
    type: 'string',
    default: '',
  },
  'bundle-sha256': { description: 'Its SHA-256, in hexadecimal digits.', type: 'string', default: '' },
  artifacts: {
    description: 'Folder for outputs, summary and reports, in the project.',
    type: 'string',
    default: `aws-delivery/${definition.name}`,
  },
  'outputs-prefix': {
    description: 'What the names of outputs begin with, as variables of later jobs.',
    type: 'string',
    default: 'OUTPUT_',
  },
});

const interpolate = (name: string): string => `$[[ inputs.${name} ]]`;

/** The space turns a boolean into a string, since GitLab rejects boolean variables; actions trim their inputs. */
const formatVariableValue = ({ name, input }: PassedInput): string =>
  `${interpolate(name)}${input.type === 'boolean' ? ' ' : ''}`;

/**
 * Downloads the archive unless it exists, and verifies its digest and unpacks it in every job, since a reused checkout
 * may contain files of other jobs. The job token is sent to GitLab's API only, not to redirect targets. The script must
 * not contain single quotes.
 */
const FETCH_SCRIPT = `if [ -n "$DELIVERY_BUNDLE_URL" ]; then
  mkdir -p "$(dirname "$DELIVERY_BUNDLE")"
  NODE_USE_ENV_PROXY=1 node --input-type=module -e '
    import { createHash } from "node:crypto";
    import { existsSync, readFileSync, writeFileSync } from "node:fs";
    const { DELIVERY_BUNDLE: folder, DELIVERY_BUNDLE_URL: url, DELIVERY_BUNDLE_SHA256: wanted, CI_API_V4_URL: api, CI_JOB_TOKEN: token } = process.env;
    const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
    const get = async (address, redirects) => {
      const headers = token && api && address.startsWith(api + "/") ? { "JOB-TOKEN": token } : {};
      const response = await fetch(address, { headers, redirect: "manual" });
      const next = response.status > 300 && response.status < 400 && response.headers.get("location");
      return next && redirects > 0 ? get(new URL(next, address).href, redirects - 1) : response;
    };
    const kept = existsSync(folder + ".tgz") && digest(readFileSync(folder + ".tgz"));
    if (kept !== wanted.toLowerCase()) {
      const response = await get(url, 10);
      if (!response.ok) throw new Error(url + " returned HTTP " + response.status);
      const bytes = Buffer.from(await response.arrayBuffer());
      const found = digest(bytes);
      if (found !== wanted.toLowerCase()) throw new Error(url + " has SHA-256 " + found + ", expected bundle-sha256 " + wanted);
      writeFileSync(folder + ".tgz", bytes);
    }
  ' || exit 1
  rm -rf "$DELIVERY_BUNDLE" && mkdir "$DELIVERY_BUNDLE" || exit 1
  tar -xzf "$DELIVERY_BUNDLE.tgz" -C "$DELIVERY_BUNDLE" --strip-components=1 || exit 1
fi
`;

/** `--host` is required under gitlab-ci-local, which sets GITLAB_CI to false. */
const RUNNER_COMMAND = 'node "$DELIVERY_BUNDLE/packages/node-runner/dist/runner.js" --host gitlab';

/** Reports of codeguru-review. */
const reports = {
  flags: [
    '--code-quality "$DELIVERY_ARTIFACTS/gl-code-quality-report.json"',
    '--sast "$DELIVERY_ARTIFACTS/gl-sast-report.json"',
  ],
  artifacts: {
    codequality: `${interpolate('artifacts')}/gl-code-quality-report.json`,
    sast: `${interpolate('artifacts')}/gl-sast-report.json`,
  },
};

const buildRunScript = (action: string): string => {
  const flags = [
    '--state "$DELIVERY_STATE"',
    '--outputs "$DELIVERY_ARTIFACTS/outputs.env"',
    '--outputs "$DELIVERY_ARTIFACTS/outputs.json"',
    '--outputs-prefix "$DELIVERY_OUTPUTS_PREFIX"',
    '--summary "$DELIVERY_ARTIFACTS/summary.md"',
    '--note DELIVERY_NOTE_TOKEN',
    ...(action === 'codeguru-review' ? reports.flags : []),
  ];
  const uses = action === 'oidc-credentials' ? action : `oidc-credentials -- ${action}`;
  return [RUNNER_COMMAND, ...flags, uses].join(' \\\n  ');
};

const buildJobVariables = (passed: readonly PassedInput[]): Readonly<Record<string, string>> => ({
  DELIVERY_BUNDLE: interpolate('bundle'),
  DELIVERY_BUNDLE_URL: interpolate('bundle-url'),
  DELIVERY_BUNDLE_SHA256: interpolate('bundle-sha256'),
  DELIVERY_ARTIFACTS: interpolate('artifacts'),
  DELIVERY_OUTPUTS_PREFIX: interpolate('outputs-prefix'),
  // Next to the checkout: outside of artifacts and caches, and readable by after_script.
  DELIVERY_STATE: '${CI_PROJECT_DIR}.tmp/aws-delivery-job-${CI_JOB_ID}',
  ...Object.fromEntries(passed.map((each) => [each.variable, formatVariableValue(each)])),
});

const buildJob = (action: string, passed: readonly PassedInput[], audience: string): object => ({
  stage: interpolate('stage'),
  image: interpolate('image'),
  timeout: interpolate('job-timeout'),
  allow_failure: interpolate('allow-failure'),
  interruptible: false,
  id_tokens: { GITLAB_OIDC_TOKEN: { aud: interpolate(audience) } },
  variables: { ...(action === 'codeguru-review' ? { GIT_DEPTH: '0' } : {}), ...buildJobVariables(passed) },
  script: [FETCH_SCRIPT, buildRunScript(action)],
  after_script: [
    `if [ -d "$DELIVERY_STATE" ]; then ${RUNNER_COMMAND} --state "$DELIVERY_STATE" --summary "$DELIVERY_ARTIFACTS/summary.md" --post; fi`,
  ],
  artifacts: {
    when: 'always',
    paths: [`${interpolate('artifacts')}/`],
    reports: {
      dotenv: `${interpolate('artifacts')}/outputs.env`,
      ...(action === 'codeguru-review' ? reports.artifacts : {}),
    },
  },
});

const stages: Readonly<Record<string, string>> = {
  'codeguru-review': 'test',
  'health-gate': 'test',
  'oidc-credentials': 'test',
};

/** Inputs that both actions share, such as `aws-region`, appear once. */
const buildInputs = (passed: readonly PassedInput[]): Readonly<Record<string, ComponentInput>> =>
  Object.fromEntries(passed.map(({ name, input }) => [name, input]));

/**
 * Renders the template of a component: one job that gets credentials by OIDC and runs the action, since credentials
 * cannot be passed between jobs.
 */
export const renderComponentYaml = (definition: Definition, credentials: Definition): string => {
  const isCredentials = definition.name === credentials.name;
  const prefix = isCredentials ? '' : 'oidc-';
  const passed = [...(isCredentials ? [] : listPassedInputs(definition, '')), ...listPassedInputs(credentials, prefix)];
  const header = {
    spec: {
      inputs: { ...buildOwnInputs(definition, stages[definition.name] ?? 'deploy'), ...buildInputs(passed) },
    },
  };
  const job = { [interpolate('job-name')]: buildJob(definition.name, passed, `${prefix}audience`) };
  const spec = stringify(header, { lineWidth: 110 });
  const body = stringify(job, { lineWidth: 0, blockQuote: 'literal' });
  return `# Generated from action.ts by npm run generate; do not edit.\n${spec}\n---\n${body}`;
};
