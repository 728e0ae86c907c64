import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { readStrings } from '../../protocols/document.js';
import type { OperationHandlers, ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import type { SsmScenario } from './scenario.js';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
}

const MAX_NAMES = 10;

/** `/a/b` of the ARN of a parameter; other names are unchanged. The ARN of `a` and that of `/a` are the same. */
const parseName = (nameOrArn: string): string => nameOrArn.replace(/^arn:.*:parameter(?=\/)/, '');

/** A parameter, and the version that its name selects. */
interface SelectedParameter {
  readonly parameter: Parameter;
  readonly selector: string | undefined;
}

/** Parameters of the scenario and those that PutParameter adds. Only the current version is kept. */
class Parameters {
  private readonly parameters: Map<string, Parameter>;

  constructor(private readonly context: ServiceContext<SsmScenario>) {
    const { parameters } = context.scenario;
    this.parameters = new Map(
      Object.entries(parameters).map(([name, parameter]) => [name, { ...parameter, name, version: 1 }]),
    );
  }

  /** Parameters that stacks have provisioned. */
  private listProvisioned(): readonly Parameter[] {
    const { listProvisionedResources, clock } = this.context;
    return listProvisionedResources('AWS::SSM::Parameter', clock.now()).map(({ physicalId: name, properties }) => ({
      name,
      type: String(properties['Type'] ?? 'String'),
      value: String(properties['Value']),
      version: 1,
    }));
  }

  get(name: string): Parameter | undefined {
    return this.parameters.get(name) ?? this.listProvisioned().find((each) => each.name === name);
  }

  /** A parameter by name, `name:version` or ARN. */
  find(id: string): SelectedParameter | undefined {
    const [, name = '', selector] = /^(.*?)(:\d+)?$/.exec(parseName(id)) ?? [];
    const parameter = this.get(name) ?? (id.startsWith('arn:') ? this.get(name.slice(1)) : undefined);
    const isCurrent = selector === undefined || selector === `:${parameter?.version}`;
    return parameter === undefined || !isCurrent ? undefined : { parameter, selector };
  }

  put(parameter: Parameter): void {
    this.parameters.set(parameter.name, parameter);
  }

  list(path: string, isRecursive: boolean): readonly Parameter[] {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    return [...this.parameters.values(), ...this.listProvisioned()]
      .filter(({ name }) => name.startsWith(prefix) && (isRecursive || !name.slice(prefix.length).includes('/')))
      .toSorted((left, right) => left.name.localeCompare(right.name));
  }
}

/** Operations on parameters. */
export const createParameterHandlers = (context: ServiceContext<SsmScenario>): OperationHandlers => {
  const parameters = new Parameters(context);

  /** Values of SecureStrings are readable only with decryption. */
  const describe = ({ name, type, value, version }: Parameter, { input, region }: ApiCall): Document => ({
    Name: name,
    Type: type,
    Value: type === 'SecureString' && input['WithDecryption'] !== true ? `encrypted:${value.length}` : value,
    Version: version,
    ARN: context.buildArn(region, `parameter/${name.replace(/^\//, '')}`),
  });
  const describeSelected = ({ parameter, selector }: SelectedParameter, call: ApiCall): Document => ({
    ...describe(parameter, call),
    ...(selector !== undefined && { Selector: selector }),
  });

  return {
    GetParameter: (call) => {
      const name = String(call.input['Name']);
      const found = parameters.find(name);
      if (found === undefined) throw serviceError('ParameterNotFound', `Parameter ${name} not found.`);
      return { Parameter: describeSelected(found, call) };
    },
    GetParameters: (call) => {
      const names = readStrings(call.input['Names']);
      if (names.length > MAX_NAMES) {
        const rule = `Member must have length less than or equal to ${MAX_NAMES}`;
        throw serviceError('ValidationException', `Value at 'names' failed to satisfy constraint: ${rule}`);
      }
      const selected = names.flatMap((name) => parameters.find(name) ?? []);
      return {
        Parameters: selected.map((found) => describeSelected(found, call)),
        InvalidParameters: names.filter((name) => parameters.find(name) === undefined),
      };
    },
    GetParametersByPath: (call) => {
      const { Path, Recursive } = call.input;
      const found = parameters.list(String(Path), Recursive === true);
      const page = { items: 'Parameters', defaultSize: MAX_NAMES };
      return paginate(call, found, page, (parameter) => describe(parameter, call));
    },
    PutParameter: ({ input }) => {
      const name = String(input['Name']);
      const before = parameters.get(name);
      if (before !== undefined && input['Overwrite'] !== true) {
        throw serviceError('ParameterAlreadyExists', 'The parameter already exists.');
      }
      const version = (before?.version ?? 0) + 1;
      const type = String(input['Type'] ?? before?.type ?? 'String');
      parameters.put({ name, type, value: String(input['Value']), version });
      return { Version: version, Tier: 'Standard' };
    },
  };
};
