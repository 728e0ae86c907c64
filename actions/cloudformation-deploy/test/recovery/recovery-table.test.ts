import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackStatus } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import { renderRecoveryDiagram, renderRecoveryTable } from '../../src/recovery/recovery-diagram.js';
import {
  decideStep,
  modes,
  type Policies,
  policyValues,
  type Step,
  successStatusesByMode,
} from '../../src/recovery/recovery-table.js';
import { getStatusInfo, isStatus, isTerminal, type Status, stackStatusInfo } from '../../src/stack/stack-state.js';

const statuses = Object.values(StackStatus);
const defaultPolicies: Policies = {
  'on-preserved': 'resume',
  'on-rollback-complete': 'recreate',
  'on-rollback-failed': 'continue',
  'on-conflict': 'wait',
};

const everyPolicy: readonly Policies[] = policyValues['on-preserved'].flatMap((preserved) =>
  policyValues['on-rollback-complete'].flatMap((complete) =>
    policyValues['on-rollback-failed'].flatMap((failed) =>
      policyValues['on-conflict'].map((conflict) => ({
        'on-preserved': preserved,
        'on-rollback-complete': complete,
        'on-rollback-failed': failed,
        'on-conflict': conflict,
      })),
    ),
  ),
);

const combinations = [undefined, ...statuses].flatMap((status) =>
  modes.flatMap((mode) =>
    everyPolicy.map((policies) => ({ status, mode, policies, step: decideStep(status, mode, policies) })),
  ),
);

/** Whether CloudFormation allows a step in a status (docs/aws-facts.md §1.2). */
const isLegalByStep: Readonly<Partial<Record<Step, (status: Status | undefined) => boolean>>> = {
  create: (status) => status === undefined || ['REVIEW_IN_PROGRESS', 'DELETE_COMPLETE'].includes(status),
  update: (status) =>
    /^(?:(?:CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE|(?:CREATE|UPDATE)_FAILED)$/u.test(
      status ?? '',
    ),
  resume: (status) => status === 'CREATE_FAILED' || status === 'UPDATE_FAILED',
  retry: (status) => status === 'CREATE_FAILED' || status === 'UPDATE_FAILED',
  'roll-back': (status) => status === 'CREATE_FAILED' || status === 'UPDATE_FAILED',
  'continue-rollback': (status) => status === 'UPDATE_ROLLBACK_FAILED' || status === 'IMPORT_ROLLBACK_FAILED',
  recreate: (status) => status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED',
  delete: (status) => status !== undefined && (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS'),
  'force-delete': (status) => status === 'DELETE_FAILED',
  'wait-for-idle': (status) => status?.endsWith('_IN_PROGRESS') ?? false,
  attach: (status) => status?.endsWith('_IN_PROGRESS') ?? false,
};

describe('the recovery table', () => {
  it('has every status of the SDK and no other', () => {
    expect(Object.keys(stackStatusInfo).sort()).toEqual([...statuses].sort());
    expect(statuses).toHaveLength(23);
    expect(isStatus('UPDATE_PENDING')).toBe(false);
  });

  it('has a step that CloudFormation allows for every status, mode and policy', () => {
    expect(combinations).toHaveLength(24 * 9 * 36);
    const illegal = combinations.filter(({ status, step }) => !(isLegalByStep[step]?.(status) ?? true));
    expect(illegal).toEqual([]);
  });

  it('changes no resource in preview and create-only, regardless of policies', () => {
    const steps = new Set(
      combinations.filter(({ mode }) => mode === 'preview' || mode === 'create-only').map(({ step }) => step),
    );
    expect([...steps].sort()).toEqual(['create', 'reject', 'update', 'wait-for-idle']);
  });

  it('only reads in modes drift and wait', () => {
    const steps = new Set(
      combinations.filter(({ mode }) => mode === 'drift' || mode === 'wait').map(({ step }) => step),
    );
    expect([...steps].sort()).toEqual(['attach', 'detect-drift', 'no-action', 'reject', 'wait-for-idle']);
  });

  it('always waits for an operation of its own', () => {
    const own = combinations.filter(
      ({ status, policies }) =>
        getStatusInfo(status).operationStatus === 'running' && policies['on-conflict'] === 'own',
    );
    expect(new Set(own.map(({ step }) => step))).toEqual(new Set(['wait-for-idle', 'attach']));
  });

  it('has only completed statuses as ends of an operation', () => {
    expect(statuses.filter((status) => status.endsWith('_IN_PROGRESS') && isTerminal(status))).toEqual([]);
    expect(statuses.filter((status) => !status.endsWith('_IN_PROGRESS') && !isTerminal(status))).toEqual([]);
  });

  it.each([
    ['ROLLBACK_COMPLETE', 'on-rollback-complete', 'recreate', 'recreate'],
    ['ROLLBACK_COMPLETE', 'on-rollback-complete', 'fail', 'reject'],
    ['CREATE_FAILED', 'on-preserved', 'resume', 'resume'],
    ['UPDATE_FAILED', 'on-preserved', 'rollback', 'roll-back'],
    ['UPDATE_FAILED', 'on-preserved', 'fail', 'reject'],
    ['UPDATE_ROLLBACK_FAILED', 'on-rollback-failed', 'continue', 'continue-rollback'],
    ['UPDATE_ROLLBACK_FAILED', 'on-rollback-failed', 'fail', 'reject'],
    ['UPDATE_IN_PROGRESS', 'on-conflict', 'fail', 'reject'],
    ['UPDATE_COMPLETE', 'on-preserved', 'fail', 'update'],
  ] as const)('has, for a deployment in %s with %s %s, the step %s', (status, policy, value, step) => {
    expect(decideStep(status, 'deploy', { ...defaultPolicies, [policy]: value })).toBe(step);
  });
});

it('modes rollback and delete succeed if their work is already done', () => {
  expect(successStatusesByMode.rollback).toEqual(['rolled-back', 'deleted']);
  expect(successStatusesByMode.delete).toEqual(['deleted', 'none']);
});

describe('the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

  it('stack-state.ts is the only source with names of stack statuses', () => {
    const source = fileURLToPath(new URL('../../src/', import.meta.url));
    // Change sets have statuses of the same names.
    const exempt = ['stack/stack-state.ts', 'change-set/change-set.ts', 'change-set/review-stack.ts'];
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(expect.arrayContaining(exempt));
    const others = files.filter((name) => !exempt.includes(name));
    const literals = others.flatMap((name) =>
      name.endsWith('.ts') ? (readFileSync(join(source, name), 'utf8').match(/'[A-Z]+(?:_[A-Z]+)+'/gu) ?? []) : [],
    );
    expect(literals.filter((literal) => literal.slice(1, -1) in stackStatusInfo)).toEqual([]);
  });

  it('has the diagram of the recovery table', () => {
    expect(readme).toContain(`\`\`\`mermaid\n${renderRecoveryDiagram()}\n\`\`\``);
  });

  it('has the recovery table', () => {
    expect(readme).toContain(renderRecoveryTable());
  });
});
