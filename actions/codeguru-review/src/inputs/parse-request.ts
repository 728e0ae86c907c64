import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseMapping } from '@aws-delivery/action-kit/inputs/parse';
import { createReportName, formatReportFileName, type ReportName } from '@aws-delivery/action-kit/report/report-name';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { MaxFindings, UnavailablePolicy } from '@aws-delivery/findings/gate-decision';
import { parseSeverity, SEVERITIES, type Severity } from '@aws-delivery/findings/severity';
import type { ReviewInputs } from '../../action.js';
import type { UnavailableReason } from '../sources/source-result.js';

/** Severity from which findings fail, by default and for some rules and categories. */
export interface Threshold {
  readonly failOn: Severity;
  /** Patterns of rule ids and categories; the first match applies. */
  readonly failOnFor: readonly (readonly [pattern: string, severity: Severity])[];
}

/** A review by CodeGuru Reviewer. */
export interface ReviewerRequest {
  readonly kind: 'codeguru-reviewer';
  readonly association: string | undefined;
  readonly sourcePaths: readonly string[];
  readonly buildPaths: readonly string[];
  readonly bucket: string | undefined;
  readonly kmsKeyId: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/** A scan by Amazon Inspector. */
export interface InspectorRequest {
  readonly kind: 'inspector';
  /** The repository's name in Inspector. */
  readonly project: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** One source of findings to query. */
export type SourceRequest =
  | ReviewerRequest
  | InspectorRequest
  | { readonly kind: 'sarif'; readonly files: readonly string[] };

/** The parsed inputs, with the rules that involve several inputs applied. Paths are absolute. */
export interface Request {
  readonly workspace: string;
  /** Directory under review. */
  readonly root: string;
  readonly sources: readonly SourceRequest[];
  /** Region of the AWS sources; undefined to use the environment's. */
  readonly region: string | undefined;
  /** Two revisions separated by a colon. */
  readonly range: string | undefined;
  readonly threshold: Threshold;
  readonly maxFindings: MaxFindings;
  readonly compare: 'all' | 'new';
  readonly baseline: string | undefined;
  readonly ignoreFile: string | undefined;
  readonly vexFiles: readonly string[];
  /** Names of the product in VEX documents. */
  readonly vexProducts: readonly string[];
  readonly policies: Readonly<Record<UnavailableReason, UnavailablePolicy>>;
  readonly reportDirectory: string;
  readonly comment: 'none' | 'summary' | 'changes' | 'lines';
  readonly reportName: ReportName;
  readonly uploadSarif: boolean;
  /** Category of the upload; undefined for one of the scanner and the root directory. */
  readonly category: string | undefined;
  readonly token: string | undefined;
}

const parseFailOnFor = (overrides: ReviewInputs['fail-on-for']): Threshold['failOnFor'] =>
  Object.entries(overrides).map(([pattern, word]): readonly [string, Severity] => {
    const severity = parseSeverity(word);
    if (severity !== undefined) return [pattern, severity];
    const rule = `must be one of ${SEVERITIES.join(', ')}`;
    throw new DeliveryError('invalid-input', `input 'fail-on-for': severity '${word}' of '${pattern}' ${rule}`);
  });

const parseCount = (text: string, input: string): number => {
  const count = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  const rule = 'must be a number, or numbers by severity such as medium=20, low=50';
  throw new DeliveryError('invalid-input', `input 'max-findings': '${input}' ${rule}`);
};

/** @throws DeliveryError `invalid-input` for anything but a number or numbers by severity */
const parseMaxFindings = (input: string): MaxFindings => {
  if (!input.includes('=') && !input.includes(':')) return parseCount(input, input);
  const limits: Partial<Record<Severity, number>> = {};
  for (const [word, text] of Object.entries(parseMapping(input))) {
    const severity = parseSeverity(word);
    if (severity === undefined) {
      const rule = `must be one of ${SEVERITIES.join(', ')}`;
      throw new DeliveryError('invalid-input', `input 'max-findings': severity '${word}' ${rule}`);
    }
    limits[severity] = parseCount(text, input);
  }
  return limits;
};

const parseBucket = (inputs: ReviewInputs): string | undefined => {
  const bucket = inputs['bucket-name'];
  if (bucket === undefined || bucket.startsWith('codeguru-reviewer-')) return bucket;
  const rule = "must begin with 'codeguru-reviewer-', because CodeGuru Reviewer cannot read other buckets";
  throw new DeliveryError('invalid-input', `input 'bucket-name': '${bucket}' ${rule}`);
};

const parseReviewerRequest = (inputs: ReviewInputs): SourceRequest => ({
  kind: 'codeguru-reviewer',
  association: inputs.association,
  sourcePaths: inputs['source-paths'],
  buildPaths: inputs['build-artifacts'],
  bucket: parseBucket(inputs),
  kmsKeyId: inputs['kms-key-id'],
  timeout: inputs.timeout * 1000,
});

const isReviewerConfigured = (inputs: ReviewInputs): boolean =>
  inputs.association !== undefined || inputs['bucket-name'] !== undefined || inputs['build-artifacts'].length > 0;

const parseInspectorRequest = (inputs: ReviewInputs, env: Env): SourceRequest => {
  const project = inputs['inspector-project'] ?? env['GITHUB_REPOSITORY'];
  if (!project) {
    throw new DeliveryError(
      'missing',
      "'inspector-project' is required when 'findings-from' is 'inspector' and GITHUB_REPOSITORY is not set",
    );
  }
  return { kind: 'inspector', project, timeout: inputs.timeout * 1000 };
};

const parseSarifRequest = (inputs: ReviewInputs): SourceRequest => {
  const files = inputs['sarif-files'];
  if (files.length === 0) {
    throw new DeliveryError('missing', "'sarif-files' is required when 'findings-from' is 'sarif'");
  }
  return { kind: 'sarif', files };
};

const parseSources = (inputs: ReviewInputs, env: Env): readonly SourceRequest[] => {
  if (inputs['findings-from'] === 'sarif') return [parseSarifRequest(inputs)];
  if (inputs['findings-from'] === 'codeguru-reviewer') return [parseReviewerRequest(inputs)];
  if (inputs['findings-from'] === 'inspector') return [parseInspectorRequest(inputs, env)];
  const configured = [
    ...(isReviewerConfigured(inputs) ? [parseReviewerRequest(inputs)] : []),
    ...(inputs['inspector-project'] === undefined ? [] : [parseInspectorRequest(inputs, env)]),
    ...(inputs['sarif-files'].length > 0 ? [parseSarifRequest(inputs)] : []),
  ];
  return configured.length === 0 ? [parseReviewerRequest(inputs)] : configured;
};

/** Name of the repository, and owner and name. */
const getRepositoryNames = ({ GITHUB_REPOSITORY: repository }: Env): readonly string[] =>
  repository ? [repository.split('/').at(-1) ?? repository, repository] : [];

const parseCommitRange = (inputs: ReviewInputs): string | undefined => {
  const range = inputs['commit-range'];
  if (range === undefined || /^[^:]*:[^:]+$/u.test(range)) return range;
  throw new DeliveryError(
    'invalid-input',
    `input 'commit-range': '${range}' must be two revisions separated by a colon, for example HEAD^:HEAD`,
  );
};

/** What tells the reports of a job apart, where it differs from the default. */
export const getReportParts = (inputs: ReviewInputs): readonly string[] => [
  ...(inputs['root-directory'] === '.' ? [] : [inputs['root-directory']]),
  ...(inputs['findings-from'] === 'auto' ? [] : [inputs['findings-from']]),
];

const resolveReportDirectory = (inputs: ReviewInputs, env: Env, workspace: string): string => {
  const name = formatReportFileName(inputs, env['GITHUB_ACTION'] || 'report');
  const defaultDirectory = `${env['RUNNER_TEMP'] || tmpdir()}/codeguru-review-${name}`;
  return resolve(workspace, inputs['report-directory'] ?? defaultDirectory);
};

/** Parses the inputs. Throws a DeliveryError for invalid values and combinations. */
export const parseRequest = (inputs: ReviewInputs, env: Env): Request => {
  const workspace = resolve(env['GITHUB_WORKSPACE'] || '.');
  return {
    workspace,
    root: resolve(workspace, inputs['root-directory']),
    sources: parseSources(inputs, env),
    region: inputs['aws-region'],
    range: parseCommitRange(inputs),
    threshold: { failOn: inputs['fail-on'], failOnFor: parseFailOnFor(inputs['fail-on-for']) },
    maxFindings: parseMaxFindings(inputs['max-findings']),
    compare: inputs.compare,
    baseline: inputs.baseline,
    ignoreFile: inputs['ignore-file'],
    vexFiles: inputs['vex-files'],
    vexProducts: inputs['vex-products'].length > 0 ? inputs['vex-products'] : getRepositoryNames(env),
    policies: {
      unavailable: inputs['on-unavailable'],
      'no-association': inputs['on-no-association'],
      'no-credentials': inputs['on-fork'],
    },
    reportDirectory: resolveReportDirectory(inputs, env, workspace),
    comment: inputs.comment,
    reportName: createReportName({ action: 'codeguru-review', inputs, env, parts: getReportParts(inputs) }),
    uploadSarif: inputs['upload-sarif'],
    category: inputs.category,
    token: inputs['github-token'],
  };
};
