import type { Definition, Permission } from '@aws-delivery/action-kit/definition';

const sidOf = (group: string, index: number): string => {
  const words = group
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  return `${words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')}${index === 0 ? '' : index + 1}`;
};

const statementOf = (group: string, permission: Permission, index: number): object => ({
  Sid: sidOf(group, index),
  Effect: 'Allow',
  Action: permission.actions,
  Resource: permission.resources,
  ...(permission.conditions === undefined ? {} : { Condition: permission.conditions }),
});

/** The policy with every feature's permissions, one statement each, named for the feature. */
export const iamPolicy = (definition: Definition): string => {
  const statements = Object.entries(definition.permissions).flatMap(([group, permissions]) =>
    permissions.map((permission, index) => statementOf(group, permission, index)),
  );
  return `${JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)}\n`;
};
