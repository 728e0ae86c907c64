import { afterEach, describe, expect, it } from '@jest/globals';
import { pullRequest } from '../../checkout.js';
import { Harness, type HarnessOptions } from '../../harness.js';

type Project = NonNullable<NonNullable<HarnessOptions['inspector2']>['codeProjects']>[number];

let harness: Harness;
afterEach(() => harness.close());

const SHA = 'c'.repeat(40);
const injection = { file: 'src/app.py', line: 1, urls: ['https://cwe.test/89'], cwes: ['CWE-89'] };

const run = async (project: Partial<Project>, others: HarnessOptions = {}, inputs = {}) => {
  const codeProjects = [{ name: 'octocat/shop', ...project }];
  harness = await Harness.open({ inspector2: { codeProjects }, ...others });
  harness.checkout.commit({ 'src/app.py': 'run(sql + name)\n' });
  return harness.run({ inputs: { 'findings-from': 'inspector', ...inputs }, env: { GITHUB_SHA: SHA } });
};

describe('an Inspector scan', () => {
  it('of the commit under review is used without starting another', async () => {
    const step = await run({ scanned: SHA, findings: [injection, { ...injection, status: 'SUPPRESSED' }] });
    expect(step.failures).toEqual(['1 failing finding (1 high)']);
    expect(step.operations).toEqual(['ListCoverage', 'ListFindings']);
    expect(step.annotations[0]).toMatchObject({ properties: { file: 'src/app.py', startLine: 1 } });
    expect(step.annotations[0]?.message).toContain('https://cwe.test/89');
  });

  it('is found if Inspector appends what it scans to the repository name', async () => {
    const step = await run({ name: 'octocat/shop:main', scanned: SHA, findings: [injection] });
    expect(step.failures).toEqual(['1 failing finding (1 high)']);
  });

  it('is unavailable if several repositories match the name', async () => {
    const [first, second] = ['main', 'next'].map((branch) => ({ name: `octocat/shop:${branch}`, scanned: SHA }));
    const step = await run(first ?? {}, {
      inspector2: { codeProjects: [first ?? { name: '' }, second ?? { name: '' }] },
    });
    expect(step.outputs['reason']).toContain("set 'inspector-project' to one of octocat/shop:main, octocat/shop:next");
  });

  it('is started and awaited if the commit has not been scanned', async () => {
    const step = await run({ scanned: 'other', scan: { commit: SHA }, findings: [injection] });
    expect(step.failures).toEqual(['1 failing finding (1 high)']);
    expect(step.operations.filter((name) => name === 'StartCodeSecurityScan')).toHaveLength(1);
    expect(step.calls.find(({ operation }) => operation === 'StartCodeSecurityScan')?.input['clientToken']).toMatch(
      /^77-/u,
    );
  });

  it.each<[string, Partial<Project>, string]>([
    ['of another commit', { scan: { commit: 'd'.repeat(40) } }, `is for commit ${'d'.repeat(40)}, expected ${SHA}`],
    ['without a commit', {}, 'does not name its commit'],
    ['that fails', { scan: { outcome: 'FAILED', reason: 'no access' } }, 'has the status FAILED: no access'],
    ['that was skipped', { scan: { outcome: 'SKIPPED' } }, 'has the status SKIPPED'],
    ['that takes too long', { scan: { takes: '2h', commit: SHA } }, 'timed out after'],
    ['of a repository with a longer name', { name: 'octocat/shop-window' }, "has no repository 'octocat/shop'"],
    ['of another repository', { name: 'octocat/other' }, "Inspector code security has no repository 'octocat/shop'"],
  ])('%s gives the verdict unknown', async (_, project, reason) => {
    const { outputs, failures } = await run(project);
    expect([outputs['verdict'], failures.length]).toEqual(['unknown', 1]);
    expect(outputs['reason']).toContain(reason);
  });

  it('that the role must not read gives the verdict unknown', async () => {
    const { outputs } = await run({}, { allowed: ['upload'] }, { 'on-unavailable': 'warn' });
    expect(outputs['reason']).toContain('add the statement Inspector of iam-policy.json to the role');
  });

  it('of a pull request is of its head, with all pages of findings', async () => {
    harness = await Harness.open();
    const base = harness.checkout.commit({ 'a.py': 'x\n' });
    const head = harness.checkout.commit({ 'a.py': 'y\n' });
    await harness.close();
    const findings = Array.from({ length: 250 }, () => ({ file: 'a.py' }));
    const inspector2 = { codeProjects: [{ name: 'octocat/shop', scanned: head, findings }] };
    harness = await Harness.open({ inspector2 });
    const step = await harness.run({ ...pullRequest(base, head), inputs: { 'findings-from': 'inspector' } });
    expect(step.failures).toEqual(['250 failing findings (250 high)']);
  });
});
