import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getPathInside } from '@aws-delivery/action-kit/util/path';
import { type ReportedFinding, writeSarif } from '@aws-delivery/findings/sarif/write-sarif';
import type { Severity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import type { ReportFiles, Result } from '../result.js';
import { ACTION_NAME } from '../sources/sarif-files.js';
import { renderHtmlReport } from './html-report.js';

/** Category of a scanner's run in code scanning: the input, or one of the scanner and the root directory. */
const buildCategory = ({ request, codeHost }: Result, source: string): string =>
  request.category ?? `${ACTION_NAME}/${codeHost.prefix}${source}`;

const toReportedFinding = ({ finding, fingerprint, isNew, status }: EvaluatedFinding): ReportedFinding => {
  const state = isNew ? ('new' as const) : ('unchanged' as const);
  return {
    finding,
    fingerprint,
    state: isNew === undefined ? undefined : state,
    ignored: status.kind === 'ignored' ? status.reason : undefined,
  };
};

/**
 * Findings as a SARIF log. Findings without a location are shown at the workflow file or at the directory under review,
 * since code scanning accepts no result without a location.
 */
export const renderSarif = (result: Result, evaluatedFindings = result.evaluatedFindings): string => {
  const { sourceResults, codeHost } = result;
  const scanners = sourceResults.flatMap(({ scanners: names }) => names);
  const log = writeSarif(evaluatedFindings.map(toReportedFinding), scanners, {
    category: (source) => buildCategory(result, source),
    commit: codeHost.commit,
    writtenBy: ACTION_NAME,
    placeholder: codeHost.workflowFile ?? (codeHost.prefix.replace(/\/$/u, '') || '.'),
  });
  return JSON.stringify(log, null, 1);
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

/**
 * Findings in the format of the AWS CodeGuru CLI's `recommendations.json`, for existing jq filters such as
 * `.[] | select(.severity=="Critical")`. Ignored findings are left out, as by the CLI.
 */
const toRecommendations = (evaluatedFindings: readonly EvaluatedFinding[]): readonly object[] =>
  evaluatedFindings
    .filter(({ status }) => status.kind !== 'ignored')
    .map(({ finding: { id, rule, severity, category, message, location }, fingerprint }) => ({
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
    }));

/**
 * Whether a link inside the workspace makes the directory resolve to another place. Compares case-insensitively, since
 * some file systems do.
 */
const isRedirected = async (directory: string, realDirectory: string, workspace: string): Promise<boolean> => {
  const relativePath = getPathInside(workspace, directory);
  if (relativePath === undefined) return false;
  return realDirectory.toLowerCase() !== join(await realpath(workspace), relativePath).toLowerCase();
};

/**
 * Writes a report file and creates its parent directories. The repository under review may have committed links at
 * these paths: a link in place of the file is replaced, a link in place of a directory is rejected.
 * @throws DeliveryError `rejected` for a directory that a link redirects
 */
const writeReportFile = async (path: string, content: string, workspace: string | undefined): Promise<void> => {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true });
  const realDirectory = await realpath(directory);
  if (workspace !== undefined && (await isRedirected(directory, realDirectory, workspace))) {
    const rule = `'${directory}' leads to '${realDirectory}' through a symbolic link`;
    throw new DeliveryError('rejected', `${rule}: set 'report-directory' to a path that is not in the repository`);
  }
  const filePath = join(realDirectory, basename(path));
  await rm(filePath, { force: true });
  await writeFile(filePath, content, { flag: 'wx' });
};

/** Writes the redacted report files. A file that cannot be written is a warning and does not affect the verdict. */
export const writeReportFiles = async (result: Result, { env, log, redactor }: Host): Promise<ReportFiles> => {
  const write = async (name: string, render: () => string): Promise<string | undefined> => {
    const path = join(result.request.reportDirectory, name);
    try {
      await writeReportFile(path, redactor.redact(render()), env['GITHUB_WORKSPACE']);
      return path;
    } catch (error) {
      log.warning(`Cannot write the report file '${path}': ${errorMessage(error)}`);
      return undefined;
    }
  };
  return {
    sarif: await write('findings.sarif', () => renderSarif(result)),
    json: await write(
      'recommendations.json',
      () => `${JSON.stringify(toRecommendations(result.evaluatedFindings), null, 2)}\n`,
    ),
    html: await write('report.html', () => renderHtmlReport(result)),
  };
};
