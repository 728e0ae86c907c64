import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { Credentials } from './credentials.js';

/** Reads a role's trust policy, where somebody may. */
export interface RoleReader {
  /** The policy; undefined where it cannot be read, for whatever reason: this only adds to a diagnosis. */
  readTrustPolicy(roleArn: string): Promise<unknown>;
}

export interface RoleReaderOptions {
  /** The ambient credentials; rejects where there are none. */
  readonly getDefaultCredentials: () => Promise<Credentials>;
  readonly createClient: (credentials: Credentials) => Promise<IAMClient>;
  /** Told why a policy was not read. */
  readonly debug: (message: string) => void;
}

/** How long a look at the role may take, in milliseconds; the diagnosis is of use without it. */
const READ_TIMEOUT_MS = 5000;

const getRoleName = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf('/') + 1);

/** Roles as IAM shows them to the ambient credentials. */
export class IamRoleReader implements RoleReader {
  constructor(private readonly options: RoleReaderOptions) {}

  async readTrustPolicy(roleArn: string): Promise<unknown> {
    try {
      const client = await this.options.createClient(await this.options.getDefaultCredentials());
      const { GetRoleCommand } = await import('@aws-sdk/client-iam');
      const command = new GetRoleCommand({ RoleName: getRoleName(roleArn) });
      const { Role } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_TIMEOUT_MS) });
      // Another account's role of the same name is none of our business.
      if (Role?.Arn !== roleArn || Role.AssumeRolePolicyDocument === undefined) return undefined;
      return parseDocument(decodeURIComponent(Role.AssumeRolePolicyDocument));
    } catch (error) {
      this.options.debug(`the role's trust policy was not read: ${String(error)}`);
      return undefined;
    }
  }
}
