import { describe, expect, it } from '@jest/globals';
import {
  addReportLabel,
  createReportName,
  formatReportFileName,
  getReportLabel,
} from '../../src/report/report-name.js';

const job = { GITHUB_WORKFLOW: 'ci', GITHUB_JOB: 'review', GITHUB_ACTION: '__self' };

const createName = (options: Partial<Parameters<typeof createReportName>[0]> = {}) =>
  createReportName({ action: 'codeguru-review', inputs: { matrix: 'null' }, env: job, ...options });

describe('createReportName', () => {
  it.each([
    ['the step', { env: { ...job, GITHUB_ACTION: '__self_2' } }],
    ['the id of the step', { env: { ...job, GITHUB_ACTION: 'backend' } }],
    ['the job', { env: { ...job, GITHUB_JOB: 'other' } }],
    ['the workflow', { env: { ...job, GITHUB_WORKFLOW: 'other' } }],
    ['parts', { parts: ['backend'] }],
    ['the subject', { subject: ['eu-west-1'] }],
    ['matrix values', { inputs: { matrix: '{"java": 21}' } }],
    ['report-name', { inputs: { 'report-name': 'backend' } }],
  ])('has another key for other values of %s', (_, options) => {
    expect(createName(options).key).not.toBe(createName().key);
    expect(createName(options).key).toBe(createName(options).key);
  });

  it('tells matrix values apart that are equal but for their order and their types', () => {
    const matrices = ['{"a": "x", "b": "y"}', '{"a": "y", "b": "x"}', '{"a": ["x", "y"]}', '{"a": "x, y"}', '{}'];
    const keys = matrices.map((matrix) => createName({ inputs: { matrix } }).key);
    expect(new Set(keys).size).toBe(matrices.length);
  });

  it('tells a part from a matrix value', () => {
    const matrix = createName({ inputs: { matrix: '{"directory": "a"}' } });
    expect(matrix.key).not.toBe(createName({ parts: ['a'] }).key);
  });

  it('has no slug and no label for the only report of a job', () => {
    expect(createName()).toMatchObject({ label: undefined, slug: undefined, isInMatrix: false });
  });

  it('names steps and matrix values in the slug', () => {
    const inputs = { matrix: '{"java": 21}' };
    expect(createName({ inputs, env: { ...job, GITHUB_ACTION: 'backend' } }).slug).toMatch(/^backend-21-[0-9a-f]{8}$/u);
    expect(createName({ inputs: { matrix: '{"os": "a/b"}' } }).slug).toMatch(/^a_b-[0-9a-f]{8}$/u);
    expect(createName({ inputs })).toMatchObject({ slug: '21', label: '21', isInMatrix: true });
  });

  it('is named by report-name alone', () => {
    const inputs = { 'report-name': 'backend', matrix: '{"java": 21}' };
    const name = createName({ inputs, env: { ...job, GITHUB_ACTION: 'scan' }, parts: ['src'] });
    expect(name).toEqual({
      key: 'codeguru-review report backend',
      label: 'backend',
      slug: 'backend',
      isInMatrix: true,
    });
  });

  it('is the same in other jobs with the scope any', () => {
    const other = { ...job, GITHUB_JOB: 'other', GITHUB_WORKFLOW: 'other' };
    expect(createName({ scope: 'any', env: other }).key).toBe(createName({ scope: 'any' }).key);
  });
});

describe('getReportLabel', () => {
  it.each([
    [{ matrix: '{"java": 21, "os": "linux", "debug": true}' }, '21, linux, debug: true'],
    [{ matrix: 'null' }, undefined],
    [{ matrix: '' }, undefined],
    [{}, undefined],
    [{ matrix: 'leg one' }, 'leg one'],
    [{ 'report-name': 'a\nb' }, 'a b'],
  ])('of %j is %j', (inputs, label) => {
    expect(getReportLabel(inputs)).toBe(label);
  });
});

describe('addReportLabel', () => {
  it('escapes the label in the heading, and leaves the rest unchanged', () => {
    expect(addReportLabel('## Title\n\ntext\n# x', '<b>|@octocat')).toBe(
      '## Title (&lt;b&gt;&#124;@&#8203;octocat)\n\ntext\n# x',
    );
    expect(addReportLabel('## Title', 'a')).toBe('## Title (a)');
    expect(addReportLabel('## Title', undefined)).toBe('## Title');
    expect(addReportLabel('', 'a')).toBe('');
  });
});

it('formatReportFileName has no characters of paths', () => {
  expect(formatReportFileName({ 'report-name': '../x' }, 'step')).toMatch(/^\.\._x-[0-9a-f]{8}$/u);
  expect(formatReportFileName({}, 'step')).toBe('step');
});
