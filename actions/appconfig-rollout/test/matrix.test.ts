import { describe, expect, it } from '@jest/globals';
import { matrixText } from '../src/matrix.js';
import type { State } from '../src/outcome.js';

const outcome = (place: string, profile: string, state: State, percentage?: number) => {
  const [tenant = '', environment = ''] = place.split('/');
  return { tenant, environment, profile, state, percentage };
};

describe('the matrix of a rollout', () => {
  it('shows of each environment how many profiles are done, how far one is, and what went wrong', () => {
    const text = matrixText([
      outcome('acme/dev', 'A', 'complete'),
      outcome('acme/dev', 'B', 'deploying', 40),
      outcome('acme/qa', 'A', 'unchanged'),
      outcome('globex/dev', 'A', 'complete'),
      outcome('globex/dev', 'B', 'rolled-back'),
      outcome('globex/qa', 'A', 'waiting'),
      outcome('initech/qa', 'A', 'deploying'),
    ]);
    expect(text.split('\n')).toEqual([
      '         dev              qa',
      'acme     1/2 40 %         unchanged',
      'initech                   0/1 0 %',
      'globex   1/2 rolled-back  0/1',
    ]);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 30 }, (_, index) => outcome(`t${index}/dev`, 'A', 'waiting'));
    expect(matrixText(many).split('\n')).toHaveLength(22);
    expect(matrixText(many)).toContain('and 10 more tenants');
  });
});
