import { DeliveryError } from '@aws-delivery/action-kit/error';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  type STSClient,
  type Credentials as StsCredentials,
} from '@aws-sdk/client-sts';
import type { Credentials } from './credentials.js';
import type { SessionPolicies } from './hop.js';
import type { Identity } from './identity.js';
import type { Tag } from './session-tags.js';

/** What both ways into a role have in common. */
export interface Assumption {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  readonly policies: SessionPolicies;
}

export interface TaggedAssumption extends Assumption {
  readonly externalId: string | undefined;
  readonly tags: readonly Tag[];
  readonly transitive: readonly string[];
}

/** What is needed of STS. Each method makes one call; retries are the caller's. */
export interface TokenService {
  withToken(assumption: Assumption, token: string): Promise<Credentials>;
  withCredentials(assumption: TaggedAssumption, credentials: Credentials): Promise<Credentials>;
  identify(credentials: Credentials): Promise<Identity>;
}

const commonInput = ({ roleArn, sessionName, duration, policies }: Assumption) => ({
  RoleArn: roleArn,
  RoleSessionName: sessionName,
  DurationSeconds: duration,
  ...(policies.inline === undefined ? {} : { Policy: policies.inline }),
  ...(policies.managed.length === 0 ? {} : { PolicyArns: policies.managed.map((arn) => ({ arn })) }),
});

const taggedInput = (assumption: TaggedAssumption): AssumeRoleCommandInput => {
  const { externalId, tags, transitive } = assumption;
  const carried = transitive.filter((key) => tags.some((tag) => tag.key === key));
  return {
    ...commonInput(assumption),
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
    ...(tags.length === 0 ? {} : { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
    ...(carried.length === 0 ? {} : { TransitiveTagKeys: carried }),
  };
};

const incomplete = (operation: string): DeliveryError =>
  new DeliveryError('unexpected', `${operation} answered without what was asked for: is the endpoint STS?`);

const credentialsIn = (operation: string, answer: StsCredentials | undefined): Credentials => {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined) throw incomplete(operation);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration.getTime(),
  };
};

export interface TokenServiceOptions {
  /** A client that signs with the credentials, or with none. */
  readonly connect: (credentials: Credentials | undefined) => STSClient;
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** STS over the SDK's client; keys are masked as soon as they are known. */
export class SecurityTokenService implements TokenService {
  constructor(private readonly options: TokenServiceOptions) {}

  async withToken(assumption: Assumption, token: string): Promise<Credentials> {
    const command = new AssumeRoleWithWebIdentityCommand({ ...commonInput(assumption), WebIdentityToken: token });
    const answer = await this.using(undefined, (client, options) => client.send(command, options));
    return this.masked(credentialsIn('AssumeRoleWithWebIdentity', answer.Credentials));
  }

  async withCredentials(assumption: TaggedAssumption, credentials: Credentials): Promise<Credentials> {
    const command = new AssumeRoleCommand(taggedInput(assumption));
    const answer = await this.using(credentials, (client, options) => client.send(command, options));
    return this.masked(credentialsIn('AssumeRole', answer.Credentials));
  }

  async identify(credentials: Credentials): Promise<Identity> {
    const command = new GetCallerIdentityCommand({});
    const { Account, Arn, UserId } = await this.using(credentials, (client, options) => client.send(command, options));
    if (!Account || !Arn || !UserId) throw incomplete('GetCallerIdentity');
    return { account: Account, arn: Arn, userId: UserId };
  }

  private async using<T>(
    credentials: Credentials | undefined,
    send: (client: STSClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const client = this.options.connect(credentials);
    try {
      return await send(client, { abortSignal: this.options.signal });
    } finally {
      client.destroy();
    }
  }

  private masked(credentials: Credentials): Credentials {
    for (const secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken ?? '']) {
      this.options.mask(secret);
    }
    return credentials;
  }
}
