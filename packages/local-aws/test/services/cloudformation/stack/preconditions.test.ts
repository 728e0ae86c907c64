import { describe, expect, it } from '@jest/globals';
import type { Document } from '../../../../src/api-call.js';
import type { CloudFormationFixture } from '../fixture.js';
import { createFixtureInState, renderTemplate, STACK_NAME, STACK_STATES } from '../stack-states.js';

const next = { StackName: STACK_NAME, TemplateBody: renderTemplate({ A: 'best' }) };
const set = { ...next, ChangeSetName: 'next' };

const OPERATIONS: Readonly<Record<string, readonly [name: string, input: Document]>> = {
  update: ['UpdateStack', next],
  resume: ['UpdateStack', { ...next, DisableRollback: true }],
  changeSet: ['CreateChangeSet', { ...set, ChangeSetType: 'UPDATE' }],
  newChangeSet: ['CreateChangeSet', { ...set, ChangeSetType: 'CREATE' }],
  create: ['CreateStack', next],
  rollback: ['RollbackStack', { StackName: STACK_NAME }],
  continue: ['ContinueUpdateRollback', { StackName: STACK_NAME, ForceRollback: true }],
  cancel: ['CancelUpdateStack', { StackName: STACK_NAME }],
  delete: ['DeleteStack', { StackName: STACK_NAME }],
};

const FINAL = ['update', 'resume', 'changeSet', 'delete'];
const PRESERVED = ['resume', 'changeSet', 'rollback', 'delete'];

/** Allowed operations by status; all others are rejected (docs/aws-facts.md §1.2). */
const ALLOWED_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  REVIEW_IN_PROGRESS: ['newChangeSet', 'delete'],
  CREATE_IN_PROGRESS: ['delete'],
  CREATE_COMPLETE: FINAL,
  CREATE_FAILED: PRESERVED,
  ROLLBACK_IN_PROGRESS: [],
  ROLLBACK_COMPLETE: ['delete'],
  ROLLBACK_FAILED: ['delete'],
  DELETE_IN_PROGRESS: ['delete'],
  DELETE_FAILED: ['delete'],
  UPDATE_IN_PROGRESS: ['cancel'],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: [],
  UPDATE_COMPLETE: FINAL,
  UPDATE_FAILED: PRESERVED,
  UPDATE_ROLLBACK_IN_PROGRESS: [],
  UPDATE_ROLLBACK_FAILED: ['continue', 'delete'],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: [],
  UPDATE_ROLLBACK_COMPLETE: FINAL,
};

/** The expected error message. */
const formatExpectedError = (operation: string, status: string, arn: string): string => {
  const isPreserved = status === 'CREATE_FAILED' || status === 'UPDATE_FAILED';
  if (operation === 'create') return `AlreadyExistsException: Stack [${STACK_NAME}] already exists`;
  if (operation === 'newChangeSet') {
    return `ValidationError: Stack [${STACK_NAME}] already exists and cannot be created again with the changeSet [next].`;
  }
  if (operation === 'update' && isPreserved) {
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

const attemptOperation = async (fixture: CloudFormationFixture, operation: string): Promise<string> => {
  const [name = '', input = {}] = OPERATIONS[operation] ?? [];
  return fixture.call(name, input).then(
    () => 'accepted',
    () => fixture.callRejected(name, input),
  );
};

describe('stack status', () => {
  it('is the one that each test setup is named after', async () => {
    for (const status of Object.keys(STACK_STATES)) {
      expect([status, await (await createFixtureInState(status)).getStatus(STACK_NAME)]).toEqual([status, status]);
    }
  });

  it.each(Object.entries(ALLOWED_OPERATIONS))(
    "%s accepts the allowed operations and rejects others in AWS's words",
    async (status, allowed) => {
      for (const operation of Object.keys(OPERATIONS)) {
        const fixture = await createFixtureInState(status);
        const arn = String((await fixture.getStack(STACK_NAME))['StackId']);
        const expected = allowed.includes(operation) ? 'accepted' : formatExpectedError(operation, status, arn);
        expect([operation, await attemptOperation(fixture, operation)]).toEqual([operation, expected]);
      }
    },
  );

  it('DELETE_COMPLETE is found only by ARN, and the name can be reused', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const arn = String((await fixture.getStack(STACK_NAME))['StackId']);
    await fixture.call('DeleteStack', { StackName: STACK_NAME });
    await fixture.waitForTerminal(arn);
    expect(await fixture.getStatus(arn)).toBe('DELETE_COMPLETE');
    expect(await fixture.callRejected('DescribeStacks', { StackName: STACK_NAME })).toBe(
      `ValidationError: Stack with id ${STACK_NAME} does not exist`,
    );
    expect(await fixture.callRejected('UpdateStack', next)).toBe(
      `ValidationError: Stack [${STACK_NAME}] does not exist`,
    );
    expect(await fixture.call('DeleteStack', { StackName: STACK_NAME })).toEqual({});
    expect((await fixture.call('CreateStack', next))['StackId']).not.toBe(arn);
  });
});
