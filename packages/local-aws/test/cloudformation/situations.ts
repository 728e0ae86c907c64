import type { Document } from '../../src/call.js';
import { Lab } from './lab.js';

/** What a resource does is said by its `Mode`: a template says how its story goes. */
export const scenario = {
  durations: { create: '4s', update: '4s', delete: '4s', changeSet: '1s' },
  rules: [
    {
      on: { property: { path: 'Mode', equals: 'bad' }, operation: 'create' as const },
      fail: { reason: 'no such luck', after: '2s' },
    },
    {
      on: { property: { path: 'Mode', equals: 'bad' }, operation: 'update' as const },
      fail: { reason: 'no such luck', after: '2s' },
    },
    {
      on: { property: { path: 'Mode', equals: 'stuck' }, operation: 'rollback' as const },
      fail: { reason: 'cannot go back', after: 'end' as const },
    },
    {
      on: { property: { path: 'Mode', equals: 'sticky' }, operation: 'delete' as const },
      fail: { reason: 'still in use', after: 'end' as const },
    },
  ],
};

/** A template of resources by logical id with their modes. */
export const things = (modes: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(modes).map(([id, mode]) => [
        id,
        { Type: 'Test::Thing', DeletionPolicy: 'Delete', Properties: { Mode: mode } },
      ]),
    ),
  });

export const STACK = 'shop';

const create = (lab: Lab, modes: Readonly<Record<string, string>>, more: Document = {}) =>
  lab.call('CreateStack', { StackName: STACK, TemplateBody: things(modes), ...more });

const update = (lab: Lab, modes: Readonly<Record<string, string>>, more: Document = {}) =>
  lab.call('UpdateStack', { StackName: STACK, TemplateBody: things(modes), ...more });

const settled = async (lab: Lab, modes: Readonly<Record<string, string>> = { A: 'good' }) => {
  await create(lab, modes);
  await lab.rest(STACK);
};

/** How a stack comes into each status. */
export const SITUATIONS: Readonly<Record<string, (lab: Lab) => Promise<unknown>>> = {
  REVIEW_IN_PROGRESS: (lab) =>
    lab.call('CreateChangeSet', {
      StackName: STACK,
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: things({ A: 'good' }),
    }),
  CREATE_IN_PROGRESS: (lab) => create(lab, { A: 'good' }),
  CREATE_COMPLETE: (lab) => settled(lab),
  CREATE_FAILED: async (lab) => {
    await create(lab, { A: 'bad' }, { DisableRollback: true });
    await lab.rest(STACK);
  },
  ROLLBACK_IN_PROGRESS: async (lab) => {
    await create(lab, { A: 'bad' });
    lab.wait(3);
  },
  ROLLBACK_COMPLETE: async (lab) => {
    await create(lab, { A: 'bad' });
    await lab.rest(STACK);
  },
  ROLLBACK_FAILED: async (lab) => {
    await create(lab, { A: 'sticky', B: 'bad' });
    await lab.rest(STACK);
  },
  DELETE_IN_PROGRESS: async (lab) => {
    await settled(lab);
    await lab.call('DeleteStack', { StackName: STACK });
    lab.wait(1);
  },
  DELETE_FAILED: async (lab) => {
    await settled(lab, { A: 'sticky' });
    await lab.call('DeleteStack', { StackName: STACK });
    await lab.rest(STACK);
  },
  UPDATE_IN_PROGRESS: async (lab) => {
    await settled(lab);
    await update(lab, { A: 'better' });
    lab.wait(1);
  },
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: async (lab) => {
    await settled(lab, { A: 'good', B: 'good' });
    await update(lab, { A: 'better' });
    lab.wait(5);
  },
  UPDATE_COMPLETE: async (lab) => {
    await settled(lab);
    await update(lab, { A: 'better' });
    await lab.rest(STACK);
  },
  UPDATE_FAILED: async (lab) => {
    await settled(lab);
    await update(lab, { A: 'bad' }, { DisableRollback: true });
    await lab.rest(STACK);
  },
  UPDATE_ROLLBACK_IN_PROGRESS: async (lab) => {
    await settled(lab);
    await update(lab, { A: 'bad' });
    lab.wait(3);
  },
  UPDATE_ROLLBACK_FAILED: async (lab) => {
    await settled(lab, { A: 'stuck' });
    await update(lab, { A: 'bad' });
    await lab.rest(STACK);
  },
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: async (lab) => {
    await settled(lab);
    await update(lab, { A: 'bad', B: 'good' });
    lab.wait(7);
  },
  UPDATE_ROLLBACK_COMPLETE: async (lab) => {
    await settled(lab);
    await update(lab, { A: 'bad' });
    await lab.rest(STACK);
  },
};

/** A lab whose one stack has just come into a status. */
export const situation = async (status: string): Promise<Lab> => {
  const lab = new Lab(scenario);
  await SITUATIONS[status]?.(lab);
  return lab;
};
