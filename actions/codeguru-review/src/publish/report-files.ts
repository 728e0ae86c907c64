import type { Host } from '@aws-delivery/action-kit/host/host';
import { LazyList, renderJson } from '@aws-delivery/findings/report/render-json';
import { ReportWriter } from '@aws-delivery/findings/report/report-writer';
import { renderSarif } from '@aws-delivery/findings/sarif/write-sarif';
import type { Severity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import type { ReportFiles, Result } from '../result.js';
import { ACTION_NAME } from '../sources/sarif-files.js';
import { renderHtmlReport } from './html-report.js';

/** Category of a scanner's run in code scanning: the input, or one of the scanner, root directory and report name. */
const buildCategory = ({ request, codeHost }: Result, source: string): string => {
  const { category, reportName } = request;
  const name = reportName.slug === undefined ? '' : `/${reportName.slug}`;
  return category ?? `${ACTION_NAME}/${codeHost.prefix}${source}${name}`;
};

/**
 * Findings as a SARIF log. Findings without a location are shown at the workflow file or at the directory under review,
 * since code scanning accepts no result without a location.
 */
export const renderFindings = (result: Result, evaluatedFindings = result.evaluatedFindings): Iterable<string> => {
  const { sourceResults, codeHost } = result;
  const scanners = sourceResults.flatMap(({ scanners: names }) => names);
  return renderSarif(evaluatedFindings, scanners, {
    category: (source) => buildCategory(result, source),
    commit: codeHost.commit,
    writtenBy: ACTION_NAME,
    placeholder: codeHost.workflowFile ?? (codeHost.prefix.replace(/\/$/u, '') || '.'),
  });
};

const CLI_SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
  // The CLI has no value for an unranked finding, which may be serious.
  none: 'High',
};

const toRecommendation = ({ finding, fingerprint }: EvaluatedFinding): object => {
  const { id, rule, severity, category, message, location } = finding;
  return {
    filePath: location?.file,
    recommendationId: id ?? fingerprint,
    startLine: location?.startLine,
    endLine: location?.endLine,
    description: message,
    recommendationCategory: category === '' ? undefined : category,
    ruleMetadata: {
      ruleId: rule.id,
      ruleName: rule.name,
      longDescription: rule.description === '' ? undefined : rule.description,
      ruleTags: rule.tags,
    },
    severity: CLI_SEVERITIES[severity],
  };
};

function* createRecommendations(evaluatedFindings: readonly EvaluatedFinding[]): Generator<object> {
  for (const each of evaluatedFindings) if (each.status.kind !== 'ignored') yield toRecommendation(each);
}

/**
 * Findings in the format of the AWS CodeGuru CLI's `recommendations.json`, for existing jq filters such as
 * `.[] | select(.severity=="Critical")`. Ignored findings are left out, as by the CLI.
 */
function* renderRecommendations({ evaluatedFindings }: Result): Generator<string> {
  yield* renderJson(new LazyList(createRecommendations(evaluatedFindings)), 2);
  yield '\n';
}

/** Writes the redacted report files. A file that cannot be written is a warning and does not affect the verdict. */
export const writeReportFiles = async (result: Result, host: Host): Promise<ReportFiles> => {
  const writer = new ReportWriter(result.request.reportDirectory, host);
  return {
    sarif: await writer.write('findings.sarif', () => renderFindings(result)),
    json: await writer.write('recommendations.json', () => renderRecommendations(result)),
    html: await writer.write('report.html', () => renderHtmlReport(result)),
  };
};
