import { expiryRemark } from '@aws-delivery/action-kit/aws';
import { durationText } from '@aws-delivery/action-kit/clock';
import { type Log, withElapsed, withHeartbeat } from '@aws-delivery/action-kit/log';
import type { Inputs } from '../action.js';
import { campaign } from './campaign.js';
import type { Context, RolloutContext } from './context.js';
import { differenceLine } from './difference.js';
import { FaultyFiles } from './fault.js';
import { Flights } from './flight.js';
import { Halt } from './halt.js';
import { createMark } from './mark.js';
import { matrixText } from './matrix.js';
import { progressText } from './narration.js';
import { Journal } from './outcome.js';
import { type EnvironmentPlan, makePlan, type Planning } from './plan.js';
import { inPool } from './pool.js';
import { differencesOfStep, plannedOutcome } from './preview.js';
import { Probes } from './probe.js';
import { Provision } from './provision.js';
import { cleanUp } from './removal.js';
import { type PreviewRequest, type Request, type RolloutRequest, requestOf } from './request.js';
import type { Ending, Result } from './result.js';
import { revert } from './revert.js';
import type { Services } from './services.js';
import { lastingOf } from './strategy.js';
import { Versions } from './version.js';
import { type Asked, readWish } from './wish.js';

// Hosts end jobs that are silent for long, and people take silence for a hang.
const QUIET = 60_000;

/** How often to show where everything is, in milliseconds. */
const MATRIX = 60_000;

const DIFFS_AT_ONCE = 16;

const nonceBy = (random: () => number): string => Math.floor(random() * 2 ** 32).toString(36);

/** What tells this tree from others in tags: its repository and its place there. */
const originOf = ({ source }: Request, { host, reading }: Services): string => {
  const repository = host.variables['GITHUB_REPOSITORY'] || 'local';
  const place = source.kind === 'tree' ? reading.repositoryPath(source.root) : source.application;
  return `${repository}:${place}`.replace(/[^\p{L}\p{Z}\p{N}_.:/=+@-]/gu, '-').slice(0, 256);
};

const planningOf = (request: RolloutRequest | PreviewRequest, { settings }: Asked, services: Services): Planning => ({
  appConfig: services.appConfig,
  strategies: request.strategies,
  settings,
  sourceVersions: services.sourceVersions,
});

/** An environment that nobody watches bakes for nothing: that is worth a word. */
const remarkMonitors = (plans: readonly EnvironmentPlan[], { journal }: Context): void => {
  const blind = plans.filter(({ entry, strategy }) => entry?.monitors === 0 && strategy.growth.bakeMinutes > 0);
  if (blind.length === 0) return;
  const shown = blind.slice(0, 5).map(({ tenant, environment }) => `${tenant}/${environment}`);
  const more = blind.length > shown.length ? ` and ${blind.length - shown.length} more` : '';
  journal.notes.push(`no alarm watches over ${shown.join(', ')}${more}: their bake time protects nothing`);
};

const remarkExpiry = (plans: readonly EnvironmentPlan[], { host }: Services): void => {
  const { variables, clock, log } = host;
  const longest = Math.max(
    0,
    ...plans.map(({ steps, strategy }) => {
      const count = steps.filter(({ decision }) => decision === 'deploy').length;
      return count * lastingOf(strategy.growth);
    }),
  );
  if (longest > 0) log.info(`The longest environment needs ${durationText(longest)}`);
  const remark = expiryRemark(variables, clock.now(), clock.now() + longest);
  if (remark !== undefined) log.warning(remark);
};

const plan = async (context: Context, planning: Planning, { wish }: Asked): Promise<readonly EnvironmentPlan[]> => {
  const plans = await context.log.group(`Comparing ${wish.targets.length} configurations with what is deployed`, () =>
    makePlan(planning, wish.targets),
  );
  remarkMonitors(plans, context);
  return plans;
};

const preview = async (context: Context<PreviewRequest>, asked: Asked, services: Services): Promise<Ending> => {
  const { appConfig, journal, log, request } = context;
  const plans = await plan(context, planningOf(request, asked, services), asked);
  const steps = plans.flatMap((own) => own.steps.map((step) => ({ own, step })));
  for (const { step } of steps) journal.set(plannedOutcome(step, 'planned'));
  await inPool(steps, DIFFS_AT_ONCE, async ({ own, step }) => {
    const differences = await differencesOfStep(appConfig, own, step);
    journal.set({ ...plannedOutcome(step, 'planned'), differences });
  });
  for (const { tenant, environment, profile, state, differences = [] } of journal.outcomes) {
    log.info(`${tenant}/${environment} ${profile}: ${state === 'unchanged' ? 'unchanged' : 'would be deployed'}`);
    for (const difference of differences) log.info(`  ${differenceLine(difference)}`);
  }
  return { kind: 'done' };
};

/** Shows where everything is, for as long as something is under way. */
const withMatrix = async ({ waiting, journal, log }: Context, work: () => Promise<void>): Promise<void> => {
  const stop = waiting.clock.every(MATRIX, () => log.info(matrixText(journal.outcomes)));
  try {
    await work();
  } finally {
    stop();
  }
};

const planRollout = async (context: Context<RolloutRequest>, planning: Planning, asked: Asked) => {
  const { journal, log } = context;
  const plans = await plan(context, planning, asked);
  for (const step of plans.flatMap(({ steps }) => steps)) {
    const outcome = plannedOutcome(step, 'waiting');
    journal.set(outcome);
    const { tenant, environment, profile, state } = outcome;
    if (state === 'unchanged') log.info(`${tenant}/${environment} ${profile}: unchanged`);
  }
  return plans;
};

interface Course {
  readonly asked: Asked;
  readonly planning: Planning;
  readonly flights: Flights;
}

const rolloutContextOf = (
  context: Context<RolloutRequest>,
  services: Services,
  { asked, planning, flights }: Course,
): RolloutContext => {
  const { request, appConfig, waiting, journal, log } = context;
  const { host, reading, probeWays, arnPrefix } = services;
  const { creation, probe, policies } = request;
  const created = (what: string): void => log.info(`Created ${what}`);
  const remarked = (what: string): void => void journal.notes.push(what);
  const origin = originOf(request, services);
  const making = { creation, settings: asked.settings, origin, arnPrefix, created, remarked };
  return {
    ...context,
    planning,
    provision: new Provision({ appConfig, waiting, ...making }),
    versions: new Versions(appConfig, waiting),
    flights,
    probes: new Probes(probe, probeWays, waiting.clock),
    mark: createMark(host.variables, { fallback: String(waiting.clock.now()), nonce: nonceBy(waiting.random) }),
    halt: new Halt(policies.onFailure === 'stop' || policies.onFailure === 'revert' ? 'all' : 'tenant'),
    commit: host.variables['GITHUB_SHA'] || undefined,
    readFile: (file) => reading.files.read(file),
    begun: [],
  };
};

const rollout = async (context: Context<RolloutRequest>, asked: Asked, services: Services): Promise<Ending> => {
  const { request, appConfig } = context;
  const planning = planningOf(request, asked, services);
  const plans = await planRollout(context, planning, asked);
  remarkExpiry(plans, services);
  const terms = { region: await appConfig.region(), policy: request.policies.onCancel };
  const flights = new Flights(services.host, terms);
  const course = rolloutContextOf(context, services, { asked, planning, flights });
  await withMatrix(context, () => campaign(course, plans));
  flights.settle();
  return { kind: 'done' };
};

const perform = async (context: Context, services: Services): Promise<Ending> => {
  const { request } = context;
  const asked = await readWish(request, services.reading);
  switch (request.mode) {
    case 'rollout':
      return rollout({ ...context, request }, asked, services);
    case 'preview':
      return preview({ ...context, request }, asked, services);
    case 'revert':
      await revert({ ...context, request }, asked.wish);
      return { kind: 'done' };
    case 'cleanup': {
      const ours = { arnPrefix: await services.arnPrefix(), origin: originOf(request, services) };
      return { kind: 'cleaned', removals: await cleanUp({ ...context, request }, asked.wish, ours) };
    }
  }
};

const endingOf = async (context: Context, services: Services): Promise<Ending> => {
  try {
    return await perform(context, services);
  } catch (error) {
    if (error instanceof FaultyFiles) return { kind: 'faulty', faults: error.faults, reason: error.message };
    return { kind: 'interrupted', error };
  }
};

/** Does what is asked for; whatever happens, there is a result. */
export const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const request = requestOf(inputs);
  const { host, appConfig, random } = services;
  const { clock, signal } = host;
  const journal = new Journal();
  const line = (elapsed: number): string => `[${durationText(elapsed)}] ${progressText(journal.outcomes)}`;
  const within = (log: Log): Promise<Ending> =>
    endingOf(
      { request, appConfig, waiting: { clock, signal, random }, journal, log: withElapsed(log, clock) },
      services,
    );
  const ending = await withHeartbeat({ log: host.log, clock, quiet: QUIET, line }, within);
  journal.close();
  return { request, journal, ending };
};
