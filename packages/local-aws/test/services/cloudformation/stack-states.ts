import type { Document } from '../../../src/api-call.js';
import { CloudFormationFixture } from './fixture.js';

/** Rules by which the property `Mode` of a resource determines its failures. */
export const scenario = {
  durations: { create: '4s', update: '4s', delete: '4s', changeSet: '1s' },
  types: { 'Test::*': {} },
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

/** Renders a template with one resource for each logical id and mode. */
export const renderTemplate = (modes: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(modes).map(([id, mode]) => [
        id,
        { Type: 'Test::Thing', DeletionPolicy: 'Delete', Properties: { Mode: mode } },
      ]),
    ),
  });

export const STACK_NAME = 'shop';

const createStack = (fixture: CloudFormationFixture, modes: Readonly<Record<string, string>>, extra: Document = {}) =>
  fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: renderTemplate(modes), ...extra });

const updateStack = (fixture: CloudFormationFixture, modes: Readonly<Record<string, string>>, extra: Document = {}) =>
  fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderTemplate(modes), ...extra });

const createCompleteStack = async (
  fixture: CloudFormationFixture,
  modes: Readonly<Record<string, string>> = { A: 'good' },
) => {
  await createStack(fixture, modes);
  await fixture.waitForTerminal(STACK_NAME);
};

/** Brings a stack into each status. */
export const STACK_STATES: Readonly<Record<string, (fixture: CloudFormationFixture) => Promise<unknown>>> = {
  REVIEW_IN_PROGRESS: (fixture) =>
    fixture.call('CreateChangeSet', {
      StackName: STACK_NAME,
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: renderTemplate({ A: 'good' }),
    }),
  CREATE_IN_PROGRESS: (fixture) => createStack(fixture, { A: 'good' }),
  CREATE_COMPLETE: (fixture) => createCompleteStack(fixture),
  CREATE_FAILED: async (fixture) => {
    await createStack(fixture, { A: 'bad' }, { DisableRollback: true });
    await fixture.waitForTerminal(STACK_NAME);
  },
  ROLLBACK_IN_PROGRESS: async (fixture) => {
    await createStack(fixture, { A: 'bad' });
    fixture.wait(3);
  },
  ROLLBACK_COMPLETE: async (fixture) => {
    await createStack(fixture, { A: 'bad' });
    await fixture.waitForTerminal(STACK_NAME);
  },
  ROLLBACK_FAILED: async (fixture) => {
    await createStack(fixture, { A: 'sticky', B: 'bad' });
    await fixture.waitForTerminal(STACK_NAME);
  },
  DELETE_IN_PROGRESS: async (fixture) => {
    await createCompleteStack(fixture);
    await fixture.call('DeleteStack', { StackName: STACK_NAME });
    fixture.wait(1);
  },
  DELETE_FAILED: async (fixture) => {
    await createCompleteStack(fixture, { A: 'sticky' });
    await fixture.call('DeleteStack', { StackName: STACK_NAME });
    await fixture.waitForTerminal(STACK_NAME);
  },
  UPDATE_IN_PROGRESS: async (fixture) => {
    await createCompleteStack(fixture);
    await updateStack(fixture, { A: 'better' });
    fixture.wait(1);
  },
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: async (fixture) => {
    await createCompleteStack(fixture, { A: 'good', B: 'good' });
    await updateStack(fixture, { A: 'better' });
    fixture.wait(5);
  },
  UPDATE_COMPLETE: async (fixture) => {
    await createCompleteStack(fixture);
    await updateStack(fixture, { A: 'better' });
    await fixture.waitForTerminal(STACK_NAME);
  },
  UPDATE_FAILED: async (fixture) => {
    await createCompleteStack(fixture);
    await updateStack(fixture, { A: 'bad' }, { DisableRollback: true });
    await fixture.waitForTerminal(STACK_NAME);
  },
  UPDATE_ROLLBACK_IN_PROGRESS: async (fixture) => {
    await createCompleteStack(fixture);
    await updateStack(fixture, { A: 'bad' });
    fixture.wait(3);
  },
  UPDATE_ROLLBACK_FAILED: async (fixture) => {
    await createCompleteStack(fixture, { A: 'stuck' });
    await updateStack(fixture, { A: 'bad' });
    await fixture.waitForTerminal(STACK_NAME);
  },
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: async (fixture) => {
    await createCompleteStack(fixture);
    await updateStack(fixture, { A: 'bad', B: 'good' });
    fixture.wait(7);
  },
  UPDATE_ROLLBACK_COMPLETE: async (fixture) => {
    await createCompleteStack(fixture);
    await updateStack(fixture, { A: 'bad' });
    await fixture.waitForTerminal(STACK_NAME);
  },
};

/** A fixture with one stack in a status. */
export const createFixtureInState = async (status: string): Promise<CloudFormationFixture> => {
  const fixture = new CloudFormationFixture(scenario);
  await STACK_STATES[status]?.(fixture);
  return fixture;
};
