import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { IAMClient } from '@aws-sdk/client-iam';
import { getRoleName } from '../role/arn.js';
import type { Credentials } from '../role/credentials.js';

/** Access to the trust policies of roles. */
export interface RoleReader {
  /** The policy, parsed; undefined when it cannot be read. Never rejects: the policy only adds to a diagnosis. */
  readTrustPolicy(roleArn: string): Promise<unknown>;
}

export interface RoleReaderOptions {
  /** The SDK's default credentials; rejects when there are none. */
  readonly getDefaultCredentials: () => Promise<Credentials>;
  readonly createClient: (credentials: Credentials) => Promise<IAMClient>;
  /** Receives the reason why a policy was not read. */
  readonly debug: (message: string) => void;
}

const READ_TIMEOUT_MS = 5000;

/** Reads roles from IAM with the default credentials. */
export class IamRoleReader implements RoleReader {
  constructor(private readonly options: RoleReaderOptions) {}

  async readTrustPolicy(roleArn: string): Promise<unknown> {
    try {
      const client = await this.options.createClient(await this.options.getDefaultCredentials());
      const { GetRoleCommand } = await import('@aws-sdk/client-iam');
      const command = new GetRoleCommand({ RoleName: getRoleName(roleArn) });
      const { Role } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_TIMEOUT_MS) });
      // GetRole finds a role by name in the caller's account, which may be another role of the same name.
      if (Role?.Arn !== roleArn || Role.AssumeRolePolicyDocument === undefined) return undefined;
      return parseDocument(decodeURIComponent(Role.AssumeRolePolicyDocument));
    } catch (error) {
      this.options.debug(`Trust policy of ${roleArn} not read: ${errorMessage(error)}`);
      return undefined;
    }
  }
}
