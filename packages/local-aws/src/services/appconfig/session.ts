import { type Call, output, type Reply } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import type { Deployments } from './deployment.js';
import { badRequest } from './refusal.js';
import type { AppConfigScenario } from './scenario.js';
import type { Environment, Profile, Store } from './store.js';

interface Session {
  readonly environment: Environment;
  readonly profile: Profile;
  /** Which share of all clients this one is in, 0 to 100. */
  readonly share: number;
  readonly pause: number;
  /** The version number that the client has. */
  readonly known: number | undefined;
  readonly expiresAt: number;
}

const LIFE = 24 * 3_600_000;
const LEAST_PAUSE = 15;

/** AppConfigData: sessions whose tokens are good once (aws-facts §2.6). */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  constructor(
    private readonly context: ServiceContext<AppConfigScenario>,
    private readonly store: Store,
    private readonly deployments: Deployments,
  ) {}

  start(call: Call): Reply {
    const pause = Number(call.input['RequiredMinimumPollIntervalInSeconds'] ?? LEAST_PAUSE);
    if (pause < LEAST_PAUSE || pause > 86_400) throw badRequest('RequiredMinimumPollIntervalInSeconds is out of range');
    const share = this.context.random.number() * 100;
    const session = { ...this.store.configuration(call), share, pause, known: undefined, expiresAt: call.at + LIFE };
    return output({ InitialConfigurationToken: this.#open(session) });
  }

  async read(call: Call): Promise<Reply> {
    const token = String(call.input['ConfigurationToken']);
    const session = this.#sessions.get(token);
    if (session === undefined || session.expiresAt < call.at) throw badRequest('The configuration token is not valid');
    this.#sessions.delete(token);
    const { environment, profile, share, pause, known } = session;
    environment.readAt = profile.readAt = call.at;
    const version = await this.deployments.served(call, environment, profile, share);
    const next = this.#open({ ...session, known: version?.number ?? known, expiresAt: call.at + LIFE });
    const isNews = version !== undefined && version.number !== known;
    return output({
      NextPollConfigurationToken: next,
      NextPollIntervalInSeconds: pause,
      ContentType: version?.contentType ?? 'application/octet-stream',
      Configuration: isNews ? version.content : Buffer.alloc(0),
      VersionLabel: version?.label,
    });
  }

  #open(session: Session): string {
    const token = this.context.random.hex(40);
    this.#sessions.set(token, session);
    return token;
  }
}
