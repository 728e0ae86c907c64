import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import type { AwsClientConfig } from './client-options.js';
import { formatAwsError, toDeliveryError } from './error.js';

/** A role to assume with the credentials of a client configuration. */
export interface AssumedRole {
  readonly arn: string;
  readonly sessionName: string;
  readonly externalId?: string | undefined;
  /** Further members of AssumeRole's input, such as `Tags` and `TransitiveTagKeys`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Temporary credentials, as clients expect them from a provider, which they call again before the expiration. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

const buildInput = ({ arn, sessionName, externalId, options }: AssumedRole): AssumeRoleCommandInput => ({
  ...options,
  RoleArn: arn,
  RoleSessionName: sessionName,
  ...(externalId === undefined ? {} : { ExternalId: externalId }),
});

/**
 * A provider of credentials that assumes a role.
 * @param mask receives each secret
 * @throws DeliveryError with the role's ARN, from each call
 */
export const createRoleProvider =
  (config: AwsClientConfig, role: AssumedRole, mask: (secret: string) => void): (() => Promise<RoleCredentials>) =>
  async () => {
    try {
      const { Credentials } = await new STSClient(config).send(new AssumeRoleCommand(buildInput(role)));
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined) {
        throw new DeliveryError('unexpected', 'AssumeRole returned no credentials');
      }
      for (const secret of [SecretAccessKey, SessionToken]) mask(secret);
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    } catch (error) {
      const { code } = toDeliveryError(error);
      throw new DeliveryError(code, `cannot assume role ${role.arn}: ${formatAwsError(error)}`, { cause: error });
    }
  };
