import { type ApiCall, output, type ServiceResponse } from '../../api-call.js';
import type { ServiceContext } from '../../service.js';
import { DAY_MS } from '../../time/duration.js';
import type { Deployments } from './deployment.js';
import type { AppConfigScenario } from './scenario.js';
import { badRequestError } from './service-errors.js';
import type { Environment, Profile, Store } from './store.js';

interface Session {
  readonly environment: Environment;
  readonly profile: Profile;
  /** The client's position among all clients, 0 to 100: deployments reach it at this percentage. */
  readonly percentile: number;
  readonly pollIntervalSeconds: number;
  /** Number of the version that the client already has. */
  readonly knownVersion: number | undefined;
  readonly expiresAt: number;
}

const SESSION_LIFETIME_MS = DAY_MS;
const MIN_POLL_INTERVAL_SECONDS = 15;

/** AppConfigData sessions. Each token is valid for one call (docs/aws-facts.md §2.6). */
export class Sessions {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly context: ServiceContext<AppConfigScenario>,
    private readonly store: Store,
    private readonly deployments: Deployments,
  ) {}

  start(call: ApiCall): ServiceResponse {
    const pollIntervalSeconds = Number(call.input['RequiredMinimumPollIntervalInSeconds'] ?? MIN_POLL_INTERVAL_SECONDS);
    if (pollIntervalSeconds < MIN_POLL_INTERVAL_SECONDS || pollIntervalSeconds > 86_400)
      throw badRequestError('RequiredMinimumPollIntervalInSeconds is out of range');
    const percentile = this.context.random.number() * 100;
    const session = {
      ...this.store.getConfiguration(call),
      percentile,
      pollIntervalSeconds,
      knownVersion: undefined,
      expiresAt: call.at + SESSION_LIFETIME_MS,
    };
    return output({ InitialConfigurationToken: this.issueToken(session) });
  }

  async read(call: ApiCall): Promise<ServiceResponse> {
    const token = String(call.input['ConfigurationToken']);
    const session = this.sessions.get(token);
    if (session === undefined || session.expiresAt < call.at)
      throw badRequestError('The configuration token is not valid');
    this.sessions.delete(token);
    const { environment, profile, percentile, pollIntervalSeconds, knownVersion } = session;
    environment.readAt = profile.readAt = call.at;
    const version = await this.deployments.findServedVersion(call, environment, profile, percentile);
    const next = this.issueToken({
      ...session,
      knownVersion: version?.number ?? knownVersion,
      expiresAt: call.at + SESSION_LIFETIME_MS,
    });
    const hasChanged = version !== undefined && version.number !== knownVersion;
    return output({
      NextPollConfigurationToken: next,
      NextPollIntervalInSeconds: pollIntervalSeconds,
      ContentType: version?.contentType ?? 'application/octet-stream',
      Configuration: hasChanged ? version.content : Buffer.alloc(0),
      VersionLabel: version?.label,
    });
  }

  private issueToken(session: Session): string {
    const token = this.context.random.hex(40);
    this.sessions.set(token, session);
    return token;
  }
}
