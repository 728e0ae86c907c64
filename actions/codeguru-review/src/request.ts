import { resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { SEVERITIES, type Severity, severityOf } from '@aws-delivery/findings/severity';
import type { ReviewInputs } from '../action.js';
import type { Threshold } from './gate.js';
import type { Leniency, Silence } from './look.js';

/** One source to ask. */
export type SourceRequest = { readonly kind: 'sarif'; readonly files: readonly string[] };

/** What is asked for; rules across inputs end here. Paths are whole. */
export interface Request {
  readonly workspace: string;
  /** The folder that is looked at. */
  readonly root: string;
  readonly sources: readonly SourceRequest[];
  readonly threshold: Threshold;
  readonly maxFindings: number;
  readonly compare: 'all' | 'new';
  readonly baseline: string | undefined;
  readonly ignoreFile: string | undefined;
  readonly policies: Readonly<Record<Silence, Leniency>>;
  readonly reportDirectory: string;
}

const specialIn = (given: ReviewInputs['fail-on-for']): Threshold['special'] =>
  Object.entries(given).map(([pattern, word]): readonly [string, Severity] => {
    const severity = severityOf(word);
    if (severity !== undefined) return [pattern, severity];
    const rule = `is not one of ${SEVERITIES.join(', ')}`;
    throw new DeliveryError('invalid-input', `input 'fail-on-for': '${word}' of '${pattern}' ${rule}`);
  });

const sourcesIn = (inputs: ReviewInputs): readonly SourceRequest[] => {
  const files = inputs['sarif-files'];
  if (files.length === 0) {
    throw new DeliveryError('missing', "'findings-from: sarif' needs to know what to read: add 'sarif-files'");
  }
  return [{ kind: 'sarif', files }];
};

const reportDirectoryIn = (inputs: ReviewInputs, variables: Variables, workspace: string): string => {
  const temporary = `${variables['RUNNER_TEMP'] || workspace}/codeguru-review-${variables['GITHUB_ACTION'] || 'report'}`;
  return resolve(workspace, inputs['report-directory'] ?? temporary);
};

/** Turns flat inputs into what is asked for. Throws a DeliveryError for values and combinations that cannot be meant. */
export const request = (inputs: ReviewInputs, variables: Variables): Request => {
  const workspace = resolve(variables['GITHUB_WORKSPACE'] || '.');
  const unavailable = inputs['on-unavailable'];
  return {
    workspace,
    root: resolve(workspace, inputs['root-directory']),
    sources: sourcesIn(inputs),
    threshold: { general: inputs['fail-on'], special: specialIn(inputs['fail-on-for']) },
    maxFindings: inputs['max-findings'],
    compare: inputs.compare,
    baseline: inputs.baseline,
    ignoreFile: inputs['ignore-file'],
    policies: { unavailable, 'no-association': unavailable, 'no-credentials': unavailable },
    reportDirectory: reportDirectoryIn(inputs, variables, workspace),
  };
};
