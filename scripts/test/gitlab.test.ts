import { readdirSync, readFileSync } from 'node:fs';
import { boolean, choice, defineAction, duration, integer, string } from '@aws-delivery/action-kit/inputs/definition';
import { parseDuration } from '@aws-delivery/action-kit/inputs/parse';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { renderComponentYaml } from '../generate/gitlab/component.js';

const base = {
  title: 'Sample',
  description: 'A sample.',
  branding: { icon: 'cloud', color: 'orange' },
  outputs: {},
  permissions: {},
  workflow: [],
};
const credentials = defineAction({
  ...base,
  name: 'oidc-credentials',
  inputs: {
    'aws-region': string({ required: true, help: 'The Region.' }),
    'role-arn': string({ help: 'The role.' }),
    'token-source': choice('auto', 'file')({ default: 'auto', help: 'Where from.' }),
    audience: string({ default: 'sts.amazonaws.com', help: 'For whom.' }),
  },
});
const deploy = defineAction({
  ...base,
  name: 'stack-deploy',
  inputs: {
    name: string({ required: true, help: 'The stack.', aliases: { 'stack-name': '%' } }),
    mode: choice('deploy', 'preview')({ help: 'What to do.' }),
    'on-failure': choice('rollback', 'preserve')({ default: 'rollback', help: 'What then.' }),
    wait: boolean({ default: true, help: 'Wait.' }),
    nested: boolean({ help: 'Nested too.' }),
    attempts: integer()({ default: 2, help: 'How often.' }),
    timeout: duration({ default: 5_400, help: 'How long.' }),
    comment: choice('none', 'summary')({ default: 'none', help: 'Comment.' }),
    'github-token': string({ githubDefault: '${{ github.token }}', secret: true, help: 'Token.' }),
    'http-proxy': string({ secret: true, help: 'Proxy.' }),
    'aws-region': string({ help: 'Region.' }),
  },
});

const readComponent = (definition: typeof deploy | typeof credentials) => {
  const [header, body] = parseAllDocuments(renderComponentYaml(definition, credentials)).map((document) =>
    document.toJS(),
  );
  return { inputs: header.spec.inputs, job: body['$[[ inputs.job-name ]]'] };
};

describe('renderComponentYaml', () => {
  const { inputs, job } = readComponent(deploy);

  it('writes inputs with type, options and default', () => {
    expect(inputs).toMatchObject({
      mode: { type: 'string', options: ['', 'deploy', 'preview'], default: '' },
      'on-failure': { type: 'string', options: ['rollback', 'preserve'], default: 'rollback' },
      wait: { type: 'boolean', default: true },
      nested: { type: 'string', options: ['', 'true', 'false'], default: '' },
      attempts: { type: 'number', default: 2 },
      timeout: { type: 'string', default: '1h30m', description: 'How long. (a duration (90, 90s, 15m, 1h30m))' },
    });
    expect(inputs.name).toEqual({ description: 'The stack.', type: 'string' });
  });

  it('prefixes the inputs of oidc-credentials except for the Region', () => {
    expect(inputs['oidc-role-arn']).toEqual({ description: 'The role.', type: 'string', default: '' });
    expect(inputs['aws-region']).toEqual({ description: 'The Region.', type: 'string' });
    expect(job.variables).toMatchObject({
      STACK_DEPLOY_AWS_REGION: '$[[ inputs.aws-region ]]',
      OIDC_CREDENTIALS_AWS_REGION: '$[[ inputs.aws-region ]]',
      OIDC_CREDENTIALS_ROLE_ARN: '$[[ inputs.oidc-role-arn ]]',
    });
  });

  it('omits secrets, aliases and inputs that GitHub or GitLab sets', () => {
    const names = ['github-token', 'http-proxy', 'comment', 'stack-name', 'oidc-token-source'];
    for (const name of names) expect(inputs).not.toHaveProperty([name]);
  });

  it('passes every input as a string variable', () => {
    expect(job.variables).toMatchObject({
      STACK_DEPLOY_WAIT: '$[[ inputs.wait ]] ',
      STACK_DEPLOY_ATTEMPTS: '$[[ inputs.attempts ]]',
    });
    const used = JSON.stringify(job);
    for (const name of Object.keys(inputs).filter((input) => input !== 'job-name')) {
      expect(used).toContain(`$[[ inputs.${name} ]]`);
    }
  });

  it('runs oidc-credentials and the action in one job, and posts in after_script', () => {
    expect(job.id_tokens).toEqual({ GITLAB_OIDC_TOKEN: { aud: '$[[ inputs.oidc-audience ]]' } });
    expect(job.script.at(-1)).toMatch(
      /runner\.js" --host gitlab [\s\S]*--state "\$DELIVERY_STATE"[\s\S]* oidc-credentials -- stack-deploy$/,
    );
    expect(job.after_script).toEqual([expect.stringContaining('--state "$DELIVERY_STATE"')]);
    expect(job.artifacts).toMatchObject({ when: 'always', reports: { dotenv: '$[[ inputs.artifacts ]]/outputs.env' } });
    expect(job.artifacts.reports).not.toHaveProperty('sast');
  });

  it('runs oidc-credentials alone in its own component', () => {
    const own = readComponent(credentials);
    expect(own.job.script.at(-1)).toMatch(/ oidc-credentials$/);
    expect(own.job.id_tokens).toEqual({ GITLAB_OIDC_TOKEN: { aud: '$[[ inputs.audience ]]' } });
    expect(own.inputs).toHaveProperty(['role-arn']);
  });
});

describe('the components', () => {
  const directory = 'hosts/gitlab/templates';

  it.each(readdirSync(directory))('%s has a job timeout that is longer than the timeout of the action', (file) => {
    const [header] = parseAllDocuments(readFileSync(`${directory}/${file}`, 'utf8')).map((document) => document.toJS());
    const { 'job-timeout': jobTimeout, timeout, 'oidc-timeout': oidcTimeout } = header.spec.inputs;
    const actionTimeouts = [timeout, oidcTimeout].map((input) => (input?.default ? parseDuration(input.default) : 0));
    const needed = actionTimeouts.reduce((sum, seconds) => sum + seconds, 0);
    expect(parseDuration(jobTimeout.default)).toBeGreaterThanOrEqual(needed + 5 * 60);
  });
});
