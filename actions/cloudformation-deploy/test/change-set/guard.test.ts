import { describe, expect, it } from '@jest/globals';
import { toChange } from '../../src/change-set/change.js';
import type { ChangeSet } from '../../src/change-set/change-set.js';
import { checkExceptions, checkProtection, findViolations } from '../../src/change-set/guard.js';
import { RunRecord } from '../../src/run-record.js';

type Source = NonNullable<Parameters<typeof toChange>[0]['ResourceChange']>;

const toTestChange = (source: Source) =>
  toChange({ Type: 'Resource', ResourceChange: { LogicalResourceId: 'R', ...source } });
const createChangeSet = (sources: readonly Source[], includesNestedStacks = true): ChangeSet => ({
  id: 'arn',
  name: 'run',
  stackId: 'arn',
  state: 'ready',
  reason: '',
  changes: sources.map(toTestChange),
  status: 'CREATE_COMPLETE',
  executionStatus: 'AVAILABLE',
  createdAt: undefined,
  includesNestedStacks,
  deletesOnFailure: false,
});
const none = {
  protectedTypes: [],
  allowedReplacements: [],
  rejectsUnused: false,
  guardsPermissions: false,
  allowedPermissions: [],
} as const;
const stateful = { ...none, level: 'stateful' } as const;
const all = { ...none, level: 'all' } as const;
const table = 'AWS::DynamoDB::Table';

describe('toChange', () => {
  it.each([
    [{ Action: 'Add' }, 'added'],
    [{ Action: 'Remove' }, 'removed'],
    [{ Action: 'Import' }, 'imported'],
    [{ Action: 'Dynamic' }, 'maybe-replaced'],
    [{ Action: 'Modify', Replacement: 'True' }, 'replaced'],
    [{ Action: 'Modify', Replacement: 'False' }, 'modified'],
    [{ Action: 'Modify', Replacement: 'Conditional' }, 'maybe-replaced'],
    [{ Action: 'Modify', PolicyAction: 'ReplaceAndRetain' }, 'replaced'],
    [{ Action: 'Modify' }, 'unknown'],
    [{ Action: 'SyncWithActual', Replacement: 'False' }, 'modified'],
    [{}, 'unknown'],
  ] satisfies readonly [Source, string][])('reads %j as %s', (source, impact) => {
    expect(toTestChange(source).impact).toBe(impact);
  });
});

describe('protect', () => {
  it.each([
    ['a replaced table', stateful, { ResourceType: table, Action: 'Modify', Replacement: 'True' }, 1],
    ['a table that may be replaced', stateful, { ResourceType: table, Action: 'Dynamic' }, 1],
    ['a table with an unknown change', stateful, { ResourceType: table }, 1],
    ['a removed table', stateful, { ResourceType: table, Action: 'Remove' }, 1],
    ['a new table', stateful, { ResourceType: table, Action: 'Add' }, 0],
    ['a changed table', stateful, { ResourceType: table, Action: 'Modify', Replacement: 'False' }, 0],
    [
      'a replaced function',
      stateful,
      { ResourceType: 'AWS::Lambda::Function', Action: 'Modify', Replacement: 'True' },
      0,
    ],
    ['a replaced function', all, { ResourceType: 'AWS::Lambda::Function', Action: 'Modify', Replacement: 'True' }, 1],
    ['a removed nested stack', stateful, { ResourceType: 'AWS::CloudFormation::Stack', Action: 'Remove' }, 1],
    ['a resource without a type', stateful, { Action: 'Remove' }, 1],
    ['a member of a family', stateful, { ResourceType: 'AWS::Timestream::Table', Action: 'Remove' }, 1],
  ] satisfies readonly [string, typeof stateful | typeof all, Source, number][])(
    'checks %s under %j',
    (_, protection, source, count) => {
      expect(findViolations(protection, [toTestChange(source)])).toHaveLength(count);
    },
  );

  it('allows a named nested stack and all its resources', () => {
    const removed = { Action: 'Remove', ResourceType: table } as const;
    const inNested = toChange({ ResourceChange: { ...removed, LogicalResourceId: 'T' } }, 'Nested.');
    expect(findViolations({ ...stateful, allowedReplacements: ['Nested'] }, [inNested])).toEqual([]);
    expect(findViolations({ ...stateful, allowedReplacements: ['Nested.T'] }, [inNested])).toEqual([]);
    expect(findViolations({ ...stateful, allowedReplacements: ['T'] }, [inNested])).toHaveLength(1);
  });

  it.each([
    ['a resource', 'Table', ['Table', 'TableTwo'], ['TableTwo']],
    ['a nested stack', 'Nested', ['Nested.T', 'NestedTwo.T'], ['NestedTwo.T']],
    ['a resource of a nested stack', 'Nested.T', ['Nested.T', 'Nested.U'], ['Nested.U']],
  ])('allows the replacement of %s by its full name only', (_, allowed, paths, forbidden) => {
    const changes = paths.map((path) =>
      toTestChange({ Action: 'Remove', ResourceType: table, LogicalResourceId: path }),
    );
    const violations = findViolations({ ...stateful, allowedReplacements: [allowed] }, changes);
    expect(violations.map(({ path }) => path)).toEqual(forbidden);
  });

  it.each([
    ['a type', table, ['AWS::S3::Bucket']],
    ['a family of types', 'AWS::S3::*', [table]],
    ['any type', 'AWS::*', []],
    ['the start of a type without a wildcard', 'AWS::S3', [table, 'AWS::S3::Bucket']],
  ])('allows the replacement of %s', (_, allowed, forbidden) => {
    const changes = [table, 'AWS::S3::Bucket'].map((ResourceType) => toTestChange({ Action: 'Remove', ResourceType }));
    const violations = findViolations({ ...stateful, allowedReplacements: [allowed] }, changes);
    expect(violations.map(({ type }) => type)).toEqual(forbidden);
  });

  it.each([true, false])(
    'rejects a nested stack with unknown changes even if it is not replaced, with nested change sets: %s',
    (includesNestedStacks) => {
      const nested = { ResourceType: 'AWS::CloudFormation::Stack', Action: 'Modify', Replacement: 'False' } as const;
      const changeSet = createChangeSet([nested], includesNestedStacks);
      expect(checkProtection(stateful, changeSet)).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('cannot check the nested stacks'),
      });
      expect(checkProtection({ ...stateful, level: 'none' }, changeSet)).toBeUndefined();
    },
  );

  it('rejects nested stacks whose changes are unknown, and allows those whose changes are known', () => {
    const nested = {
      ResourceType: 'AWS::CloudFormation::Stack',
      Action: 'Modify',
      Replacement: 'Conditional',
    } as const;
    expect(checkProtection(all, createChangeSet([nested], false))).toMatchObject({ kind: 'rejected' });
    expect(checkProtection(all, createChangeSet([{ ...nested, ChangeSetId: 'arn' }]))).toBeUndefined();
    expect(checkProtection({ ...all, level: 'none' }, createChangeSet([nested], false))).toBeUndefined();
  });
});

describe('checkExceptions', () => {
  const allowed = { ...stateful, allowedReplacements: ['R', 'Gone', 'AWS::S3::*'] };
  const removal = { Action: 'Remove', ResourceType: table } as const;

  it('records the exceptions that match no guarded change', () => {
    const record = new RunRecord();
    expect(checkExceptions(allowed, createChangeSet([removal]), record)).toBeUndefined();
    expect(record.exceptions?.unused).toEqual(['allow-replacement: Gone', 'allow-replacement: AWS::S3::*']);
    checkExceptions(allowed, createChangeSet([{ ...removal, ResourceType: 'AWS::Lambda::Function' }]), record);
    expect(record.exceptions?.unused).toHaveLength(3);
  });

  it('rejects the change set only if the input says so', () => {
    const outcome = checkExceptions({ ...allowed, rejectsUnused: true }, createChangeSet([removal]), new RunRecord());
    expect(outcome).toMatchObject({ reason: expect.stringContaining('2 unused exceptions: allow-replacement: Gone') });
  });

  it('judges nothing without protection, or with unread nested stacks', () => {
    const nested = { Action: 'Modify', ResourceType: 'AWS::CloudFormation::Stack' } as const;
    const record = new RunRecord();
    checkExceptions({ ...allowed, level: 'none' }, createChangeSet([removal]), record);
    expect(record.exceptions).toBeUndefined();
    checkExceptions(allowed, createChangeSet([nested], false), record);
    expect(record.exceptions).toBeUndefined();
  });
});
