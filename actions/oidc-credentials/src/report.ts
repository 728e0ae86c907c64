import { code, details, fence, heading, list, md, page, raw, table } from '@aws-delivery/action-kit/markdown';
import { failed, passed, type Report } from '@aws-delivery/action-kit/run';
import type { definition, OidcOutputs } from '../action.js';
import type { Claims } from './claims.js';
import { expiryText } from './credentials.js';
import type { Diagnosis } from './diagnosis.js';
import { type Identity, partitionIn } from './identity.js';
import { placesText } from './placement.js';
import type { Result } from './result.js';

type Ready = Result & { readonly kind: 'ready' };

const identityOutputs = (identity: Identity, claims: Claims | undefined): OidcOutputs => ({
  'aws-account-id': identity.account,
  'authenticated-arn': identity.arn,
  'user-id': identity.userId,
  partition: partitionIn(identity.arn),
  claims,
});

const keyOutputs = ({ credentials, request }: Ready): OidcOutputs =>
  request.destination.outputs
    ? {
        'aws-access-key-id': credentials.accessKeyId,
        'aws-secret-access-key': credentials.secretAccessKey,
        'aws-session-token': credentials.sessionToken,
      }
    : {};

const readySummary = (ready: Ready): string => {
  const { identity, credentials, request, placement, secrets, origin } = ready;
  const renewed = placement.renewal === 'none' ? '' : ', then renewed';
  const rows = [
    ['Identity', code(identity.arn)],
    ['Region', code(request.region)],
    ['Ends', `${expiryText(credentials) ?? 'never'}${renewed}`],
    ['Where', placesText(request.destination, placement, origin)],
    ...(secrets.length === 0 ? [] : [['Secrets', secrets.join(', ')]]),
  ];
  return page(heading(3, 'AWS credentials'), table({ header: ['session', ''], rows })).markdown;
};

const deniedSummary = ({ reason, findings, claims, statements }: Diagnosis): string =>
  page(
    heading(3, 'AWS credentials: denied'),
    md`${reason}`,
    list(findings),
    details(
      "The token's claims",
      table({ header: ['claim', 'value'], rows: claims.map(([name, value]) => [code(name), code(value)]) }),
    ),
    ...statements.flatMap(({ title, json }) => [md`${title}`, fence(json, 'json')]),
  ).markdown;

/** What a result means to the outside. */
export const report = (result: Result): Report<typeof definition> => {
  switch (result.kind) {
    case 'ready': {
      const { identity, claims, credentials, request, placement } = result;
      const expiry = { 'aws-region': request.region, 'aws-expiration': expiryText(credentials) };
      return {
        verdict: passed,
        outputs: { ...identityOutputs(identity, claims), ...expiry, ...keyOutputs(result) },
        environment: placement.environment,
        summary: readySummary(result),
      };
    }
    case 'refused': {
      const { identity, claims, reason } = result;
      const summary = page(heading(3, 'AWS credentials: refused'), raw(''), md`${reason}`).markdown;
      return { verdict: failed(reason), outputs: identityOutputs(identity, claims), summary };
    }
    case 'denied': {
      const { diagnosis, claims } = result;
      return { verdict: failed(diagnosis.reason), outputs: { claims }, summary: deniedSummary(diagnosis) };
    }
  }
};
