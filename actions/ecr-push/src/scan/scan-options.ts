import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatReportFileName } from '@aws-delivery/action-kit/report/report-name';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { UnavailablePolicy } from '@aws-delivery/findings/gate-decision';
import type { Severity } from '@aws-delivery/findings/severity';
import type { Inputs } from '../../action.js';

/** Options of the scan gate. */
export interface ScanOptions {
  readonly kind: 'auto' | 'basic' | 'enhanced';
  readonly failOn: Severity;
  readonly onlyFixable: boolean;
  readonly ignoreFile: string | undefined;
  readonly onUnavailable: UnavailablePolicy;
  /** Milliseconds. */
  readonly timeout: number;
  /** An absolute path. */
  readonly reportDirectory: string;
}

const getReportDirectory = (inputs: Inputs, env: Env): string => {
  const name = formatReportFileName(inputs, env['GITHUB_ACTION'] || 'report');
  const defaultDirectory = join(env['RUNNER_TEMP'] || tmpdir(), `ecr-push-scan-${name}`);
  return resolve(env['GITHUB_WORKSPACE'] || '.', inputs['report-directory'] ?? defaultDirectory);
};

/** Parses the inputs of the scan gate; undefined for `scan: none`. Throws `invalid-input`. */
export const parseScanOptions = (inputs: Inputs, env: Env): ScanOptions | undefined => {
  const { scan: kind } = inputs;
  if (kind === 'none') return undefined;
  if (inputs['registry-type'] === 'public') {
    const hint = "remove 'scan', or push to a private registry";
    throw new DeliveryError('invalid-input', `input 'scan': '${kind}' is not available for ECR Public: ${hint}`);
  }
  return {
    kind,
    failOn: inputs['fail-on'],
    onlyFixable: inputs['only-fixable'],
    ignoreFile: inputs['ignore-file'],
    onUnavailable: inputs['on-unavailable'],
    timeout: inputs['scan-timeout'] * 1000,
    reportDirectory: getReportDirectory(inputs, env),
  };
};
