import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { AssumedRole } from '@aws-delivery/aws/assume-role';
import type { Services } from '../services.js';
import { type Environment, replacePlaceholders } from './environment.js';

/** A role of an assembly, as a stack or a destination names it. */
export interface AssemblyRole {
  readonly assumeRoleArn?: string | undefined;
  readonly assumeRoleExternalId?: string | undefined;
  readonly assumeRoleAdditionalOptions?: Readonly<Record<string, unknown>> | undefined;
}

/** What to do if a role cannot be assumed and the credentials of the step are of the right account. */
export type RoleFallback = 'fail' | 'warn';

/** Replaces the placeholders in all texts of a value. */
const replaceInValue = (value: unknown, environment: Environment): unknown => {
  if (typeof value === 'string') return replacePlaceholders(value, environment);
  if (Array.isArray(value)) return value.map((item) => replaceInValue(item, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceInValue(item, environment)]));
};

const createSessionName = ({ env }: Services['host']): string =>
  `aws-delivery-${env['GITHUB_RUN_ID'] ?? 'run'}`.replaceAll(/[^\w+=,.@-]/gu, '-').slice(0, 64);

/** Connects to environments with the roles of an assembly, each role and Region once. */
export class RoleConnections {
  private readonly connections = new Map<string, Promise<Services>>();

  constructor(
    private readonly services: Services,
    private readonly fallback: RoleFallback,
  ) {}

  /** @throws DeliveryError if the role cannot be assumed */
  connect(role: AssemblyRole, environment: Environment): Promise<Services> {
    const assumedRole = this.toAssumedRole(role, environment);
    const key = JSON.stringify([environment, assumedRole]);
    const connection = this.connections.get(key) ?? this.open(assumedRole, environment);
    this.connections.set(key, connection);
    return connection;
  }

  private toAssumedRole(role: AssemblyRole, environment: Environment): AssumedRole | undefined {
    const { assumeRoleArn: arn, assumeRoleExternalId: externalId, assumeRoleAdditionalOptions: options } = role;
    if (arn === undefined) return undefined;
    return {
      arn: replacePlaceholders(arn, environment),
      sessionName: createSessionName(this.services.host),
      externalId: externalId === undefined ? undefined : replacePlaceholders(externalId, environment),
      options: options === undefined ? undefined : (replaceInValue(options, environment) as AssumedRole['options']),
    };
  }

  private async open(role: AssumedRole | undefined, { account, region }: Environment): Promise<Services> {
    const connected = this.services.connect({ region, role });
    if (role === undefined) return connected;
    try {
      await connected.getAccount();
      return connected;
    } catch (error) {
      if (this.fallback === 'fail' || (await this.services.getAccount()) !== account) throw error;
      this.services.host.log.warning(`${errorMessage(error)}. Continuing with the credentials of the step`);
      return this.services.connect({ region, role: undefined });
    }
  }
}
