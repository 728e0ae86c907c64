import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { Leniency } from '@aws-delivery/findings/decision';
import { SEVERITIES, type Severity, severityOf } from '@aws-delivery/findings/severity';
import type { ReviewInputs } from '../action.js';
import type { Threshold } from './gate.js';
import type { Silence } from './look.js';

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

/** One source to ask. */
export type SourceRequest =
  | ReviewerRequest
  | InspectorRequest
  | { readonly kind: 'sarif'; readonly files: readonly string[] };

/** What is asked for; rules across inputs end here. Paths are whole. */
export interface Request {
  readonly workspace: string;
  /** The folder that is looked at. */
  readonly root: string;
  readonly sources: readonly SourceRequest[];
  /** Of the sources in AWS; undefined for that of the environment. */
  readonly region: string | undefined;
  /** Two revisions, with a colon between them. */
  readonly range: string | undefined;
  readonly threshold: Threshold;
  readonly maxFindings: number;
  readonly compare: 'all' | 'new';
  readonly baseline: string | undefined;
  readonly ignoreFile: string | undefined;
  readonly policies: Readonly<Record<Silence, Leniency>>;
  readonly reportDirectory: string;
  readonly comment: 'none' | 'summary' | 'lines';
  readonly uploadSarif: boolean;
  readonly token: string | undefined;
}

const specialIn = (given: ReviewInputs['fail-on-for']): Threshold['special'] =>
  Object.entries(given).map(([pattern, word]): readonly [string, Severity] => {
    const severity = severityOf(word);
    if (severity !== undefined) return [pattern, severity];
    const rule = `is not one of ${SEVERITIES.join(', ')}`;
    throw new DeliveryError('invalid-input', `input 'fail-on-for': '${word}' of '${pattern}' ${rule}`);
  });

const bucketIn = (inputs: ReviewInputs): string | undefined => {
  const bucket = inputs['bucket-name'];
  if (bucket === undefined || bucket.startsWith('codeguru-reviewer-')) return bucket;
  const rule = "does not begin with 'codeguru-reviewer-', and CodeGuru Reviewer reads no other buckets";
  throw new DeliveryError('invalid-input', `input 'bucket-name': '${bucket}' ${rule}: use one that does`);
};

const reviewerIn = (inputs: ReviewInputs): SourceRequest => ({
  kind: 'codeguru-reviewer',
  association: inputs.association,
  sourcePaths: inputs['source-paths'],
  buildPaths: inputs['build-artifacts'],
  bucket: bucketIn(inputs),
  kmsKeyId: inputs['kms-key-id'],
  timeout: inputs.timeout * 1000,
});

const isReviewerConfigured = (inputs: ReviewInputs): boolean =>
  inputs.association !== undefined || inputs['bucket-name'] !== undefined || inputs['build-artifacts'].length > 0;

const inspectorIn = (inputs: ReviewInputs, variables: Variables): SourceRequest => {
  const project = inputs['inspector-project'] ?? variables['GITHUB_REPOSITORY'];
  if (!project) {
    throw new DeliveryError(
      'missing',
      "'findings-from: inspector' needs to know the repository: add 'inspector-project'",
    );
  }
  return { kind: 'inspector', project, timeout: inputs.timeout * 1000 };
};

const sarifIn = (inputs: ReviewInputs): SourceRequest => {
  const files = inputs['sarif-files'];
  if (files.length === 0) {
    throw new DeliveryError('missing', "'findings-from: sarif' needs to know what to read: add 'sarif-files'");
  }
  return { kind: 'sarif', files };
};

const sourcesIn = (inputs: ReviewInputs, variables: Variables): readonly SourceRequest[] => {
  if (inputs['findings-from'] === 'sarif') return [sarifIn(inputs)];
  if (inputs['findings-from'] === 'codeguru-reviewer') return [reviewerIn(inputs)];
  if (inputs['findings-from'] === 'inspector') return [inspectorIn(inputs, variables)];
  const configured = [
    ...(isReviewerConfigured(inputs) ? [reviewerIn(inputs)] : []),
    ...(inputs['inspector-project'] === undefined ? [] : [inspectorIn(inputs, variables)]),
    ...(inputs['sarif-files'].length > 0 ? [sarifIn(inputs)] : []),
  ];
  return configured.length === 0 ? [reviewerIn(inputs)] : configured;
};

const rangeIn = (inputs: ReviewInputs): string | undefined => {
  const range = inputs['commit-range'];
  if (range === undefined || /^[^:]+:[^:]+$/u.test(range)) return range;
  throw new DeliveryError('invalid-input', `input 'commit-range': '${range}' is not of the form HEAD^:HEAD`);
};

const reportDirectoryIn = (inputs: ReviewInputs, variables: Variables, workspace: string): string => {
  const temporary = `${variables['RUNNER_TEMP'] || tmpdir()}/codeguru-review-${variables['GITHUB_ACTION'] || 'report'}`;
  return resolve(workspace, inputs['report-directory'] ?? temporary);
};

/** Turns flat inputs into what is asked for. Throws a DeliveryError for values and combinations that cannot be meant. */
export const request = (inputs: ReviewInputs, variables: Variables): Request => {
  const workspace = resolve(variables['GITHUB_WORKSPACE'] || '.');
  return {
    workspace,
    root: resolve(workspace, inputs['root-directory']),
    sources: sourcesIn(inputs, variables),
    region: inputs['aws-region'],
    range: rangeIn(inputs),
    threshold: { general: inputs['fail-on'], special: specialIn(inputs['fail-on-for']) },
    maxFindings: inputs['max-findings'],
    compare: inputs.compare,
    baseline: inputs.baseline,
    ignoreFile: inputs['ignore-file'],
    policies: {
      unavailable: inputs['on-unavailable'],
      'no-association': inputs['on-no-association'],
      'no-credentials': inputs['on-fork'],
    },
    reportDirectory: reportDirectoryIn(inputs, variables, workspace),
    comment: inputs.comment,
    uploadSarif: inputs['upload-sarif'],
    token: inputs['github-token'],
  };
};
