import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toDeliveryError } from '@aws-delivery/aws/error';
import { paginate } from '@aws-delivery/aws/pagination';
import type { SSMClient, Parameter as SsmParameter } from '@aws-sdk/client-ssm';

/** A parameter with its value; SecureStrings are secret. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** The operations of Systems Manager in use. */
export interface ParameterStore {
  /** Parameters by name (`/prod/a`, `/prod/a:3`) or ARN, with the given ids as keys; unknown ones are absent. */
  readParameters(ids: readonly string[]): Promise<ReadonlyMap<string, Parameter>>;
  /** All parameters below a path that ends with a slash. */
  listParameters(path: string): Promise<readonly Parameter[]>;
}

// Limit of GetParameters.
const MAX_NAMES_PER_CALL = 10;

const toParameter = ({ Name, Value, Type }: SsmParameter): Parameter => {
  if (Name !== undefined && Value !== undefined) return { name: Name, value: Value, isSecret: Type === 'SecureString' };
  throw new DeliveryError('unexpected', 'Systems Manager returned a parameter without a value: check the SSM endpoint');
};

const matchesId = ({ Name, ARN, Selector = '' }: SsmParameter, id: string): boolean =>
  [Name, ARN].some((name) => name !== undefined && `${name}${Selector}` === id);

/** Systems Manager through the SDK, which is loaded on first use. */
export class SsmParameterStore implements ParameterStore {
  constructor(private readonly createClient: () => Promise<SSMClient>) {}

  async readParameters(ids: readonly string[]): Promise<ReadonlyMap<string, Parameter>> {
    const found = new Map<string, Parameter>();
    for (let start = 0; start < ids.length; start += MAX_NAMES_PER_CALL) {
      const names = ids.slice(start, start + MAX_NAMES_PER_CALL);
      const parameters = await this.getParameters(names);
      for (const id of names) {
        const parameter = parameters.find((each) => matchesId(each, id));
        if (parameter !== undefined) found.set(id, toParameter(parameter));
      }
    }
    return found;
  }

  async listParameters(path: string): Promise<readonly Parameter[]> {
    const { GetParametersByPathCommand } = await import('@aws-sdk/client-ssm');
    const client = await this.createClient();
    try {
      const parameters = await paginate(async (token) => {
        const input = { Path: path, Recursive: true, WithDecryption: true, NextToken: token };
        const { Parameters = [], NextToken } = await client.send(new GetParametersByPathCommand(input));
        return { items: Parameters, next: NextToken };
      });
      return parameters.map(toParameter);
    } catch (error) {
      throw toDeliveryError(error, `GetParametersByPath for '${path}'`);
    }
  }

  private async getParameters(names: readonly string[]): Promise<readonly SsmParameter[]> {
    const { GetParametersCommand } = await import('@aws-sdk/client-ssm');
    const client = await this.createClient();
    try {
      const { Parameters = [] } = await client.send(
        new GetParametersCommand({ Names: [...names], WithDecryption: true }),
      );
      return Parameters;
    } catch (error) {
      throw toDeliveryError(error, `GetParameters of ${names.map((name) => `'${name}'`).join(', ')}`);
    }
  }
}
