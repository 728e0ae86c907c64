import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  type STSClient,
  type Credentials as StsCredentials,
} from '@aws-sdk/client-sts';
import { type Credentials, listSecretValues } from './credentials.js';
import type { SessionPolicies } from './role-step.js';
import type { Tag } from './session-tags.js';

/** The caller of GetCallerIdentity. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** Parameters that both AssumeRole operations share. */
export interface SessionOptions {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  readonly policies: SessionPolicies;
}

export interface AssumeRoleOptions extends SessionOptions {
  readonly externalId: string | undefined;
  readonly tags: readonly Tag[];
  readonly transitive: readonly string[];
}

/** The operations of STS in use. Each method makes one call without retries. */
export interface StsApi {
  assumeRoleWithWebIdentity(sessionOptions: SessionOptions, token: string): Promise<Credentials>;
  assumeRole(assumeRoleOptions: AssumeRoleOptions, credentials: Credentials): Promise<Credentials>;
  getCallerIdentity(credentials: Credentials): Promise<Identity>;
}

const buildSessionInput = ({ roleArn, sessionName, duration, policies }: SessionOptions) => ({
  RoleArn: roleArn,
  RoleSessionName: sessionName,
  DurationSeconds: duration,
  ...(policies.inline === undefined ? {} : { Policy: policies.inline }),
  ...(policies.managed.length === 0 ? {} : { PolicyArns: policies.managed.map((arn) => ({ arn })) }),
});

const buildAssumeRoleInput = (assumeRoleOptions: AssumeRoleOptions): AssumeRoleCommandInput => {
  const { externalId, tags, transitive } = assumeRoleOptions;
  const transitiveTagKeys = transitive.filter((key) => tags.some((tag) => tag.key === key));
  return {
    ...buildSessionInput(assumeRoleOptions),
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
    ...(tags.length === 0 ? {} : { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
    ...(transitiveTagKeys.length === 0 ? {} : { TransitiveTagKeys: transitiveTagKeys }),
  };
};

const createIncompleteError = (operation: string): DeliveryError =>
  new DeliveryError('unexpected', `${operation} returned an incomplete response: check the STS endpoint`);

const parseCredentials = (operation: string, response: StsCredentials | undefined): Credentials => {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = response ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined)
    throw createIncompleteError(operation);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration.getTime(),
  };
};

export interface StsClientOptions {
  /** Creates a client; without credentials it sends unsigned requests. */
  readonly createClient: (credentials: Credentials | undefined) => STSClient;
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** STS through the SDK; masks credentials as soon as they arrive. */
export class StsSdkClient implements StsApi {
  constructor(private readonly options: StsClientOptions) {}

  async assumeRoleWithWebIdentity(sessionOptions: SessionOptions, token: string): Promise<Credentials> {
    const command = new AssumeRoleWithWebIdentityCommand({
      ...buildSessionInput(sessionOptions),
      WebIdentityToken: token,
    });
    const response = await this.withClient(undefined, (client, options) => client.send(command, options));
    return this.maskCredentials(parseCredentials('AssumeRoleWithWebIdentity', response.Credentials));
  }

  async assumeRole(assumeRoleOptions: AssumeRoleOptions, credentials: Credentials): Promise<Credentials> {
    const command = new AssumeRoleCommand(buildAssumeRoleInput(assumeRoleOptions));
    const response = await this.withClient(credentials, (client, options) => client.send(command, options));
    return this.maskCredentials(parseCredentials('AssumeRole', response.Credentials));
  }

  async getCallerIdentity(credentials: Credentials): Promise<Identity> {
    const command = new GetCallerIdentityCommand({});
    const { Account, Arn, UserId } = await this.withClient(credentials, (client, options) =>
      client.send(command, options),
    );
    if (!Account || !Arn || !UserId) throw createIncompleteError('GetCallerIdentity');
    return { account: Account, arn: Arn, userId: UserId };
  }

  private async withClient<T>(
    credentials: Credentials | undefined,
    send: (client: STSClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const client = this.options.createClient(credentials);
    try {
      return await send(client, { abortSignal: this.options.signal });
    } finally {
      client.destroy();
    }
  }

  private maskCredentials(credentials: Credentials): Credentials {
    for (const secret of listSecretValues(credentials)) this.options.mask(secret);
    return credentials;
  }
}
