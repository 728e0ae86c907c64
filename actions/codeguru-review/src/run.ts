import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { countText } from '@aws-delivery/action-kit/count-text';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { Log } from '@aws-delivery/action-kit/log';
import { type Change, readChange, reviewedCommit } from '@aws-delivery/findings/change';
import { decide } from '@aws-delivery/findings/decision';
import { compareFindings as compareWeights, type Finding } from '@aws-delivery/findings/finding';
import { fingerprintsOf } from '@aws-delivery/findings/fingerprint';
import type { Repository } from '@aws-delivery/findings/git';
import type { ReviewInputs } from '../action.js';
import type { CodeHost } from './address.js';
import { type Code, readCode } from './code.js';
import { type Comparison, compareFindings } from './comparison.js';
import { exceptionPlaces } from './exception-place.js';
import { type Judged, standingOf } from './gate.js';
import { foreignText, History } from './history.js';
import type { Look, Trouble } from './look.js';
import { type Policy, readPolicy } from './policy.js';
import { type Request, request } from './request.js';
import type { Recorded, Result } from './result.js';
import type { Services } from './services.js';

const refuseNoFolder = async (root: string): Promise<void> => {
  const status = await stat(root).catch(() => undefined);
  if (status?.isDirectory() === true) return;
  const remedy = 'check out before this step, or correct the path';
  throw new DeliveryError('not-found', `input 'root-directory': there is no folder '${root}': ${remedy}`);
};

/** Asks for findings, holds them against the policy, and decides. */
export const run = async (inputs: ReviewInputs, services: Services): Promise<Recorded> => {
  const { clock, log, variables } = services.host;
  const startedAt = clock.now();
  const asked = request(inputs, variables);
  await refuseNoFolder(asked.root);
  const change = await readChange(variables);
  const repository = services.repository(asked);
  const history = new History(asked.range, change, repository, asked.root);
  const policy = await readPolicy(asked, change, { repository, log, now: clock.now() });
  const work: Work = { asked, change, repository, history, policy, services };
  const looks = await askAll(work);
  const { judged, newCount } = await judge(work, looks);
  const troubles = [...looks.flatMap((look) => look.troubles), ...(await foreignCheckout(work))];
  const decision = decide(judged, troubles, asked);
  log.info(`Verdict: ${decision.gate}, ${decision.reason}`);
  const ended = { startedAt, endedAt: clock.now(), repository: variables['GITHUB_REPOSITORY'] };
  const code = codeHostOf(asked, change, variables);
  const result: Result = { request: asked, change, looks, judged, decision, newCount, code, ...ended };
  await services.publish(result, history);
  return record(result, services);
};

interface Work {
  readonly asked: Request;
  readonly change: Change;
  readonly repository: Repository;
  readonly history: History;
  readonly policy: Policy;
  readonly services: Services;
}

const askAll = async ({ asked, change, repository, history, services }: Work): Promise<readonly Look[]> => {
  const { log } = services.host;
  const looks: Look[] = [];
  for (const source of asked.sources) {
    const look = await log.group(`Findings from ${source.kind}`, () =>
      services.ask(source, { request: asked, change, repository, history }),
    );
    log.info(`${look.scanners.join(', ') || source.kind}: ${countText(look.findings.length, 'finding')}`);
    for (const { text } of look.troubles) log.warning(text);
    warn(look, log);
    looks.push(look);
  }
  return looks;
};

/** A scanner may warn of every file; GitHub shows ten warnings of a step. */
const MOST_WARNINGS = 3;

const warn = ({ warnings = [] }: Look, log: Log): void => {
  for (const text of warnings.slice(0, MOST_WARNINGS)) log.warning(text);
  const rest = warnings.length - MOST_WARNINGS;
  if (rest > 0) log.info(`${rest} more warnings of scanners are in their output`);
};

/** On some events the checkout is the base, unless told otherwise: then nobody has looked at the pull request. */
const foreignCheckout = async ({ asked, change, repository, services }: Work): Promise<readonly Trouble[]> => {
  if (change.kind !== 'pull-request' || (await repository.includes(change.head)) !== false) return [];
  const text = foreignText(change.head);
  services.host.log.warning(text);
  return asked.sources.slice(0, 1).map(({ kind: source }) => ({ source, kind: 'unavailable', text }));
};

/** Long texts are cut where they are shown, and half a secret is none that could be found there. */
const redacted = (finding: Finding, redact: (text: string) => string): Finding => {
  const { rule } = finding;
  const [message, name, description] = [redact(finding.message), redact(rule.name), redact(rule.description)];
  // Ten thousand copies for nothing would be felt.
  if (message === finding.message && name === rule.name && description === rule.description) return finding;
  return { ...finding, message, rule: { ...rule, name, description } };
};

interface Judgement {
  readonly judged: readonly Judged[];
  readonly newCount: number | undefined;
}

const judge = async (
  { asked, change, history, policy, services }: Work,
  looks: readonly Look[],
): Promise<Judgement> => {
  const { clock, log } = services.host;
  const redact = (text: string): string => services.host.redactor.redact(text);
  const findings = looks.flatMap((look) => look.findings.map((finding) => redacted(finding, redact)));
  findings.sort(compareWeights);
  const codes = await readCode(findings, asked.root, redact);
  const fingerprints = fingerprintsOf(findings, (finding) => codes.get(finding)?.text);
  const named = findings.map((finding, index) => ({ finding, fingerprint: fingerprints[index] ?? '' }));
  const { compare, threshold } = asked;
  const { baseline, ignore } = policy;
  const comparison = await compareFindings(named, { compare, baseline, change, history, log });
  const places = await exceptionPlaces(findings, ignore, { change, history, log });
  const options = { threshold, compare, ignore, comparison, places, now: clock.now() };
  const shown = await shownCodes(codes, history);
  const judged = named.map(({ finding, fingerprint }) => ({
    finding,
    fingerprint,
    code: shown.get(finding),
    isNew: isNewIn(comparison, finding),
    standing: standingOf(finding, fingerprint, options),
  }));
  const { known } = comparison;
  return { judged, newCount: known === undefined ? undefined : judged.filter(({ isNew }) => isNew).length };
};

const shownCodes = async (codes: ReadonlyMap<Finding, Code>, history: History): Promise<ReadonlyMap<Finding, Code>> => {
  const files = new Set([...codes.keys()].flatMap(({ location }) => location?.file ?? []));
  const hidden = new Set<string>();
  for (const file of files) if (!(await history.isShown(file))) hidden.add(file);
  return new Map([...codes].filter(([{ location }]) => location !== undefined && !hidden.has(location.file)));
};

const isNewIn = ({ known }: Comparison, finding: Finding): boolean | undefined =>
  known === undefined ? undefined : !known.has(finding);

const codeHostOf = ({ workspace, root }: Request, change: Change, variables: Variables): CodeHost => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = variables;
  const way = relative(workspace, root).split(sep).join('/');
  return {
    page: server && name ? `${server}/${name}` : undefined,
    commit: reviewedCommit(change, variables),
    prefix: way === '' ? '' : `${way}/`,
  };
};

const record = async (result: Result, { host, writeFile }: Services): Promise<Recorded> => {
  const redact = (text: string): string => host.redactor.redact(text);
  // Not before it is needed: the page and the writer of SARIF are no part of the start.
  const { writeFiles } = await import('./files.js');
  return { ...result, files: await writeFiles(result, { writeFile, log: host.log, redact }) };
};
