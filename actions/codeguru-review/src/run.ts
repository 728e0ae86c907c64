import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Repository } from '@aws-delivery/action-kit/git/repository';
import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { type Change, getReviewedCommit } from '@aws-delivery/findings/change/change';
import { readChange } from '@aws-delivery/findings/change/read-change';
import { compareFindings as compareBySeverity, type Finding } from '@aws-delivery/findings/finding';
import { computeFingerprints } from '@aws-delivery/findings/fingerprint';
import { decide } from '@aws-delivery/findings/gate-decision';
import type { ReviewInputs } from '../action.js';
import { ChangeHistory, formatWrongCheckout } from './gate/change-history.js';
import { type FindingCode, readCode } from './gate/code-excerpt.js';
import { type Comparison, compareWithBase } from './gate/comparison.js';
import { type EvaluatedFinding, evaluateFinding } from './gate/evaluate-finding.js';
import { type Policy, readPolicy } from './gate/policy.js';
import { locateFindingsAtBase } from './gate/suppression-location.js';
import { parseRequest, type Request } from './inputs/parse-request.js';
import type { CodeHost } from './report/code-link.js';
import type { Result, ResultWithFiles } from './result.js';
import type { Services } from './services.js';
import type { SourceError, SourceResult } from './sources/source-result.js';

const assertRootDirectory = async (root: string): Promise<void> => {
  const status = await stat(root).catch(() => undefined);
  if (status?.isDirectory() === true) return;
  const hint = 'check out before this step, or correct the path';
  throw new DeliveryError('not-found', `input 'root-directory': there is no folder '${root}': ${hint}`);
};

/** Asks for findings, holds them against the policy, and decides. */
export const run = async (inputs: ReviewInputs, services: Services): Promise<ResultWithFiles> => {
  const { clock, log, env } = services.host;
  const startedAt = clock.now();
  const request = parseRequest(inputs, env);
  await assertRootDirectory(request.root);
  const change = await readChange(env);
  const repository = services.openRepository(request);
  const history = new ChangeHistory(request.range, change, repository, request.root);
  const policy = await readPolicy(request, change, { repository, log, now: clock.now() });
  const context: RunContext = { request, change, repository, history, policy, services };
  const sourceResults = await querySources(context);
  const { evaluatedFindings, newCount } = await evaluateFindings(context, sourceResults);
  const errors = [...sourceResults.flatMap((result) => result.errors), ...(await findWrongCheckout(context))];
  const decision = decide(evaluatedFindings, errors, request);
  log.info(`Verdict: ${decision.verdict}, ${decision.reason}`);
  const metadata = { startedAt, endedAt: clock.now(), repository: env['GITHUB_REPOSITORY'] };
  const codeHost = getCodeHost(request, change, env);
  const result: Result = {
    request,
    change,
    sourceResults,
    evaluatedFindings,
    decision,
    newCount,
    codeHost,
    ...metadata,
  };
  await services.publish(result, history);
  return addReportFiles(result, services);
};

interface RunContext {
  readonly request: Request;
  readonly change: Change;
  readonly repository: Repository;
  readonly history: ChangeHistory;
  readonly policy: Policy;
  readonly services: Services;
}

const querySources = async ({
  request,
  change,
  repository,
  history,
  services,
}: RunContext): Promise<readonly SourceResult[]> => {
  const { log } = services.host;
  const sourceResults: SourceResult[] = [];
  for (const source of request.sources) {
    const result = await log.group(`Findings from ${source.kind}`, () =>
      services.querySource(source, { request, change, repository, history }),
    );
    log.info(`${result.scanners.join(', ') || source.kind}: ${pluralize(result.findings.length, 'finding')}`);
    for (const { message } of result.errors) log.warning(message);
    logScannerWarnings(result, log);
    sourceResults.push(result);
  }
  return sourceResults;
};

/** A scanner may warn of every file; GitHub shows ten warnings of a step. */
const MAX_SCANNER_WARNINGS = 3;

const logScannerWarnings = ({ warnings = [] }: SourceResult, log: Log): void => {
  for (const warning of warnings.slice(0, MAX_SCANNER_WARNINGS)) log.warning(warning);
  const omittedCount = warnings.length - MAX_SCANNER_WARNINGS;
  if (omittedCount > 0) log.info(`${omittedCount} more warnings of scanners are in their output`);
};

/** On some events the checkout is the base, unless told otherwise: then nobody has looked at the pull request. */
const findWrongCheckout = async ({
  request,
  change,
  repository,
  services,
}: RunContext): Promise<readonly SourceError[]> => {
  if (change.kind !== 'pull-request' || (await repository.includesCommit(change.head)) !== false) return [];
  const message = formatWrongCheckout(change.head);
  services.host.log.warning(message);
  return request.sources.slice(0, 1).map(({ kind: source }) => ({ source, kind: 'unavailable', message }));
};

/** Long texts are cut where they are shown, and half a secret is none that could be found there. */
const redactFinding = (finding: Finding, redact: (content: string) => string): Finding => {
  const { rule } = finding;
  const [message, name, description] = [redact(finding.message), redact(rule.name), redact(rule.description)];
  // Ten thousand copies for nothing would be felt.
  if (message === finding.message && name === rule.name && description === rule.description) return finding;
  return { ...finding, message, rule: { ...rule, name, description } };
};

interface Evaluation {
  readonly evaluatedFindings: readonly EvaluatedFinding[];
  readonly newCount: number | undefined;
}

const evaluateFindings = async (
  { request, change, history, policy, services }: RunContext,
  sourceResults: readonly SourceResult[],
): Promise<Evaluation> => {
  const { clock, log } = services.host;
  const redact = (content: string): string => services.host.redactor.redact(content);
  const findings = sourceResults.flatMap((result) => result.findings.map((finding) => redactFinding(finding, redact)));
  findings.sort(compareBySeverity);
  const codeByFinding = await readCode(findings, request.root, redact);
  const fingerprints = computeFingerprints(findings, (finding) => codeByFinding.get(finding)?.content);
  const fingerprintedFindings = findings.map((finding, index) => ({ finding, fingerprint: fingerprints[index] ?? '' }));
  const { compare, threshold } = request;
  const { baseline, ignoreEntries } = policy;
  const comparison = await compareWithBase(fingerprintedFindings, { compare, baseline, change, history, log });
  const baseLocations = await locateFindingsAtBase(findings, ignoreEntries, { change, history, log });
  const options = { threshold, compare, ignoreEntries, comparison, baseLocations, now: clock.now() };
  const visibleCode = await filterVisibleCode(codeByFinding, history);
  const evaluatedFindings = fingerprintedFindings.map(({ finding, fingerprint }) => ({
    finding,
    fingerprint,
    code: visibleCode.get(finding),
    isNew: isNewFinding(comparison, finding),
    status: evaluateFinding(finding, fingerprint, options),
  }));
  const { known } = comparison;
  return {
    evaluatedFindings,
    newCount: known === undefined ? undefined : evaluatedFindings.filter(({ isNew }) => isNew).length,
  };
};

const filterVisibleCode = async (
  codeByFinding: ReadonlyMap<Finding, FindingCode>,
  history: ChangeHistory,
): Promise<ReadonlyMap<Finding, FindingCode>> => {
  const files = new Set([...codeByFinding.keys()].flatMap(({ location }) => location?.file ?? []));
  const hidden = new Set<string>();
  for (const file of files) if (!(await history.isVisible(file))) hidden.add(file);
  return new Map([...codeByFinding].filter(([{ location }]) => location !== undefined && !hidden.has(location.file)));
};

const isNewFinding = ({ known }: Comparison, finding: Finding): boolean | undefined =>
  known === undefined ? undefined : !known.has(finding);

const getCodeHost = ({ workspace, root }: Request, change: Change, env: Env): CodeHost => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = env;
  const relativePath = relative(workspace, root).split(sep).join('/');
  return {
    repositoryUrl: server && name ? `${server}/${name}` : undefined,
    commit: getReviewedCommit(change, env),
    prefix: relativePath === '' ? '' : `${relativePath}/`,
  };
};

const addReportFiles = async (result: Result, { host, writeFile }: Services): Promise<ResultWithFiles> => {
  const redact = (content: string): string => host.redactor.redact(content);
  // Not before it is needed: the page and the writer of SARIF are no part of the start.
  const { writeReportFiles } = await import('./publish/report-files.js');
  return { ...result, files: await writeReportFiles(result, { writeFile, log: host.log, redact }) };
};
