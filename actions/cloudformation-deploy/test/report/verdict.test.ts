import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toDeliveryError } from '@aws-delivery/aws/error';
import { describe, expect, it } from '@jest/globals';
import type { Request } from '../../src/inputs/request.js';
import { formatHeadline, joinSentences } from '../../src/report/verdict.js';
import type { Outcome } from '../../src/result.js';
import { RunRecord } from '../../src/run-record.js';

const createHeadline = (mode: Request['mode'], outcome: Outcome, startedOperation?: string): string => {
  const record = new RunRecord();
  record.startedOperation = startedOperation;
  return formatHeadline({ kind: 'stack', request: { mode, stackName: 'shop' } as Request, record, outcome });
};

const fail = (error: unknown): Outcome => ({ kind: 'unknown', error });
const missingCredentials = Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError' });

describe('the headline', () => {
  it.each([
    [
      'deploy',
      fail(toDeliveryError(missingCredentials)),
      undefined,
      'shop: deployment not started (no AWS credentials)',
    ],
    ['preview', fail(new DeliveryError('denied', 'no')), undefined, 'shop: preview not completed (access denied)'],
    ['wait', fail(new DeliveryError('unexpected', 'no')), undefined, 'shop: stack status unknown'],
    ['deploy', fail(new DeliveryError('timeout', 'late')), 'update', 'shop: update not finished (timed out)'],
    ['preview', { kind: 'previewed' }, undefined, 'shop preview: 0 changes to deploy'],
    ['create-only', { kind: 'previewed' }, undefined, 'shop: change set created, 0 changes to execute'],
    ['preview', { kind: 'unchanged', isFailure: false }, undefined, 'shop preview: no changes'],
    ['delete', { kind: 'unchanged', isFailure: false }, undefined, 'shop: stack not found, nothing to delete'],
    ['wait', { kind: 'rejected', reason: '' }, undefined, 'shop: stack not found'],
  ] as const)('of mode %s with %j (operation: %s) is: %s', (mode, outcome, operation, headline) => {
    expect(createHeadline(mode, outcome, operation)).toBe(headline);
  });
});

it('joins parts to sentences with one period each', () => {
  expect(joinSentences('A failed: [B]. ', undefined, 'Fix it', '')).toBe('A failed: [B]. Fix it.');
});
