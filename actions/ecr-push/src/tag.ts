import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { parseTag } from './oci/reference.js';

type Value = (variables: Variables) => string | undefined;

const refOf = (variables: Variables, type: 'branch' | 'tag'): string | undefined => {
  // A pull request's own branch: GITHUB_REF_NAME is `7/merge` there.
  if (type === 'branch' && variables['GITHUB_HEAD_REF']) return variables['GITHUB_HEAD_REF'];
  return variables['GITHUB_REF_TYPE'] === type ? variables['GITHUB_REF_NAME'] : undefined;
};

/** `v1.2.3-rc.1` and `1.2.3` as their parts (semver 2.0.0; a build's `+` is no part of a tag). */
const versionOf = (variables: Variables) =>
  /^v?((\d+)\.(\d+)\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+.*)?$/u.exec(refOf(variables, 'tag') ?? '') ?? [];

const VALUES: Readonly<Record<string, Value>> = {
  commit: (variables) => variables['GITHUB_SHA'],
  'short-commit': (variables) => variables['GITHUB_SHA']?.slice(0, 7),
  branch: (variables) => refOf(variables, 'branch'),
  tag: (variables) => refOf(variables, 'tag'),
  version: (variables) => versionOf(variables)[1],
  major: (variables) => versionOf(variables)[2],
  minor: (variables) => {
    const [, , major, minor] = versionOf(variables);
    return major === undefined ? undefined : `${major}.${minor}`;
  },
  run: (variables) => variables['GITHUB_RUN_NUMBER'],
};

/** What a branch may be called and a tag may not. */
const asTag = (text: string): string => text.replaceAll(/[^\w.-]/gu, '-').replace(/^[.-]+/u, '');

const expand = (template: string, variables: Variables): string => {
  const text = template.replaceAll(/\{([^{}]*)\}/gu, (_, name: string) => {
    if (!Object.hasOwn(VALUES, name)) {
      const known = Object.keys(VALUES).join(', ');
      throw new DeliveryError('invalid-input', `tag '${template}': there is no {${name}}: use one of ${known}`);
    }
    const value = VALUES[name]?.(variables);
    if (value) return asTag(value);
    throw new DeliveryError(
      'missing',
      `tag '${template}': this run has no ${name}: use another tag, or run it for one`,
    );
  });
  return parseTag(text);
};

/** Tags without their templates, each once. Throws where one is no tag, or the run has no such value. */
export const expandTags = (templates: readonly string[], variables: Variables): readonly string[] => [
  ...new Set(templates.map((template) => expand(template, variables))),
];
