import { findPullRequestNumber } from '@aws-delivery/action-kit/github/pull-request-comments';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { parseTag } from '@aws-delivery/oci/image/reference';

type ValueGetter = (env: Env) => string | undefined;

const getRefName = (env: Env, type: 'branch' | 'tag'): string | undefined => {
  // In a pull request GITHUB_REF_NAME is `7/merge`, and this is its branch.
  if (type === 'branch' && env['GITHUB_HEAD_REF']) return env['GITHUB_HEAD_REF'];
  return env['GITHUB_REF_TYPE'] === type ? env['GITHUB_REF_NAME'] : undefined;
};

/** Parses `v1.2.3-rc.1` or `1.2.3` (semver 2.0.0) and drops build metadata, since a tag cannot contain `+`. */
const parseVersion = (env: Env) =>
  /^v?((\d+)\.(\d+)\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+.*)?$/u.exec(getRefName(env, 'tag') ?? '') ?? [];

const TEMPLATE_VALUES: Readonly<Record<string, ValueGetter>> = {
  commit: (env) => env['GITHUB_SHA'],
  'short-commit': (env) => env['GITHUB_SHA']?.slice(0, 7),
  branch: (env) => getRefName(env, 'branch'),
  tag: (env) => getRefName(env, 'tag'),
  version: (env) => parseVersion(env)[1],
  major: (env) => parseVersion(env)[2],
  minor: (env) => {
    const [, , major, minor] = parseVersion(env);
    return major === undefined ? undefined : `${major}.${minor}`;
  },
  run: (env) => env['GITHUB_RUN_NUMBER'],
  // The node runner sets the variable on other hosts.
  pr: (env) => env['GITHUB_PULL_REQUEST_NUMBER'] || findPullRequestNumber(env)?.toString(),
};

/** Replaces characters that branch names may contain and image tags must not. */
const sanitizeTag = (value: string): string => value.replaceAll(/[^\w.-]/gu, '-').replace(/^[.-]+/u, '');

const expandTemplate = (template: string, env: Env): string => {
  const expanded = template.replaceAll(/\{([^{}]*)\}/gu, (_, name: string) => {
    if (!Object.hasOwn(TEMPLATE_VALUES, name)) {
      const known = Object.keys(TEMPLATE_VALUES).join(', ');
      throw new DeliveryError('invalid-input', `tag '${template}': unknown variable {${name}}: use one of ${known}`);
    }
    const value = TEMPLATE_VALUES[name]?.(env);
    if (value) return sanitizeTag(value);
    throw new DeliveryError(
      'missing',
      `tag '${template}': {${name}} has no value in this workflow run: use another tag, or another event`,
    );
  });
  return parseTag(expanded);
};

/**
 * Expands the templates and removes duplicates. Throws `invalid-input` for an invalid tag, `missing` when the run has
 * no such value.
 */
export const expandTags = (templates: readonly string[], env: Env): readonly string[] => [
  ...new Set(templates.map((template) => expandTemplate(template, env))),
];
