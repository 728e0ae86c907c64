import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { parseTag } from '@aws-delivery/oci/image/reference';

type ValueGetter = (env: Env) => string | undefined;

const getRefName = (env: Env, type: 'branch' | 'tag'): string | undefined => {
  // A pull request's own branch: GITHUB_REF_NAME is `7/merge` there.
  if (type === 'branch' && env['GITHUB_HEAD_REF']) return env['GITHUB_HEAD_REF'];
  return env['GITHUB_REF_TYPE'] === type ? env['GITHUB_REF_NAME'] : undefined;
};

/** `v1.2.3-rc.1` and `1.2.3` as their parts (semver 2.0.0; a build's `+` is no part of a tag). */
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
};

/** What a branch may be called and a tag may not. */
const sanitizeTag = (value: string): string => value.replaceAll(/[^\w.-]/gu, '-').replace(/^[.-]+/u, '');

const expandTemplate = (template: string, env: Env): string => {
  const expanded = template.replaceAll(/\{([^{}]*)\}/gu, (_, name: string) => {
    if (!Object.hasOwn(TEMPLATE_VALUES, name)) {
      const known = Object.keys(TEMPLATE_VALUES).join(', ');
      throw new DeliveryError('invalid-input', `tag '${template}': there is no {${name}}: use one of ${known}`);
    }
    const value = TEMPLATE_VALUES[name]?.(env);
    if (value) return sanitizeTag(value);
    throw new DeliveryError(
      'missing',
      `tag '${template}': this run has no ${name}: use another tag, or run it for one`,
    );
  });
  return parseTag(expanded);
};

/** Tags without their templates, each once. Throws where one is no tag, or the run has no such value. */
export const expandTags = (templates: readonly string[], env: Env): readonly string[] => [
  ...new Set(templates.map((template) => expandTemplate(template, env))),
];
