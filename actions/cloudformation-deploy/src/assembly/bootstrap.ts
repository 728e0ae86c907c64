import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError, toDeliveryError } from '@aws-delivery/aws/error';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Services } from '../services.js';
import { type Environment, formatEnvironment } from './environment.js';

/** The version of the bootstrap stack that a stack or its assets need. */
export interface BootstrapRequirement {
  readonly requiresBootstrapStackVersion?: number | undefined;
  readonly bootstrapStackVersionSsmParameter?: string | undefined;
}

const createBootstrapError = (problem: string, environment: Environment): DeliveryError =>
  new DeliveryError('rejected', `${problem}: run cdk bootstrap ${formatEnvironment(environment)}`);

const readVersion = async ({ configuration }: Services, name: string, environment: Environment): Promise<number> => {
  try {
    const { Parameter } = await new SSMClient(configuration).send(new GetParameterCommand({ Name: name }));
    return Number(Parameter?.Value);
  } catch (error) {
    if (hasErrorCode(error, 'ParameterNotFound')) {
      throw createBootstrapError(
        `${formatEnvironment(environment)} is not bootstrapped (no parameter ${name})`,
        environment,
      );
    }
    if (classifyError(error) !== 'denied') throw toDeliveryError(error, 'GetParameter');
    const hint = `grant ssm:GetParameter on ${name} to the role`;
    throw new DeliveryError(
      'denied',
      `cannot read the bootstrap version of ${formatEnvironment(environment)}: ${hint}`,
      {
        cause: error,
      },
    );
  }
};

/** Reads the versions of bootstrap stacks from Systems Manager, each once. */
export class BootstrapVersions {
  private readonly versions = new Map<string, Promise<number>>();

  /**
   * @returns the version; undefined if the stack needs none
   * @throws DeliveryError `rejected` with the command to run, if the environment has no or an older bootstrap stack
   */
  async check(
    { requiresBootstrapStackVersion: required, bootstrapStackVersionSsmParameter: name }: BootstrapRequirement,
    environment: Environment,
    services: Services,
  ): Promise<number | undefined> {
    if (required === undefined || name === undefined) return undefined;
    const key = `${formatEnvironment(environment)} ${name}`;
    const version = this.versions.get(key) ?? readVersion(services, name, environment);
    this.versions.set(key, version);
    const found = await version;
    if (found >= required) return found;
    const problem = `${formatEnvironment(environment)} has the bootstrap version ${found}, but ${required} is required`;
    throw createBootstrapError(problem, environment);
  }
}
