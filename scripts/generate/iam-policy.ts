import type { Definition, Permission } from '@aws-delivery/action-kit/inputs/definition';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Permission['conditions'];
}

const formatSid = (group: string, index: number): string => {
  const words = group
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  return `${words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')}${index === 0 ? '' : index + 1}`;
};

const buildStatement = (group: string, permission: Permission, index: number): Statement => ({
  Sid: formatSid(group, index),
  Effect: 'Allow',
  Action: permission.actions,
  Resource: permission.resources,
  ...(permission.conditions === undefined ? {} : { Condition: permission.conditions }),
});

/** One statement per permission, with a Sid derived from the feature. */
export const buildStatements = (definition: Definition): readonly Statement[] =>
  Object.entries(definition.permissions).flatMap(([group, permissions]) =>
    permissions.map((permission, index) => buildStatement(group, permission, index)),
  );

/** The iam-policy.json with the permissions of all features. */
export const renderIamPolicy = (definition: Definition): string =>
  `${JSON.stringify({ Version: '2012-10-17', Statement: buildStatements(definition) }, null, 2)}\n`;
