import { awsErrorText, classify, isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, type DeliveryErrorCode, textOf } from '@aws-delivery/action-kit/error';
import type { Change } from '@aws-delivery/findings/change';
import type { Look, SourceName, Trouble } from './look.js';

// These are mistakes in what was asked, or the end of the run: no policy about silence applies to them.
const NOT_SILENCE: readonly DeliveryErrorCode[] = ['cancelled', 'invalid-input', 'missing', 'not-found', 'refused'];

const NEEDED: Readonly<Record<SourceName, string>> = {
  'codeguru-reviewer': 'what the groups codeguru-reviewer and upload of iam-policy.json list',
  inspector: 'what the group inspector of iam-policy.json lists',
  sarif: 'nothing',
};

const remedyOf = (error: unknown, source: SourceName): string => {
  const kind = classify(error);
  if (kind === 'denied') return `: allow the role ${NEEDED[source]}`;
  return kind === 'expired' ? ': the credentials ended before the answer came, ask for a longer session' : '';
};

const NO_REGION = "no Region is known: add 'aws-region', or get credentials in a step before";

/**
 * What an error means: a source that gave no complete answer. Errors that are no silence of a source are thrown on.
 */
export const troubleOf = (error: unknown, source: SourceName, change: Change): Trouble => {
  if (error instanceof DeliveryError && NOT_SILENCE.includes(error.code)) throw error;
  if (isCode(error, 'CredentialsProviderError')) {
    if (change.kind !== 'pull-request' || !change.isFork) {
      throw new DeliveryError('missing', textOf(error), { cause: error });
    }
    const text = 'a pull request from a fork has no AWS credentials: review it after the merge, or push it to a branch';
    return { source, kind: 'no-credentials', text };
  }
  if (textOf(error) === 'Region is missing') {
    throw new DeliveryError('missing', NO_REGION, { cause: error });
  }
  return { source, kind: 'unavailable', text: `${awsErrorText(error)}${remedyOf(error, source)}` };
};

/** A look that has seen nothing. */
export const silentLook = (trouble: Trouble): Look => ({
  source: trouble.source,
  scanners: [],
  findings: [],
  troubles: [trouble],
  reviewArn: undefined,
});
