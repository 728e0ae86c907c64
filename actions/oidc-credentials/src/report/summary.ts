import {
  code,
  codeBlock,
  details,
  heading,
  joinBlocks,
  list,
  type Markdown,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import { describeLocations } from '../export/credential-output.js';
import type { Result } from '../result.js';
import { formatExpiration } from '../role/credentials.js';
import type { TrustDiagnosis } from '../role/trust-policy-diagnostics.js';

const renderReady = (result: Extract<Result, { kind: 'ready' }>): Markdown => {
  const { identity, credentials, request, credentialOutput, secretNames, origin } = result;
  const renewalNote = credentialOutput.renewal === 'none' ? '' : ', then renewed';
  const rows = [
    ['Identity', code(identity.arn)],
    ['Region', code(request.region)],
    ['Ends', `${formatExpiration(credentials) ?? 'never'}${renewalNote}`],
    ['Where', describeLocations(request.exportTarget, credentialOutput, origin)],
    ...(secretNames.length === 0 ? [] : [['Secrets', secretNames.join(', ')]]),
  ];
  return joinBlocks(heading(3, 'AWS credentials'), table({ header: ['session', ''], rows }));
};

const renderDenied = ({ reason, findings, claims, statements }: TrustDiagnosis): Markdown =>
  joinBlocks(
    heading(3, 'AWS credentials: denied'),
    md`${reason}`,
    list(findings),
    details(
      "The token's claims",
      table({ header: ['claim', 'value'], rows: claims.map(([name, value]) => [code(name), code(value)]) }),
    ),
    ...statements.flatMap(({ title, json }) => [md`${title}`, codeBlock(json, 'json')]),
  );

/** The job summary, in Markdown: the session, why it was rejected, or the diagnosis of a denied role. */
export const renderSummary = (result: Result): string => {
  switch (result.kind) {
    case 'ready':
      return renderReady(result).markdown;
    case 'rejected':
      return joinBlocks(heading(3, 'AWS credentials: refused'), raw(''), md`${result.reason}`).markdown;
    case 'denied':
      return renderDenied(result.diagnosis).markdown;
  }
};
