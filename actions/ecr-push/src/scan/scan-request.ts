import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { Leniency } from '@aws-delivery/findings/decision';
import type { Severity } from '@aws-delivery/findings/severity';
import type { Inputs } from '../../action.js';

/** What is asked of the scan gate. */
export interface ScanRequest {
  readonly kind: 'auto' | 'basic' | 'enhanced';
  readonly failOn: Severity;
  readonly onlyFixable: boolean;
  readonly ignoreFile: string | undefined;
  readonly onUnavailable: Leniency;
  /** Milliseconds. */
  readonly timeout: number;
  /** A whole path. */
  readonly reportDirectory: string;
}

const reportDirectoryIn = (inputs: Inputs, variables: Variables): string => {
  const temporary = join(
    variables['RUNNER_TEMP'] || tmpdir(),
    `ecr-push-scan-${variables['GITHUB_ACTION'] || 'report'}`,
  );
  return resolve(variables['GITHUB_WORKSPACE'] || '.', inputs['report-directory'] ?? temporary);
};

/** The gate that flat inputs ask for; undefined for none. Throws `invalid-input`. */
export const scanIn = (inputs: Inputs, variables: Variables): ScanRequest | undefined => {
  const { scan: kind } = inputs;
  if (kind === 'none') return undefined;
  if (inputs['registry-type'] === 'public') {
    const remedy = "leave out 'scan', or push to a private registry";
    throw new DeliveryError('invalid-input', `input 'scan': '${kind}' is not to be had in ECR Public: ${remedy}`);
  }
  return {
    kind,
    failOn: inputs['fail-on'],
    onlyFixable: inputs['only-fixable'],
    ignoreFile: inputs['ignore-file'],
    onUnavailable: inputs['on-unavailable'],
    timeout: inputs['scan-timeout'] * 1000,
    reportDirectory: reportDirectoryIn(inputs, variables),
  };
};
