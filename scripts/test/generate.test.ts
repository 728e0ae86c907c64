import { boolean, choice, defineAction, duration, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { renderActionYml } from '../generate/action-yml.js';
import { formatDefault, formatDuration } from '../generate/format-default.js';
import { renderIamPolicy } from '../generate/iam-policy.js';
import { fillReadme } from '../generate/readme.js';

const definition = defineAction({
  name: 'sample',
  title: 'Sample',
  description: 'A sample.',
  branding: { icon: 'cloud', color: 'orange' },
  inputs: {
    name: string({ required: true, help: 'The name.', group: 'Stack' }),
    timeout: duration({ default: 5_400, help: 'How long.', group: 'Stack', aliases: { 'timeout-in-minutes': '%m' } }),
    mode: choice('deploy', 'preview')({ default: 'deploy', help: 'What to do | see.', group: 'More' }),
    comment: boolean({ default: false, help: 'Comment.', group: 'More' }),
    regions: list({ default: ['a', 'b'], help: 'Regions.', group: 'More' }),
    none: list({ default: [], help: 'Nothing.', group: 'More' }),
    token: string({ help: 'Token.', githubDefault: '${{ github.token }}', secret: true, group: 'More' }),
  },
  outputs: { id: { help: 'The id.' }, key: { help: 'The key.', secret: true }, 'docker_*': { help: 'Family.' } },
  environment: { AWS_REGION: { help: 'Region.' } },
  permissions: {
    always: [{ actions: ['sts:GetCallerIdentity'], resources: ['*'], reason: 'to know who we are' }],
    'stack role': [
      { actions: ['iam:PassRole'], resources: ['*'], conditions: { StringEquals: { a: 'b' } }, reason: 'to hand over' },
      { actions: ['iam:GetRole'], resources: ['*'], reason: 'to look' },
    ],
  },
  workflow: [{ permission: 'id-token: write', reason: 'to get a token' }],
});

describe('renderActionYml', () => {
  const document: unknown = parse(renderActionYml(definition, { post: true }));

  it('describes inputs with format and default, without a default key', () => {
    expect(document).toMatchObject({
      name: 'Sample',
      inputs: {
        name: { description: 'The name. (required)', required: false },
        timeout: { description: 'How long. (a duration (90, 90s, 15m, 1h30m); default: 1h30m)' },
        mode: { description: 'What to do | see. (one of deploy, preview; default: deploy)' },
        regions: { description: 'Regions. (a list, separated by commas or line ends; default: a, b)' },
        none: { description: 'Nothing. (a list, separated by commas or line ends)' },
      },
    });
    expect(document).not.toHaveProperty('inputs.mode.default');
  });

  it('writes only defaults with GitHub expressions', () => {
    expect(document).toHaveProperty('inputs.token.default', '${{ github.token }}');
  });

  it('declares aliases', () => {
    expect(document).toHaveProperty(['inputs', 'timeout-in-minutes', 'description'], 'Another name for timeout.');
  });

  it('omits output families and runs on node24', () => {
    expect(document).toMatchObject({
      outputs: { id: { description: 'The id.' }, key: { description: 'The key.' } },
      runs: { using: 'node24', main: 'dist/main.js', post: 'dist/post.js', 'post-if': 'always()' },
    });
    expect(document).not.toHaveProperty(['outputs', 'docker_*']);
  });

  it('omits post without a post entry', () => {
    expect(parse(renderActionYml(definition, { post: false }))).not.toHaveProperty('runs.post');
  });
});

describe('renderIamPolicy', () => {
  it('writes a statement per permission with a Sid of its feature', () => {
    expect(JSON.parse(renderIamPolicy(definition))).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Always', Effect: 'Allow', Action: ['sts:GetCallerIdentity'], Resource: ['*'] },
        {
          Sid: 'StackRole',
          Effect: 'Allow',
          Action: ['iam:PassRole'],
          Resource: ['*'],
          Condition: { StringEquals: { a: 'b' } },
        },
        { Sid: 'StackRole2', Effect: 'Allow', Action: ['iam:GetRole'], Resource: ['*'] },
      ],
    });
  });
});

describe('fillReadme', () => {
  const text = 'before\n<!-- generated: inputs -->\nold\n<!-- /generated -->\nafter';

  it('replaces only the text between the markers', () => {
    const filled = fillReadme(text, definition);
    expect(filled).toMatch(
      /^before\n<!-- generated: inputs -->\n\n- \*duration\*: [^\n]+\n[^#]+### Stack\n[\s\S]*<!-- \/generated -->\nafter$/,
    );
    expect(filled).not.toContain('old');
    expect(filled).toContain('| `name` | string | The name. | **required** |');
    expect(filled).toContain('| `timeout` | duration | How long. Also: `timeout-in-minutes`. | `1h30m` |');
    expect(filled).toContain('| `mode` | choice | What to do \\| see. Values: `deploy`, `preview`. | `deploy` |');
  });

  it('explains the formats of the types that the inputs have', () => {
    const [formats] = fillReadme(text, definition).split('### Stack');
    expect(formats).toContain('- *duration*: seconds, or a number with units');
    expect(formats).toContain('- *list*: items separated by commas or line breaks');
    expect(formats).not.toContain('*mapping*');
  });

  it('is idempotent', () => {
    const once = fillReadme(text, definition);
    expect(fillReadme(once, definition)).toBe(once);
  });

  it('fills outputs, environment, permissions and workflow permissions', () => {
    const section = (name: string): string => fillReadme(`<!-- generated: ${name} --><!-- /generated -->`, definition);
    expect(section('outputs')).toContain('| `key` | The key. Masked. |');
    expect(section('environment')).toContain('| `AWS_REGION` | Region. |');
    expect(section('permissions')).toContain('| stack role | `iam:PassRole` | to hand over |');
    expect(section('workflow')).toContain('| `id-token: write` | to get a token |');
  });

  it('rejects unknown and unclosed sections', () => {
    expect(() => fillReadme('<!-- generated: colours --><!-- /generated -->', definition)).toThrow("section 'colours'");
    expect(() => fillReadme('<!-- generated: inputs -->', definition)).toThrow("section 'inputs' is never closed");
  });
});

describe('formatDefault', () => {
  it.each([
    [0, '0s'],
    [90, '1m30s'],
    [3_600, '1h'],
    [5_405, '1h30m5s'],
  ])('formats %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
  it('returns the empty string without a default', () => {
    expect(formatDefault(definition.inputs.name)).toBe('');
  });
});
