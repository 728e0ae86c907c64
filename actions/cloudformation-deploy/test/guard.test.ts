import { describe, expect, it } from '@jest/globals';
import { changeOf } from '../src/change.js';
import type { ChangeSet } from '../src/change-set.js';
import { guardedEnding, violations } from '../src/guard.js';

type Source = NonNullable<Parameters<typeof changeOf>[0]['ResourceChange']>;

const change = (source: Source) =>
  changeOf({ Type: 'Resource', ResourceChange: { LogicalResourceId: 'R', ...source } });
const changeSet = (sources: readonly Source[], hasNested = true): ChangeSet => ({
  id: 'arn',
  name: 'run',
  stackId: 'arn',
  state: 'ready',
  reason: '',
  changes: sources.map(change),
  status: 'CREATE_COMPLETE',
  executionStatus: 'AVAILABLE',
  createdAt: undefined,
  hasNested,
  deletesOnFailure: false,
});
const stateful = { level: 'stateful', types: [], allowed: [] } as const;
const all = { level: 'all', types: [], allowed: [] } as const;
const table = 'AWS::DynamoDB::Table';

describe('what becomes of a resource', () => {
  it.each([
    [{ Action: 'Add' }, 'added'],
    [{ Action: 'Remove' }, 'removed'],
    [{ Action: 'Import' }, 'imported'],
    [{ Action: 'Dynamic' }, 'maybe-replaced'],
    [{ Action: 'Modify', Replacement: 'True' }, 'replaced'],
    [{ Action: 'Modify', Replacement: 'False' }, 'kept'],
    [{ Action: 'Modify', Replacement: 'Conditional' }, 'maybe-replaced'],
    [{ Action: 'Modify', PolicyAction: 'ReplaceAndRetain' }, 'replaced'],
    [{ Action: 'Modify' }, 'unknown'],
    [{ Action: 'SyncWithActual', Replacement: 'False' }, 'kept'],
    [{}, 'unknown'],
  ] satisfies readonly [Source, string][])('%j is %s', (source, fate) => {
    expect(change(source).fate).toBe(fate);
  });
});

describe('the guard', () => {
  it.each([
    ['a replaced table', stateful, { ResourceType: table, Action: 'Modify', Replacement: 'True' }, 1],
    ['a table that may be replaced', stateful, { ResourceType: table, Action: 'Dynamic' }, 1],
    ['a table of which nothing can be told', stateful, { ResourceType: table }, 1],
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
    '%s under %j',
    (_, protection, source, count) => {
      expect(violations(protection, [change(source)])).toHaveLength(count);
    },
  );

  it('allows what is named, and all that is in it', () => {
    const removed = { Action: 'Remove', ResourceType: table } as const;
    const inNested = changeOf({ ResourceChange: { ...removed, LogicalResourceId: 'T' } }, 'Nested.');
    expect(violations({ ...stateful, allowed: ['Nested'] }, [inNested])).toEqual([]);
    expect(violations({ ...stateful, allowed: ['Nested.T'] }, [inNested])).toEqual([]);
    expect(violations({ ...stateful, allowed: ['T'] }, [inNested])).toHaveLength(1);
  });

  it('refuses nested stacks that it cannot see into, and passes those it can', () => {
    const nested = {
      ResourceType: 'AWS::CloudFormation::Stack',
      Action: 'Modify',
      Replacement: 'Conditional',
    } as const;
    expect(guardedEnding(all, changeSet([nested], false))).toMatchObject({ kind: 'refused' });
    expect(guardedEnding(all, changeSet([{ ...nested, ChangeSetId: 'arn' }]))).toBeUndefined();
    expect(guardedEnding({ ...all, level: 'none' }, changeSet([nested], false))).toBeUndefined();
  });
});
