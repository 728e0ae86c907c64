import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { type DeploymentDetail, formatRollbackReason } from '../appconfig/deployments.js';
import type { ProfileEntry } from '../appconfig/resources.js';
import { parseViolations } from '../appconfig/service-error.js';
import { findLine } from '../desired/documents/document.js';
import { getExpectedDuration } from '../inputs/strategy.js';
import type { EnvironmentPlan, ProfilePlan } from '../plan/rollout-plan.js';
import type { RolloutContext } from '../run-context.js';
import type { ProfileResult, ProfileState } from '../run-record.js';
import { type DeploymentOutcome, followDeployment, waitForRollback } from './follow-deployment.js';
import type { StateEntry } from './pending-deployments.js';
import { ProbeMonitor } from './probes.js';
import { formatProgress } from './progress.js';
import { type StartDeploymentOptions, startDeployment, UnknownStartError } from './start-deployment.js';

/** What is added to what a strategy needs, where no timeout is given: in milliseconds, and as a share. */
const TIMEOUT_MARGIN = { minMs: 5 * 60_000, share: 0.1 } as const;

const calculateTimeout = (expectedDuration: number): number =>
  expectedDuration + Math.max(TIMEOUT_MARGIN.minMs, expectedDuration * TIMEOUT_MARGIN.share);

/** One step of an environment on its way. */
class ProfileRollout {
  readonly name: string;
  private readonly expectedDuration: number;

  constructor(
    private readonly context: RolloutContext,
    private readonly plan: EnvironmentPlan,
    private readonly profilePlan: ProfilePlan,
    private readonly stateEntry: StateEntry,
    /** Whether nothing of this environment follows, so that it can be left behind early. */
    private readonly isLast: boolean,
  ) {
    this.name = `${plan.tenant}/${plan.environment} ${profilePlan.desired.profile}`;
    this.expectedDuration = getExpectedDuration(plan.strategy.growth);
  }

  /** Deploys, and notes what came of it. Throws only where the run itself has come to its end. */
  async run(): Promise<void> {
    const { log, waitContext } = this.context;
    try {
      await this.deploy();
    } catch (error) {
      if (waitContext.signal.aborted) throw error;
      await this.annotate(error);
      if (error instanceof UnknownStartError) this.updateResult({ deployment: error.number });
      // What has begun, or may have, and was lost sight of, or is overdue, goes on.
      this.fail(this.result.deployment === undefined ? 'failed' : 'unfinished', errorMessage(error));
      log.debug(error instanceof Error ? (error.stack ?? '') : '');
    }
  }

  private get result(): ProfileResult {
    const { tenant, environment } = this.plan;
    const key = { tenant, environment, profile: this.profilePlan.desired.profile };
    return this.context.record.find(key) ?? { ...key, state: 'waiting' };
  }

  private updateResult(changes: Partial<ProfileResult>): void {
    this.context.record.set({ ...this.result, ...changes });
  }

  private fail(state: ProfileState, reason: string): void {
    this.updateResult({ state, reason, endedAt: this.context.waitContext.clock.now() });
    this.context.log.error(`${this.name}: ${reason}`);
    this.context.stopSignal.stop(
      this.plan.tenant,
      `${this.name} ${state === 'rolled-back' ? 'was rolled back' : 'failed'}`,
    );
  }

  private async deploy(): Promise<void> {
    const options = await this.prepare();
    const { waitContext, log, startedDeployments } = this.context;
    const startResult = await startDeployment(this.context, options);
    if (startResult.kind === 'unchanged') {
      const { version, label } = startResult.deployed;
      this.updateResult({ state: 'unchanged', version, label, reason: 'somebody else has deployed the same' });
      log.info(`${this.name}: unchanged, somebody else has deployed the same`);
      return;
    }
    const { number } = startResult;
    const { tenant, environment } = this.plan;
    const { profile } = this.profilePlan.desired;
    startedDeployments.push({
      ...options.environmentRef,
      tenant,
      environment,
      profile,
      number,
      previous: this.profilePlan.deployed,
    });
    const startedAt = waitContext.clock.now();
    this.updateResult({ state: 'deploying', deployment: number, startedAt, percentage: 0, reason: undefined });
    await this.handleOutcome(options, number, await this.follow(options, number));
  }

  private async prepare(): Promise<StartDeploymentOptions> {
    const { resourceCreator, runMarker } = this.context;
    const { tenant, environment, application: existingApplication, entry, strategy } = this.plan;
    const { desired } = this.profilePlan;
    const application = await resourceCreator.ensureApplication(tenant, existingApplication);
    const [environmentResource, profileResource, strategyId] = await Promise.all([
      resourceCreator.ensureEnvironment(application, environment, entry),
      resourceCreator.ensureProfile(application, desired, this.profilePlan.profile),
      resourceCreator.ensureStrategy(strategy),
    ]);
    const location = desired.source.kind === 'hosted' ? 'hosted' : desired.source.location.uri;
    const profile: ProfileEntry = this.profilePlan.profile ?? {
      ...profileResource,
      location,
      type: desired.type,
      isValidated: false,
    };
    const environmentRef = { applicationId: application.id, environmentId: environmentResource.id };
    const description = runMarker.createDescription();
    const version = await this.ensureVersion(environmentRef.applicationId, profile.id, description);
    return {
      desired,
      environmentRef,
      profile,
      strategyId,
      version,
      description,
      name: this.name,
      stateEntry: this.stateEntry,
    };
  }

  private async ensureVersion(applicationId: string, profileId: string, description: string): Promise<string> {
    const { desired, sourceVersion } = this.profilePlan;
    if (desired.source.kind === 'external') return sourceVersion ?? '';
    const { versions, commit } = this.context;
    const { content } = desired.source;
    const { environment } = desired;
    const hostedVersion = await versions.ensure({
      applicationId,
      profileId,
      environment,
      content,
      commit,
      description,
    });
    return String(hostedVersion.number);
  }

  private follow({ environmentRef }: StartDeploymentOptions, number: number): Promise<DeploymentOutcome> {
    const { appConfig, waitContext, probes, request } = this.context;
    const { tenant, environment } = this.plan;
    return followDeployment({
      appConfig,
      waitContext,
      environmentRef,
      number,
      name: this.name,
      goal: this.isLast ? request.waitFor : 'complete',
      expectedDuration: this.expectedDuration,
      deadline: waitContext.clock.now() + (request.timeout ?? calculateTimeout(this.expectedDuration)),
      probeMonitor: new ProbeMonitor(probes, { tenant, environment }, waitContext.clock),
      onProgress: (detail) => this.reportProgress(detail),
    });
  }

  private reportProgress(detail: DeploymentDetail): void {
    this.updateResult({ percentage: detail.percentage });
    this.context.log.info(formatProgress(this.name, detail));
  }

  private async handleOutcome(
    options: StartDeploymentOptions,
    number: number,
    outcome: DeploymentOutcome,
  ): Promise<void> {
    if (outcome.kind === 'reached-goal') return this.complete(outcome.detail);
    if (outcome.kind === 'rolled-back') return this.fail('rolled-back', formatRollbackReason(outcome.detail));
    const { appConfig, waitContext } = this.context;
    await waitForRollback({
      appConfig,
      waitContext,
      environmentRef: options.environmentRef,
      number,
      name: this.name,
      onProgress: (detail) => this.reportProgress(detail),
    });
    return this.fail('rolled-back', `it was stopped by a probe: ${outcome.reason}`);
  }

  private complete(detail: DeploymentDetail): void {
    const states: Readonly<Record<string, ProfileState>> = { COMPLETE: 'complete', BAKING: 'deployed' };
    const { version, label, startedAt, completedAt } = detail;
    // Both times by AppConfig's clock or both by ours: their difference is shown.
    const times =
      startedAt === undefined || completedAt === undefined
        ? { endedAt: this.context.waitContext.clock.now() }
        : { startedAt, endedAt: completedAt };
    this.updateResult({ state: states[detail.state] ?? 'started', version, label, ...times });
  }

  /** What validators objected to belongs on the line of the file. */
  private async annotate(error: unknown): Promise<void> {
    const { source } = this.profilePlan.desired;
    const violations = parseViolations(error);
    if (source.kind === 'external' || violations.length === 0) return;
    const { record, readFile } = this.context;
    // Without the file there is no line, and still an objection.
    const content = await readFile(source.file).catch(() => '');
    for (const { path, message } of violations) {
      const line = source.content.format === 'text' ? undefined : findLine(content, path);
      record.issues.push({ message: `${this.name}: ${message}`, file: source.file, line });
    }
  }
}

/** Deploys what differs in one environment, one profile after another. */
export const rollOutEnvironment = async (context: RolloutContext, plan: EnvironmentPlan): Promise<void> => {
  const { record, stopSignal, pendingDeployments } = context;
  const profiles = plan.profiles.filter(({ decision }) => decision === 'deploy');
  if (profiles.length === 0) return;
  const stateEntry = pendingDeployments.createEntry();
  for (const [index, profilePlan] of profiles.entries()) {
    const reason = stopSignal.getReason(plan.tenant);
    if (reason !== undefined) {
      const result = record.find(profilePlan.desired);
      if (result !== undefined) record.set({ ...result, state: 'not-started', reason: `not begun, since ${reason}` });
      continue;
    }
    await new ProfileRollout(context, plan, profilePlan, stateEntry, index === profiles.length - 1).run();
  }
};
