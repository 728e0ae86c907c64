import { createHash } from 'node:crypto';
import type { Env } from '../util/env.js';
import { isRecord } from '../util/is-record.js';
import { toSingleLine } from '../util/sanitize.js';
import { escapeMarkdown } from './markdown.js';

/** The inputs of `createReportNameInputs`. */
export interface ReportNameInputs {
  readonly 'report-name'?: string | undefined;
  readonly matrix?: string | undefined;
}

/** Tells the reports of one run of an action from those of others. */
export interface ReportName {
  /** Equal in every run of the step: identifies its comment. */
  readonly key: string;
  /** What readers see in headings; undefined where nothing tells the reports apart. */
  readonly label: string | undefined;
  /** Step and matrix values, or `report-name`, as letters, digits, `.`, `_` and `-`; undefined for the only report. */
  readonly slug: string | undefined;
  /** Whether other jobs with other matrix values may run at the same time. */
  readonly isInMatrix: boolean;
}

export interface ReportNameOptions {
  readonly action: string;
  readonly inputs: ReportNameInputs;
  readonly env: Env;
  /** What the report is about, such as stack, account and Region; not shown, since headings have it. */
  readonly subject?: readonly string[];
  /** Inputs that differ from their defaults and tell reports apart, shown in headings: a root directory. */
  readonly parts?: readonly string[];
  /** Default `job`: other jobs and workflows have reports of their own. `any`: they update the same one. */
  readonly scope?: 'job' | 'any';
}

const LABEL_LENGTH = 100;

/** The values of GitHub's matrix context as JSON; none for `null`, which jobs without a matrix have. */
const parseMatrix = (matrix: string | undefined): readonly string[] => {
  try {
    const context: unknown = JSON.parse(matrix || 'null');
    return isRecord(context) ? Object.entries(context).map(formatMatrixValue) : [];
  } catch {
    // Other hosts may set any text.
    return matrix === undefined ? [] : [matrix];
  }
};

const formatMatrixValue = ([name, value]: readonly [string, unknown]): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : `${name}: ${JSON.stringify(value)}`;

/**
 * What GITHUB_ACTION adds to the name of an action: the `id` of the step, or the number that GitHub appends for a
 * further step with the same action (`__owner_repository_2`).
 */
const getStepName = ({ GITHUB_ACTION: step = '' }: Env): string =>
  step.startsWith('__') ? (/_(\d{1,4})$/u.exec(step)?.[1] ?? '') : step;

const createHashText = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);

/** A readable name for files; a hash tells names apart whose characters were replaced. */
const formatSlug = (parts: readonly string[]): string | undefined => {
  const named = parts.filter((part) => part !== '');
  if (named.length === 0) return undefined;
  const joined = named.join('-');
  const slug = joined.replaceAll(/[^\w.-]/gu, '_').slice(0, 60);
  return slug === joined && named.length === 1 ? slug : `${slug}-${createHashText(named)}`;
};

/** Name of a file or directory of reports: that of `report-name`, else `fallback`. */
export const formatReportFileName = (inputs: ReportNameInputs, fallback: string): string => {
  const name = inputs['report-name'];
  return (name === undefined ? undefined : formatSlug([name])) ?? fallback;
};

/** The label of a report in headings: `report-name`, else the parts and the values of the matrix. */
export const getReportLabel = (inputs: ReportNameInputs, parts: readonly string[] = []): string | undefined => {
  const name = inputs['report-name'] ?? [...parts, ...parseMatrix(inputs.matrix)].join(', ');
  return name === '' ? undefined : toSingleLine(name, LABEL_LENGTH);
};

/** Adds a label to the first line of Markdown, its heading. */
export const addReportLabel = (markdown: string, label: string | undefined): string => {
  if (label === undefined || !markdown.startsWith('#')) return markdown;
  const end = markdown.indexOf('\n');
  const [first, rest] = end < 0 ? [markdown, ''] : [markdown.slice(0, end), markdown.slice(end)];
  return `${first} (${escapeMarkdown(label)})${rest}`;
};

/**
 * The name of a report: `report-name`, else what differs between the steps of a job and the jobs of a matrix: step,
 * subject, parts and matrix values. Two steps with the same `report-name` share their report.
 */
export const createReportName = (options: ReportNameOptions): ReportName => {
  const { action, inputs, env, subject = [], parts = [], scope = 'job' } = options;
  const name = inputs['report-name'];
  const label = getReportLabel(inputs, parts);
  const matrix = parseMatrix(inputs.matrix);
  const isInMatrix = matrix.length > 0;
  if (name !== undefined) return { key: `${action} report ${name}`, label, slug: formatSlug([name]), isInMatrix };
  const job = scope === 'job' ? [env['GITHUB_WORKFLOW'] ?? '', env['GITHUB_JOB'] ?? ''] : [];
  const step = getStepName(env);
  const hash = createHashText([step, ...parts, '', ...matrix]);
  return {
    key: [action, ...job, ...subject, hash].join(' '),
    label,
    slug: formatSlug([step, ...matrix]),
    isInMatrix,
  };
};
