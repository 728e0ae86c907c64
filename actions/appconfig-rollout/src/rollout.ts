import { textOf } from '@aws-delivery/action-kit/error';
import { begin, type Departure, DoubtfulStart } from './begin.js';
import type { RolloutContext } from './context.js';
import { type DeploymentDetail, rollbackReason } from './deployment.js';
import { lineOf } from './document.js';
import type { FlightSlot } from './flight.js';
import { type Ending, follow, followBack } from './follow.js';
import type { ProfileEntry } from './inventory.js';
import { progressLine } from './narration.js';
import type { Outcome, State } from './outcome.js';
import type { EnvironmentPlan, Step } from './plan.js';
import { Vigil } from './probe.js';
import { objectionsIn } from './refusal.js';
import { lastingOf } from './strategy.js';

/** What is added to what a strategy needs, where no timeout is given: in milliseconds, and as a share. */
const MARGIN = { least: 5 * 60_000, share: 0.1 } as const;

const plannedTimeout = (lasting: number): number => lasting + Math.max(MARGIN.least, lasting * MARGIN.share);

/** One step of an environment on its way. */
class Leg {
  readonly name: string;
  private readonly lasting: number;

  constructor(
    private readonly context: RolloutContext,
    private readonly plan: EnvironmentPlan,
    private readonly step: Step,
    private readonly slot: FlightSlot,
    /** Whether nothing of this environment follows, so that it can be left behind early. */
    private readonly isLast: boolean,
  ) {
    this.name = `${plan.tenant}/${plan.environment} ${step.target.profile}`;
    this.lasting = lastingOf(plan.strategy.growth);
  }

  /** Deploys, and notes what came of it. Throws only where the run itself has come to its end. */
  async go(): Promise<void> {
    const { log, waiting } = this.context;
    try {
      await this.deploy();
    } catch (error) {
      if (waiting.signal.aborted) throw error;
      await this.annotate(error);
      if (error instanceof DoubtfulStart) this.note({ deployment: error.number });
      // What has begun, or may have, and was lost sight of, or is overdue, goes on.
      this.fail(this.known.deployment === undefined ? 'failed' : 'unfinished', textOf(error));
      log.debug(error instanceof Error ? (error.stack ?? '') : '');
    }
  }

  private get known(): Outcome {
    const { tenant, environment } = this.plan;
    const key = { tenant, environment, profile: this.step.target.profile };
    return this.context.journal.of(key) ?? { ...key, state: 'waiting' };
  }

  private note(changes: Partial<Outcome>): void {
    this.context.journal.set({ ...this.known, ...changes });
  }

  private fail(state: State, reason: string): void {
    this.note({ state, reason, endedAt: this.context.waiting.clock.now() });
    this.context.log.error(`${this.name}: ${reason}`);
    this.context.halt.stop(this.plan.tenant, `${this.name} ${state === 'rolled-back' ? 'was rolled back' : 'failed'}`);
  }

  private async deploy(): Promise<void> {
    const departure = await this.prepare();
    const { waiting, log, begun } = this.context;
    const beginning = await begin(this.context, departure);
    if (beginning.kind === 'unchanged') {
      const { version, label } = beginning.deployed;
      this.note({ state: 'unchanged', version, label, reason: 'somebody else has deployed the same' });
      log.info(`${this.name}: unchanged, somebody else has deployed the same`);
      return;
    }
    const { number } = beginning;
    const { tenant, environment } = this.plan;
    const { profile } = this.step.target;
    begun.push({ ...departure.place, tenant, environment, profile, number, before: this.step.deployed });
    const startedAt = waiting.clock.now();
    this.note({ state: 'deploying', deployment: number, startedAt, percentage: 0, reason: undefined });
    await this.conclude(departure, number, await this.follow(departure, number));
  }

  private async prepare(): Promise<Departure> {
    const { provision, mark } = this.context;
    const { tenant, environment, application: known, entry, strategy } = this.plan;
    const { target } = this.step;
    const application = await provision.application(tenant, known);
    const [there, found, strategyId] = await Promise.all([
      provision.environment(application, environment, entry),
      provision.profile(application, target, this.step.profile),
      provision.strategy(strategy),
    ]);
    const location = target.wanted.kind === 'hosted' ? 'hosted' : target.wanted.location.uri;
    const profile: ProfileEntry = this.step.profile ?? { ...found, location, type: target.type, isValidated: false };
    const place = { applicationId: application.id, environmentId: there.id };
    const description = mark.next();
    const version = await this.version(place.applicationId, profile.id, description);
    return { target, place, profile, strategyId, version, description, name: this.name, slot: this.slot };
  }

  private async version(applicationId: string, profileId: string, description: string): Promise<string> {
    const { target, sourceVersion } = this.step;
    if (target.wanted.kind === 'elsewhere') return sourceVersion ?? '';
    const { versions, commit } = this.context;
    const { content } = target.wanted;
    const { environment } = target;
    const made = await versions.ensure({ applicationId, profileId, environment, content, commit, description });
    return String(made.number);
  }

  private follow({ place }: Departure, number: number): Promise<Ending> {
    const { appConfig, waiting, probes, request } = this.context;
    const { tenant, environment } = this.plan;
    return follow({
      appConfig,
      waiting,
      place,
      number,
      name: this.name,
      goal: this.isLast ? request.waitFor : 'complete',
      lasting: this.lasting,
      deadline: waiting.clock.now() + (request.timeout ?? plannedTimeout(this.lasting)),
      vigil: new Vigil(probes, { tenant, environment }, waiting.clock),
      seen: (detail) => this.tell(detail),
    });
  }

  private tell(detail: DeploymentDetail): void {
    this.note({ percentage: detail.percentage });
    this.context.log.info(progressLine(this.name, detail));
  }

  private async conclude(departure: Departure, number: number, ending: Ending): Promise<void> {
    if (ending.kind === 'arrived') return this.arrive(ending.detail);
    if (ending.kind === 'taken-back') return this.fail('rolled-back', rollbackReason(ending.detail));
    const { appConfig, waiting } = this.context;
    await followBack({
      appConfig,
      waiting,
      place: departure.place,
      number,
      name: this.name,
      seen: (detail) => this.tell(detail),
    });
    return this.fail('rolled-back', `it was stopped by a probe: ${ending.reason}`);
  }

  private arrive(detail: DeploymentDetail): void {
    const states: Readonly<Record<string, State>> = { COMPLETE: 'complete', BAKING: 'deployed' };
    const { version, label, startedAt, completedAt } = detail;
    // Both times by AppConfig's clock or both by ours: their difference is shown.
    const times =
      startedAt === undefined || completedAt === undefined
        ? { endedAt: this.context.waiting.clock.now() }
        : { startedAt, endedAt: completedAt };
    this.note({ state: states[detail.state] ?? 'started', version, label, ...times });
  }

  /** What validators objected to belongs on the line of the file. */
  private async annotate(error: unknown): Promise<void> {
    const { wanted } = this.step.target;
    const objections = objectionsIn(error);
    if (wanted.kind === 'elsewhere' || objections.length === 0) return;
    const { journal, readFile } = this.context;
    // Without the file there is no line, and still an objection.
    const text = await readFile(wanted.file).catch(() => '');
    for (const { path, text: message } of objections) {
      const line = wanted.content.format === 'text' ? undefined : lineOf(text, path);
      journal.faults.push({ message: `${this.name}: ${message}`, file: wanted.file, line });
    }
  }
}

/** Deploys what differs in one environment, one profile after another. */
export const rollOut = async (context: RolloutContext, plan: EnvironmentPlan): Promise<void> => {
  const { journal, halt, flights } = context;
  const steps = plan.steps.filter(({ decision }) => decision === 'deploy');
  if (steps.length === 0) return;
  const slot = flights.open();
  for (const [index, step] of steps.entries()) {
    const reason = halt.reasonFor(plan.tenant);
    if (reason !== undefined) {
      const known = journal.of(step.target);
      if (known !== undefined) journal.set({ ...known, state: 'not-started', reason: `not begun, since ${reason}` });
      continue;
    }
    await new Leg(context, plan, step, slot, index === steps.length - 1).go();
  }
};
