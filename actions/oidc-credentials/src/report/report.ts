import { failed, passed, type Report } from '@aws-delivery/action-kit/host/run-action';
import type { definition, OidcOutputs } from '../../action.js';
import type { Result } from '../result.js';
import { getArnPartition } from '../role/arn.js';
import { formatExpiration } from '../role/credentials.js';
import type { Identity } from '../role/sts-api.js';
import type { Claims } from '../token/claims.js';
import { renderSummary } from './summary.js';

const buildIdentityOutputs = (identity: Identity, claims: Claims | undefined): OidcOutputs => ({
  'aws-account-id': identity.account,
  'authenticated-arn': identity.arn,
  'user-id': identity.userId,
  partition: getArnPartition(identity.arn),
  claims,
});

const buildKeyOutputs = ({ credentials, request }: Extract<Result, { kind: 'ready' }>): OidcOutputs =>
  request.exportTarget.outputs
    ? {
        'aws-access-key-id': credentials.accessKeyId,
        'aws-secret-access-key': credentials.secretAccessKey,
        'aws-session-token': credentials.sessionToken,
      }
    : {};

/** Outputs, variables, summary and verdict of a result. */
export const buildReport = (result: Result): Report<typeof definition> => {
  const summary = renderSummary(result);
  switch (result.kind) {
    case 'ready': {
      const { identity, claims, credentials, request, credentialOutput } = result;
      const sessionOutputs = { 'aws-region': request.region, 'aws-expiration': formatExpiration(credentials) };
      return {
        verdict: passed,
        outputs: { ...buildIdentityOutputs(identity, claims), ...sessionOutputs, ...buildKeyOutputs(result) },
        environment: credentialOutput.environment,
        summary,
      };
    }
    case 'rejected': {
      const { identity, claims, reason } = result;
      return { verdict: failed(reason), outputs: buildIdentityOutputs(identity, claims), summary };
    }
    case 'denied': {
      const { diagnosis, claims } = result;
      return { verdict: failed(diagnosis.reason), outputs: { claims }, summary };
    }
  }
};
