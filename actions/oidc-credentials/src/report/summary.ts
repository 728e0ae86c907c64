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
import { formatLocations } from '../export/credential-output.js';
import type { Result } from '../result.js';
import { formatExpiration } from '../role/credentials.js';
import type { TrustDiagnosis } from '../trust/trust-diagnosis.js';
import type { ExportedVariable } from '../variables/exported-variable.js';

const renderReady = (result: Extract<Result, { kind: 'ready' }>): Markdown => {
  const { identity, credentials, request, credentialOutput, variables, origin } = result;
  const listNames = (item: ExportedVariable['item']): readonly string[] =>
    variables.filter((variable) => variable.item === item).map(({ name }) => name);
  const [secretNames, parameterNames] = [listNames('secret'), listNames('parameter')];
  const renewalNote = credentialOutput.renewal === 'none' ? '' : ', renewed automatically';
  const rows = [
    ['Identity', code(identity.arn)],
    ['Region', code(request.region)],
    ['Expires', `${formatExpiration(credentials) ?? 'never'}${renewalNote}`],
    ['Exported to', formatLocations(request.exportTarget, credentialOutput, origin)],
    ...(secretNames.length === 0 ? [] : [['Secrets', secretNames.join(', ')]]),
    ...(parameterNames.length === 0 ? [] : [['Parameters', parameterNames.join(', ')]]),
  ];
  return joinBlocks(heading(3, 'AWS credentials'), table({ header: ['Property', 'Value'], rows }));
};

const renderDenied = ({ reason, findings, claims, statements }: TrustDiagnosis): Markdown =>
  joinBlocks(
    heading(3, 'AWS credentials: access denied'),
    md`${reason}`,
    list(findings),
    details(
      'Token claims',
      table({ header: ['Claim', 'Value'], rows: claims.map(([name, value]) => [code(name), code(value)]) }),
    ),
    ...statements.flatMap(({ title, json, warning }) => [
      md`${title}`,
      ...(warning === undefined ? [] : [md`${warning}`]),
      codeBlock(json, 'json'),
    ]),
  );

/** The job summary, in Markdown: the session, why it was rejected, or the diagnosis of a denied role. */
export const renderSummary = (result: Result): string => {
  switch (result.kind) {
    case 'ready':
      return renderReady(result).markdown;
    case 'rejected':
      return joinBlocks(heading(3, 'AWS credentials: rejected'), raw(''), md`${result.reason}`).markdown;
    case 'denied':
      return renderDenied(result.diagnosis).markdown;
  }
};
