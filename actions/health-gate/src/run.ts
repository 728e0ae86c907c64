import { expiryRemark } from '@aws-delivery/action-kit/aws';
import { durationText } from '@aws-delivery/action-kit/clock';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { withElapsed, withHeartbeat } from '@aws-delivery/action-kit/log';
import type { Markdown } from '@aws-delivery/action-kit/markdown';
import { nearest } from '@aws-delivery/action-kit/nearest';
import { refuseExpired } from '@aws-delivery/findings/ignore';
import { parseIgnoreFile } from '@aws-delivery/findings/ignore-file';
import type { HealthInputs } from '../action.js';
import { evidenceOf } from './evidence.js';
import type { Footprint } from './footprint.js';
import { History } from './history.js';
import { Lookout } from './lookout.js';
import { Narrator } from './narrator.js';
import { type Request, request } from './request.js';
import { KNOWN_SERVICES } from './resource-services.js';
import type { Recorded, Result, RunIdentity } from './result.js';
import type { Services } from './services.js';
import { abandonedPage, summaryOf, waitingPage } from './summary.js';
import { decide } from './verdict.js';
import { type Ending, watch } from './watch.js';

/** Looks, waits where that is asked for, and decides. */
export const run = async (inputs: HealthInputs, services: Services): Promise<Recorded> => {
  const given = request(inputs, services.host.variables);
  const startedAt = services.host.clock.now();
  remark(given, services);
  const asked = await withExceptions(given, services);
  const footprint = await findFootprint(asked, services);
  const history = new History();
  const work: Work = {
    asked: withFootprint(asked, footprint),
    services,
    history,
    ours: oursIn(asked, footprint),
    startedAt,
  };
  const ending = await watchOver(work).catch(async (error) => {
    await comment(work, abandonedPage(textOf(error), startedAt, services.host.clock.now()));
    throw error;
  });
  return finish(work, footprint, ending);
};

interface Work {
  readonly asked: Request;
  readonly services: Services;
  readonly history: History;
  readonly ours: readonly string[];
  readonly startedAt: number;
}

// Hosts end jobs that are silent for long, and people take silence for a hang.
const QUIET = 5 * 60_000;

/** Says what people would otherwise wonder about. */
const remark = ({ criteria, patience }: Request, { host }: Services): void => {
  const { clock, variables, log } = host;
  for (const service of criteria.services.filter((name) => !KNOWN_SERVICES.includes(name))) {
    const near = nearest(service, KNOWN_SERVICES);
    const remedy = near === undefined ? 'check it in the console' : `did you mean '${near.name}'?`;
    log.warning(`input 'services': '${service}' is no service this action knows, and may never match: ${remedy}`);
  }
  const deadline = clock.now() + (patience.onHold === 'wait' ? patience.timeout : 0);
  const expiry = expiryRemark(variables, clock.now(), deadline);
  if (expiry !== undefined) log.warning(expiry);
};

const withExceptions = async (asked: Request, services: Services): Promise<Request> => {
  const { ignoreFile } = asked;
  if (ignoreFile === undefined) return asked;
  const text = await services
    .reader(asked)
    .readFile(ignoreFile)
    .catch((cause) => {
      throw new DeliveryError('not-found', `input 'ignore-file': '${ignoreFile}' cannot be read: ${textOf(cause)}`, {
        cause,
      });
    });
  const ignore = parseIgnoreFile(text, ignoreFile);
  refuseExpired(ignore, services.host.clock.now());
  return { ...asked, criteria: { ...asked.criteria, ignore } };
};

const findFootprint = async (asked: Request, services: Services): Promise<Footprint | undefined> => {
  const { deployment, services: which, entities } = asked;
  if (which === 'listed' && entities.kind === 'any') return undefined;
  const { readFootprint } = await import('./footprint.js');
  const footprint = await readFootprint(deployment, services.reader(asked));
  const { log } = services.host;
  if (which === 'derived') log.info(`Services of this deployment: ${footprint.services.join(', ')}`);
  if (which === 'derived' && footprint.unmapped.length > 0) {
    log.warning(
      `these resource types are not in the map of services, so their events may be missed: ${footprint.unmapped.join(', ')}; add their services to 'services' beside auto`,
    );
  }
  return footprint;
};

const withFootprint = (asked: Request, footprint: Footprint | undefined): Request => {
  if (asked.services === 'listed' || footprint === undefined) return asked;
  const services = [...new Set([...asked.criteria.services, ...footprint.services])].sort();
  return { ...asked, criteria: { ...asked.criteria, services } };
};

const oursIn = ({ entities }: Request, footprint: Footprint | undefined): readonly string[] =>
  entities.kind === 'match' ? [...entities.values, ...(footprint?.resources ?? [])] : [];

const watchOver = (work: Work): Promise<Ending> => {
  const { asked, services, history, ours } = work;
  const { clock, log, signal } = services.host;
  const lookout = new Lookout({
    request: asked,
    criteria: asked.criteria,
    ours,
    sources: services.sources(asked),
    clock,
  });
  const line = (elapsed: number): string => `Still waiting, ${durationText(elapsed)} by now`;
  const told = withElapsed(log, clock);
  return withHeartbeat({ log: told, clock, quiet: QUIET, line }, async (spoken) => {
    const narrator = new Narrator(spoken, clock, asked.patience);
    return watch({
      clock,
      signal,
      patience: asked.patience,
      look: (patient) => lookout.look(patient),
      seen: async (look, memory) => {
        history.add(look);
        const isNews = narrator.tell(look, memory);
        if (isNews && asked.patience.onHold === 'wait' && look.holds.length > 0) {
          await comment(work, waitingPage(look, asked, work.startedAt));
        }
      },
    });
  });
};

const comment = ({ asked, services }: Work, body: Markdown): Promise<void> => services.comment(asked)(body.markdown);

const identityIn = (variables: Variables): RunIdentity => {
  const [server, repository, run] = ['SERVER_URL', 'REPOSITORY', 'RUN_ID'].map((name) => variables[`GITHUB_${name}`]);
  return {
    actor: variables['GITHUB_TRIGGERING_ACTOR'] || variables['GITHUB_ACTOR'],
    repository,
    commit: variables['GITHUB_SHA'],
    workflow: variables['GITHUB_WORKFLOW'],
    job: variables['GITHUB_JOB'],
    address: server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined,
  };
};

const finish = async (work: Work, footprint: Footprint | undefined, ending: Ending): Promise<Recorded> => {
  const { asked, services, history, startedAt } = work;
  const { clock, variables, log } = services.host;
  const decision = decide(ending, asked);
  const result: Result = {
    request: asked,
    footprint,
    startedAt,
    endedAt: clock.now(),
    ending,
    decision,
    episodes: history.episodes,
    run: identityIn(variables),
  };
  log.info(`Verdict: ${decision.gate}, ${decision.reason}`);
  await comment(work, summaryOf(result));
  return { ...result, evidenceFile: await writeEvidence(result, services) };
};

/** Keeping a record changes no verdict: where it cannot be written, that is a warning. */
const writeEvidence = async (result: Result, { host, writeFile }: Services): Promise<string | undefined> => {
  const { evidenceFile } = result.request;
  try {
    await writeFile(evidenceFile, host.redactor.redact(`${JSON.stringify(evidenceOf(result), undefined, 2)}\n`));
    return evidenceFile;
  } catch (error) {
    host.log.warning(`the evidence file '${evidenceFile}' could not be written: ${textOf(error)}`);
    return undefined;
  }
};
