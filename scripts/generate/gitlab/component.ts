import type { Definition, Input } from '@aws-delivery/action-kit/inputs/definition';
import { getActionInputVariable } from '@aws-delivery/node-runner/cli/action-inputs';
import { stringify } from 'yaml';
import { buildComponentInput, type ComponentInput } from './component-input.js';

/** What the runner and GitLab do themselves, or what has no meaning in a job whose credentials do not leave it. */
const left: Readonly<Record<string, readonly string[]>> = {
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

/** Inputs that speak to GitHub's own API. */
const githubInputs = ['comment', 'upload-sarif'];

/** Secrets come in masked CI/CD variables, which the runner reads: as inputs they would stand in the pipeline's file. */
const isOffered = (action: string, [name, input]: readonly [string, Input<unknown>]): boolean =>
  !input.secret && input.githubDefault === undefined && !githubInputs.includes(name) && !left[action]?.includes(name);

/** An input of the component, and the variable by which the runner gets it. */
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

const buildOwnInputs = (action: string, stage: string): Readonly<Record<string, ComponentInput>> => ({
  stage: { description: 'Stage of the job.', type: 'string', default: stage },
  'job-name': {
    description: 'Name of the job; each use of the component needs its own.',
    type: 'string',
    default: action,
  },
  image: { description: 'Image with Node 20 or newer.', type: 'string', default: 'docker.io/library/node:24-slim' },
  'job-timeout': { description: 'Timeout of the job; its OIDC token lives as long.', type: 'string', default: '1h' },
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
    default: `aws-delivery/${action}`,
  },
  'outputs-prefix': {
    description: 'What the names of outputs begin with, as variables of later jobs.',
    type: 'string',
    default: 'OUTPUT_',
  },
});

const interpolate = (name: string): string => `$[[ inputs.${name} ]]`;

/** A lone boolean would stay one, which GitLab takes for no variable; actions trim what they read. */
const formatVariableValue = ({ name, input }: PassedInput): string =>
  `${interpolate(name)}${input.type === 'boolean' ? ' ' : ''}`;

/**
 * Fetches the archive unless it lies there, and believes it only by its digest, in every job: a checkout may outlive the
 * job that made it, and what was unpacked there could be anybody's. No other host gets the job's token, whoever sends
 * there. Single quotes would end the script.
 */
const fetchScript = `if [ -n "$DELIVERY_BUNDLE_URL" ]; then
  mkdir -p "$(dirname "$DELIVERY_BUNDLE")"
  NODE_USE_ENV_PROXY=1 node --input-type=module -e '
    import { createHash } from "node:crypto";
    import { existsSync, readFileSync, writeFileSync } from "node:fs";
    const { DELIVERY_BUNDLE: folder, DELIVERY_BUNDLE_URL: url, DELIVERY_BUNDLE_SHA256: wanted, CI_API_V4_URL: api, CI_JOB_TOKEN: token } = process.env;
    const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
    const get = async (address, redirects) => {
      const headers = token && api && address.startsWith(api + "/") ? { "JOB-TOKEN": token } : {};
      const answer = await fetch(address, { headers, redirect: "manual" });
      const next = answer.status > 300 && answer.status < 400 && answer.headers.get("location");
      return next && redirects > 0 ? get(new URL(next, address).href, redirects - 1) : answer;
    };
    const kept = existsSync(folder + ".tgz") && digest(readFileSync(folder + ".tgz"));
    if (kept !== wanted.toLowerCase()) {
      const answer = await get(url, 10);
      if (!answer.ok) throw new Error(url + " answered " + answer.status);
      const bytes = Buffer.from(await answer.arrayBuffer());
      const found = digest(bytes);
      if (found !== wanted.toLowerCase()) throw new Error(url + " has the SHA-256 " + found + ", not bundle-sha256 " + wanted);
      writeFileSync(folder + ".tgz", bytes);
    }
  ' || exit 1
  rm -rf "$DELIVERY_BUNDLE" && mkdir "$DELIVERY_BUNDLE" || exit 1
  tar -xzf "$DELIVERY_BUNDLE.tgz" -C "$DELIVERY_BUNDLE" --strip-components=1 || exit 1
fi
`;

/** The host is named for gitlab-ci-local, which sets GITLAB_CI to false. */
const runner = 'node "$DELIVERY_BUNDLE/packages/node-runner/dist/runner.js" --host gitlab';

/** Reports of findings, which only the review gate has. */
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

const runScript = (action: string): string => {
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
  return [runner, ...flags, uses].join(' \\\n  ');
};

const buildJobVariables = (passed: readonly PassedInput[]): Readonly<Record<string, string>> => ({
  DELIVERY_BUNDLE: interpolate('bundle'),
  DELIVERY_BUNDLE_URL: interpolate('bundle-url'),
  DELIVERY_BUNDLE_SHA256: interpolate('bundle-sha256'),
  DELIVERY_ARTIFACTS: interpolate('artifacts'),
  DELIVERY_OUTPUTS_PREFIX: interpolate('outputs-prefix'),
  // Beside the checkout: no artifact or cache takes it along, and after_script sees it too.
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
  script: [fetchScript, runScript(action)],
  after_script: [
    `if [ -d "$DELIVERY_STATE" ]; then ${runner} --state "$DELIVERY_STATE" --summary "$DELIVERY_ARTIFACTS/summary.md" --post; fi`,
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

/** Where one input means the same to both actions, as `aws-region` does, its own text comes first. */
const buildInputs = (passed: readonly PassedInput[]): Readonly<Record<string, ComponentInput>> =>
  Object.fromEntries(passed.map(({ name, input }) => [name, input]));

/**
 * The template of a component: a job that gets credentials by OIDC and runs the action with them, since credentials do
 * not cross jobs.
 */
export const renderComponentYaml = (definition: Definition, credentials: Definition): string => {
  const isCredentials = definition.name === credentials.name;
  const prefix = isCredentials ? '' : 'oidc-';
  const passed = [...(isCredentials ? [] : listPassedInputs(definition, '')), ...listPassedInputs(credentials, prefix)];
  const header = {
    spec: {
      inputs: { ...buildOwnInputs(definition.name, stages[definition.name] ?? 'deploy'), ...buildInputs(passed) },
    },
  };
  const job = { [interpolate('job-name')]: buildJob(definition.name, passed, `${prefix}audience`) };
  const spec = stringify(header, { lineWidth: 110 });
  const body = stringify(job, { lineWidth: 0, blockQuote: 'literal' });
  return `# Generated from action.ts by npm run generate; do not edit.\n${spec}\n---\n${body}`;
};
