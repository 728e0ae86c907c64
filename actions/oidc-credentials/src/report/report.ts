import type { Log } from '@aws-delivery/action-kit/host/log';
import { failed, passed, type Report } from '@aws-delivery/action-kit/host/run-action';
import {
  code,
  codeBlock,
  details,
  heading,
  joinBlocks,
  list,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import type { definition, OidcOutputs } from '../../action.js';
import { describeLocations } from '../export/credential-output.js';
import type { Result } from '../result.js';
import { getArnPartition } from '../role/arn.js';
import { formatExpiration } from '../role/credentials.js';
import type { Identity } from '../role/sts-api.js';
import type { TrustDiagnosis } from '../role/trust-policy-diagnostics.js';
import type { Claims } from '../token/claims.js';

type ReadyResult = Result & { readonly kind: 'ready' };

const buildIdentityOutputs = (identity: Identity, claims: Claims | undefined): OidcOutputs => ({
  'aws-account-id': identity.account,
  'authenticated-arn': identity.arn,
  'user-id': identity.userId,
  partition: getArnPartition(identity.arn),
  claims,
});

const buildKeyOutputs = ({ credentials, request }: ReadyResult): OidcOutputs =>
  request.exportTarget.outputs
    ? {
        'aws-access-key-id': credentials.accessKeyId,
        'aws-secret-access-key': credentials.secretAccessKey,
        'aws-session-token': credentials.sessionToken,
      }
    : {};

const renderReadySummary = (ready: ReadyResult): string => {
  const { identity, credentials, request, credentialOutput, secretNames, origin } = ready;
  const renewalNote = credentialOutput.renewal === 'none' ? '' : ', then renewed';
  const rows = [
    ['Identity', code(identity.arn)],
    ['Region', code(request.region)],
    ['Ends', `${formatExpiration(credentials) ?? 'never'}${renewalNote}`],
    ['Where', describeLocations(request.exportTarget, credentialOutput, origin)],
    ...(secretNames.length === 0 ? [] : [['Secrets', secretNames.join(', ')]]),
  ];
  return joinBlocks(heading(3, 'AWS credentials'), table({ header: ['session', ''], rows })).markdown;
};

const renderDeniedSummary = ({ reason, findings, claims, statements }: TrustDiagnosis): string =>
  joinBlocks(
    heading(3, 'AWS credentials: denied'),
    md`${reason}`,
    list(findings),
    details(
      "The token's claims",
      table({ header: ['claim', 'value'], rows: claims.map(([name, value]) => [code(name), code(value)]) }),
    ),
    ...statements.flatMap(({ title, json }) => [md`${title}`, codeBlock(json, 'json')]),
  ).markdown;

/** Outputs, variables, summary and verdict of a result. */
export const buildReport = (result: Result): Report<typeof definition> => {
  switch (result.kind) {
    case 'ready': {
      const { identity, claims, credentials, request, credentialOutput } = result;
      const sessionOutputs = { 'aws-region': request.region, 'aws-expiration': formatExpiration(credentials) };
      return {
        verdict: passed,
        outputs: { ...buildIdentityOutputs(identity, claims), ...sessionOutputs, ...buildKeyOutputs(result) },
        environment: credentialOutput.environment,
        summary: renderReadySummary(result),
      };
    }
    case 'rejected': {
      const { identity, claims, reason } = result;
      const summary = joinBlocks(heading(3, 'AWS credentials: refused'), raw(''), md`${reason}`).markdown;
      return { verdict: failed(reason), outputs: buildIdentityOutputs(identity, claims), summary };
    }
    case 'denied': {
      const { diagnosis, claims } = result;
      return { verdict: failed(diagnosis.reason), outputs: { claims }, summary: renderDeniedSummary(diagnosis) };
    }
  }
};

/** Logs the findings, the token's claims and the trust policy statements. */
export const printTrustDiagnosis = async (
  { findings, claims, statements }: TrustDiagnosis,
  log: Log,
): Promise<void> => {
  for (const finding of findings) log.info(`- ${finding}`);
  await log.group("The token's claims", async () => {
    const width = Math.max(...claims.map(([name]) => name.length));
    for (const [name, value] of claims) log.info(`${name.padEnd(width)}  ${value}`);
  });
  for (const { title, json } of statements) {
    log.info(`${title}:`);
    log.info(json);
  }
};
