import { describe, expect, it } from '@jest/globals';
import { formatMatrix } from '../../src/rollout/progress-matrix.js';
import type { ProfileState } from '../../src/run-record.js';

const createResult = (name: string, profile: string, state: ProfileState, percentage?: number) => {
  const [tenant = '', environment = ''] = name.split('/');
  return { tenant, environment, profile, state, percentage };
};

describe('the progress matrix', () => {
  it('shows finished profiles, the percentage of the deploying one, and failures', () => {
    const matrix = formatMatrix([
      createResult('acme/dev', 'A', 'complete'),
      createResult('acme/dev', 'B', 'deploying', 40),
      createResult('acme/qa', 'A', 'unchanged'),
      createResult('globex/dev', 'A', 'complete'),
      createResult('globex/dev', 'B', 'rolled-back'),
      createResult('globex/qa', 'A', 'waiting'),
      createResult('initech/qa', 'A', 'deploying'),
    ]);
    expect(matrix.split('\n')).toEqual([
      '         dev              qa',
      'acme     1/2 40%          unchanged',
      'initech                   0/1 0%',
      'globex   1/2 rolled-back  0/1',
    ]);
  });

  it('is limited to 20 tenants', () => {
    const many = Array.from({ length: 30 }, (_, index) => createResult(`t${index}/dev`, 'A', 'waiting'));
    expect(formatMatrix(many).split('\n')).toHaveLength(22);
    expect(formatMatrix(many)).toContain('(10 more tenants)');
  });
});
