import { describe, expect, it } from '@jest/globals';
import type { Document } from '../../src/call.js';
import type { Lab } from './lab.js';
import { SITUATIONS, STACK, situation, things } from './situations.js';

const next = { StackName: STACK, TemplateBody: things({ A: 'best' }) };
const set = { ...next, ChangeSetName: 'next' };

const OPERATIONS: Readonly<Record<string, readonly [name: string, input: Document]>> = {
  update: ['UpdateStack', next],
  resume: ['UpdateStack', { ...next, DisableRollback: true }],
  changeSet: ['CreateChangeSet', { ...set, ChangeSetType: 'UPDATE' }],
  newChangeSet: ['CreateChangeSet', { ...set, ChangeSetType: 'CREATE' }],
  create: ['CreateStack', next],
  rollback: ['RollbackStack', { StackName: STACK }],
  continue: ['ContinueUpdateRollback', { StackName: STACK, ForceRollback: true }],
  cancel: ['CancelUpdateStack', { StackName: STACK }],
  delete: ['DeleteStack', { StackName: STACK }],
};

const RESTING = ['update', 'resume', 'changeSet', 'delete'];
const PRESERVED = ['resume', 'changeSet', 'rollback', 'delete'];

/** What is taken in which status; everything else is refused (aws-facts §1.2). */
const LEGAL: Readonly<Record<string, readonly string[]>> = {
  REVIEW_IN_PROGRESS: ['newChangeSet', 'delete'],
  CREATE_IN_PROGRESS: ['delete'],
  CREATE_COMPLETE: RESTING,
  CREATE_FAILED: PRESERVED,
  ROLLBACK_IN_PROGRESS: [],
  ROLLBACK_COMPLETE: ['delete'],
  ROLLBACK_FAILED: ['delete'],
  DELETE_IN_PROGRESS: ['delete'],
  DELETE_FAILED: ['delete'],
  UPDATE_IN_PROGRESS: ['cancel'],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: [],
  UPDATE_COMPLETE: RESTING,
  UPDATE_FAILED: PRESERVED,
  UPDATE_ROLLBACK_IN_PROGRESS: [],
  UPDATE_ROLLBACK_FAILED: ['continue', 'delete'],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: [],
  UPDATE_ROLLBACK_COMPLETE: RESTING,
};

/** The text of the refusal, with the stack's ARN in it. */
const wordingOf = (operation: string, status: string, arn: string): string => {
  const preserved = status === 'CREATE_FAILED' || status === 'UPDATE_FAILED';
  if (operation === 'create') return `AlreadyExistsException: Stack [${STACK}] already exists`;
  if (operation === 'newChangeSet') {
    return `ValidationError: Stack [${STACK}] already exists and cannot be created again with the changeSet [next].`;
  }
  if (operation === 'update' && preserved) {
    return `ValidationError: This stack is currently in a non-terminal [${status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`;
  }
  if (operation === 'rollback')
    return `ValidationError: Stack:${arn} is in ${status} state and can not be rolled back.`;
  if (operation === 'continue') {
    return `ValidationError: Stack:${arn} is in ${status} state and can not continue to be rolled back.`;
  }
  if (operation === 'cancel') return 'ValidationError: CancelUpdateStack cannot be called from current stack status';
  if (operation === 'delete') return `ValidationError: Stack [${arn}] cannot be deleted while in status ${status}`;
  return `ValidationError: Stack:${arn} is in ${status} state and can not be updated.`;
};

const answer = async (lab: Lab, operation: string): Promise<string> => {
  const [name = '', input = {}] = OPERATIONS[operation] ?? [];
  return lab.call(name, input).then(
    () => 'taken',
    () => lab.refusal(name, input),
  );
};

describe('every status', () => {
  it('is reached by its situation', async () => {
    for (const status of Object.keys(SITUATIONS)) {
      expect([status, await (await situation(status)).status(STACK)]).toEqual([status, status]);
    }
  });

  it.each(Object.entries(LEGAL))(
    '%s takes what is legal and refuses the rest in its own words',
    async (status, legal) => {
      for (const operation of Object.keys(OPERATIONS)) {
        const lab = await situation(status);
        const arn = String((await lab.stack(STACK))['StackId']);
        const expected = legal.includes(operation) ? 'taken' : wordingOf(operation, status, arn);
        expect([operation, await answer(lab, operation)]).toEqual([operation, expected]);
      }
    },
  );

  it('DELETE_COMPLETE is there by ARN alone, and the name is free', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const arn = String((await lab.stack(STACK))['StackId']);
    await lab.call('DeleteStack', { StackName: STACK });
    await lab.rest(arn);
    expect(await lab.status(arn)).toBe('DELETE_COMPLETE');
    expect(await lab.refusal('DescribeStacks', { StackName: STACK })).toBe(
      `ValidationError: Stack with id ${STACK} does not exist`,
    );
    expect(await lab.refusal('UpdateStack', next)).toBe(`ValidationError: Stack [${STACK}] does not exist`);
    expect(await lab.call('DeleteStack', { StackName: STACK })).toEqual({});
    expect((await lab.call('CreateStack', next))['StackId']).not.toBe(arn);
  });
});
