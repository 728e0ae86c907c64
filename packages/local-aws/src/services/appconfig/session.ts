import type { OperationHandlers, ServiceContext } from '../../service.js';
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

/** AppConfigData: sessions whose tokens are each valid for one call (docs/aws-facts.md §2.6). */
export const createSessionHandlers = (
  { random }: ServiceContext<AppConfigScenario>,
  store: Store,
  deployments: Deployments,
): OperationHandlers => {
  const sessions = new Map<string, Session>();
  const issueToken = (session: Omit<Session, 'expiresAt'>, at: number): string => {
    const token = random.hex(40);
    sessions.set(token, { ...session, expiresAt: at + SESSION_LIFETIME_MS });
    return token;
  };
  return {
    StartConfigurationSession: (call) => {
      const interval = Number(call.input['RequiredMinimumPollIntervalInSeconds'] ?? MIN_POLL_INTERVAL_SECONDS);
      if (interval < MIN_POLL_INTERVAL_SECONDS || interval > 86_400)
        throw badRequestError('RequiredMinimumPollIntervalInSeconds is out of range');
      const client = { percentile: random.number() * 100, pollIntervalSeconds: interval, knownVersion: undefined };
      return { InitialConfigurationToken: issueToken({ ...store.getConfiguration(call), ...client }, call.at) };
    },
    GetLatestConfiguration: async (call) => {
      const token = String(call.input['ConfigurationToken']);
      const session = sessions.get(token);
      if (session === undefined || session.expiresAt < call.at)
        throw badRequestError('The configuration token is not valid');
      sessions.delete(token);
      const { environment, profile, percentile, pollIntervalSeconds, knownVersion } = session;
      environment.readAt = profile.readAt = call.at;
      const version = await deployments.findServedVersion(call, environment, profile, percentile);
      const hasChanged = version !== undefined && version.VersionNumber !== knownVersion;
      return {
        NextPollConfigurationToken: issueToken(
          { ...session, knownVersion: version?.VersionNumber ?? knownVersion },
          call.at,
        ),
        NextPollIntervalInSeconds: pollIntervalSeconds,
        ContentType: version?.ContentType ?? 'application/octet-stream',
        Configuration: hasChanged ? version.Content : Buffer.alloc(0),
        VersionLabel: version?.VersionLabel,
      };
    },
  };
};
