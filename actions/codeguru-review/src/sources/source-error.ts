import { MISSING_REGION } from '@aws-delivery/action-kit/util/aws-messages';
import { DeliveryError, type DeliveryErrorCode, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import type { Change } from '@aws-delivery/findings/change/change';
import type { SourceError, SourceName, SourceResult } from './source-result.js';

// Invalid requests and cancellation: the policies for unavailable sources do not apply to them.
const FATAL_CODES: readonly DeliveryErrorCode[] = ['cancelled', 'invalid-input', 'missing', 'not-found', 'rejected'];

const REQUIRED_PERMISSIONS: Readonly<Record<SourceName, string>> = {
  'codeguru-reviewer': 'the statements CodeguruReviewer and Upload',
  inspector: 'the statement Inspector',
  sarif: 'no statement',
};

const getHint = (error: unknown, source: SourceName): string => {
  const kind = classifyError(error);
  if (kind === 'denied') return `: add ${REQUIRED_PERMISSIONS[source]} of iam-policy.json to the role`;
  return kind === 'expired' ? ': the credentials expired, request a longer session' : '';
};

/** Our own errors are complete messages; errors of the SDK also need their code and request id. */
const describeError = (error: unknown): string =>
  error instanceof DeliveryError ? error.message : formatAwsError(error);

/** Classifies an error of an AWS source as unavailability; rethrows errors that no policy may excuse. */
export const toSourceError = (error: unknown, source: SourceName, change: Change): SourceError => {
  if (error instanceof DeliveryError && FATAL_CODES.includes(error.code)) throw error;
  if (hasErrorCode(error, 'CredentialsProviderError')) {
    if (change.kind !== 'pull-request' || !change.isFork) {
      throw new DeliveryError('missing', errorMessage(error), { cause: error });
    }
    const message =
      'fork pull requests have no AWS credentials: review the change after the merge, or push it to a branch of this repository';
    return { source, kind: 'no-credentials', message };
  }
  if (errorMessage(error) === MISSING_REGION) {
    throw new DeliveryError('missing', MISSING_REGION, { cause: error });
  }
  return { source, kind: 'unavailable', message: `${describeError(error)}${getHint(error, source)}` };
};

/** The result of a source that could not be queried. */
export const toUnavailableResult = (error: SourceError): SourceResult => ({
  source: error.source,
  scanners: [],
  findings: [],
  errors: [error],
  reviewArn: undefined,
});
