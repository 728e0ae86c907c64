import { MISSING_REGION } from '@aws-delivery/action-kit/util/aws-messages';
import { DeliveryError, type DeliveryErrorCode, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import type { Change } from '@aws-delivery/findings/change/change';
import type { SourceError, SourceName, SourceResult } from './source-result.js';

// Invalid requests and cancellation: the policies for unavailable sources do not apply to them.
const FATAL_CODES: readonly DeliveryErrorCode[] = ['cancelled', 'invalid-input', 'missing', 'not-found', 'rejected'];

const REQUIRED_PERMISSIONS: Readonly<Record<SourceName, string>> = {
  'codeguru-reviewer': 'what the groups codeguru-reviewer and upload of iam-policy.json list',
  inspector: 'what the group inspector of iam-policy.json lists',
  sarif: 'nothing',
};

const getHint = (error: unknown, source: SourceName): string => {
  const kind = classifyError(error);
  if (kind === 'denied') return `: allow the role ${REQUIRED_PERMISSIONS[source]}`;
  return kind === 'expired' ? ': the credentials ended before the answer came, ask for a longer session' : '';
};

/** Classifies an error of an AWS source as unavailability; rethrows errors that no policy may excuse. */
export const toSourceError = (error: unknown, source: SourceName, change: Change): SourceError => {
  if (error instanceof DeliveryError && FATAL_CODES.includes(error.code)) throw error;
  if (hasErrorCode(error, 'CredentialsProviderError')) {
    if (change.kind !== 'pull-request' || !change.isFork) {
      throw new DeliveryError('missing', errorMessage(error), { cause: error });
    }
    const message =
      'a pull request from a fork has no AWS credentials: review it after the merge, or push it to a branch';
    return { source, kind: 'no-credentials', message };
  }
  if (errorMessage(error) === MISSING_REGION) {
    throw new DeliveryError('missing', MISSING_REGION, { cause: error });
  }
  return { source, kind: 'unavailable', message: `${formatAwsError(error)}${getHint(error, source)}` };
};

/** The result of a source that could not be queried. */
export const toUnavailableResult = (error: SourceError): SourceResult => ({
  source: error.source,
  scanners: [],
  findings: [],
  errors: [error],
  reviewArn: undefined,
});
