import { ProbeMonitor } from '@aws-delivery/action-kit/probe/probes';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { type DeploymentDetail, type DeploymentRef, formatRollbackReason } from '../appconfig/deployments.js';
import type { ProfileEntry } from '../appconfig/resources.js';
import { parseViolations } from '../appconfig/service-error.js';
import { formatProfileName } from '../desired/desired-profile.js';
import { LineFinder } from '../desired/documents/document.js';
import { parsePointer } from '../desired/documents/schema.js';
import { getExpectedDuration } from '../inputs/strategy.js';
import type { EnvironmentPlan, ProfilePlan } from '../plan/rollout-plan.js';
import type { ProfileResult, ProfileState } from '../run-record.js';
import { type DeploymentOutcome, type FollowOptions, followDeployment, waitForRollback } from './follow-deployment.js';
import type { StateEntry } from './pending-deployments.js';
import { formatProgress } from './progress.js';
import type { RolloutContext } from './rollout-context.js';
import { type StartDeploymentOptions, startDeployment, UnknownStartError } from './start-deployment.js';

/** Default timeout beyond the duration of the strategy: a share of it, at least `minMs`. */
const TIMEOUT_MARGIN = { minMs: 5 * 60_000, share: 0.1 } as const;

const calculateTimeout = (expectedDuration: number): number =>
  expectedDuration + Math.max(TIMEOUT_MARGIN.minMs, expectedDuration * TIMEOUT_MARGIN.share);

const DEPLOYED_BY_OTHERS = 'another run or user deployed the same content';

/** The rollout of one profile in one environment, from missing resources to the end of its deployment. */
class ProfileRollout {
  private readonly name: string;
  private readonly expectedDuration: number;

  constructor(
    private readonly context: RolloutContext,
    private readonly plan: EnvironmentPlan,
    private readonly profilePlan: ProfilePlan,
    private readonly stateEntry: StateEntry,
    /** Whether no deployment of the environment follows: only the last one may be left before it completes. */
    private readonly isLast: boolean,
  ) {
    this.name = formatProfileName(profilePlan.desired);
    this.expectedDuration = getExpectedDuration(plan.strategy.growth);
  }

  /** Deploys and records the result. Throws only on abort. */
  async run(): Promise<void> {
    const { log, waitContext } = this.context;
    try {
      await this.deploy();
    } catch (error) {
      if (waitContext.signal.aborted) throw error;
      await this.annotate(error);
      if (error instanceof UnknownStartError) this.updateResult({ deployment: error.number });
      // A deployment that started, or may have, is still running after a timeout or a failed read.
      this.fail(this.result.deployment === undefined ? 'failed' : 'unfinished', errorMessage(error));
      log.debug(error instanceof Error ? (error.stack ?? '') : '');
    }
  }

  private get result(): ProfileResult {
    return this.context.record.get(this.profilePlan.desired);
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
      this.updateResult({ state: 'unchanged', version, label, reason: DEPLOYED_BY_OTHERS });
      log.info(`${this.name}: unchanged, ${DEPLOYED_BY_OTHERS}`);
      return;
    }
    const { deployment } = startResult;
    const { tenant, environment, profile } = this.profilePlan.desired;
    startedDeployments.push({ ...deployment, tenant, environment, profile, previous: this.profilePlan.deployed });
    const startedAt = waitContext.clock.now();
    this.updateResult({
      state: 'deploying',
      deployment: deployment.number,
      startedAt,
      percentage: 0,
      reason: undefined,
    });
    await this.handleOutcome(deployment, await this.follow(deployment));
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
      hasValidators: false,
    };
    const environmentRef = { applicationId: application.id, environmentId: environmentResource.id };
    const description = runMarker.createDescription();
    const version = await this.ensureVersion(environmentRef.applicationId, profile.id, description);
    const { stateEntry } = this;
    return { desired, environmentRef, profile, strategyId, version, description, stateEntry };
  }

  private async ensureVersion(applicationId: string, profileId: string, description: string): Promise<string> {
    const { desired, sourceVersion } = this.profilePlan;
    const { environment, source } = desired;
    if (source.kind === 'external') return sourceVersion ?? '';
    const { versions, commit } = this.context;
    const { number } = await versions.ensure({
      applicationId,
      profileId,
      environment,
      content: source.content,
      commit,
      description,
    });
    return String(number);
  }

  private follow(deployment: DeploymentRef): Promise<DeploymentOutcome> {
    const { waitContext, probes, request } = this.context;
    const { clock } = waitContext;
    const { tenant, environment } = this.profilePlan.desired;
    // With an input `timeout`, the limit of the run ends the wait.
    const timeout = request.timeout === undefined ? calculateTimeout(this.expectedDuration) : Number.POSITIVE_INFINITY;
    const followOptions: FollowOptions = {
      goal: this.isLast ? request.waitFor : 'complete',
      expectedDuration: this.expectedDuration,
      deadline: clock.now() + timeout,
      probeMonitor: new ProbeMonitor(probes, { tenant, environment }, clock),
      onProgress: (detail) => this.reportProgress(detail),
    };
    return followDeployment(this.context, deployment, followOptions);
  }

  private reportProgress(detail: DeploymentDetail): void {
    this.updateResult({ percentage: detail.percentage });
    this.context.log.info(formatProgress(this.name, detail));
  }

  private async handleOutcome(deployment: DeploymentRef, outcome: DeploymentOutcome): Promise<void> {
    if (outcome.kind === 'reached-goal') return this.complete(outcome.detail);
    if (outcome.kind === 'rolled-back') return this.fail('rolled-back', formatRollbackReason(outcome.detail));
    await waitForRollback(this.context, deployment, { onProgress: (detail) => this.reportProgress(detail) });
    return this.fail('rolled-back', `stopped by a failed probe: ${outcome.reason}`);
  }

  private complete(detail: DeploymentDetail): void {
    const states: Readonly<Record<string, ProfileState>> = { COMPLETE: 'complete', BAKING: 'deployed' };
    const { version, label, startedAt, completedAt } = detail;
    // Both times from AppConfig's clock or both from ours: reports show their difference.
    const times =
      startedAt === undefined || completedAt === undefined
        ? { endedAt: this.context.waitContext.clock.now() }
        : { startedAt, endedAt: completedAt };
    this.updateResult({ state: states[detail.state] ?? 'started', version, label, ...times });
  }

  /** Records violations of the profile's validators with file and line. */
  private async annotate(error: unknown): Promise<void> {
    const { source } = this.profilePlan.desired;
    const violations = parseViolations(error);
    if (source.kind === 'external' || violations.length === 0) return;
    const { record, readFile } = this.context;
    // An unreadable file only costs the line.
    const content = await readFile(source.file).catch(() => '');
    const lines = source.content.format === 'text' ? undefined : new LineFinder(content);
    for (const { pointer, message } of violations) {
      const line = lines?.find(parsePointer(pointer));
      record.issues.push({ message: `${this.name}: ${message}`, file: source.file, line });
    }
  }
}

/** Deploys the changed profiles of one environment, one after another. */
export const rollOutEnvironment = async (context: RolloutContext, plan: EnvironmentPlan): Promise<void> => {
  const { record, stopSignal, pendingDeployments } = context;
  const profiles = plan.profiles.filter(({ decision }) => decision === 'deploy');
  if (profiles.length === 0) return;
  const stateEntry = pendingDeployments.createEntry();
  for (const [index, profilePlan] of profiles.entries()) {
    const reason = stopSignal.getReason(plan.tenant);
    if (reason !== undefined) {
      record.set({ ...record.get(profilePlan.desired), state: 'not-started', reason: `not started because ${reason}` });
      continue;
    }
    await new ProfileRollout(context, plan, profilePlan, stateEntry, index === profiles.length - 1).run();
  }
};
