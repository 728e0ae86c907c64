import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { isDocument } from '../../wire/json.js';
import type { SecretsManagerScenario } from './scenario.js';

interface Secret {
  readonly name: string;
  readonly value: string;
  readonly versionId: string;
  /** The six characters that AWS puts behind the name in an ARN. */
  readonly suffix: string;
}

interface Filter {
  readonly key: string;
  readonly values: readonly string[];
}

const PAGE = 100;

const readFilters = (input: Document): readonly Filter[] =>
  (Array.isArray(input['Filters']) ? input['Filters'].filter(isDocument) : []).map(({ Key, Values }) => ({
    key: String(Key),
    values: Array.isArray(Values) ? Values.map(String) : [],
  }));

/** A value is a prefix, `!` before it negates (Secrets Manager, ListSecrets filters). */
const passes = ({ name }: Secret, { values }: Filter): boolean =>
  values.some((value) => (value.startsWith('!') ? !name.startsWith(value.slice(1)) : name.startsWith(value)));

/** Secrets Manager, as far as reading goes: secrets come from the scenario. */
export const createSecretsManager = (context: ServiceContext<SecretsManagerScenario>): Service => {
  const { account, partition, random, clock, scenario } = context;
  const createdAt = new Date(clock.now());
  const secrets = Object.entries(scenario).map(([name, value]): Secret => {
    const own = random.fork(name);
    return { name, value, versionId: own.uuid(), suffix: own.lower(6) };
  });
  const arnOf = ({ name, suffix }: Secret, region: string) =>
    `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
  const find = (id: string, region: string) =>
    secrets.find((each) => [each.name, arnOf(each, region), arnOf(each, region).slice(0, -7)].includes(id));

  const describeValue = (secret: Secret, region: string): Document => ({
    ARN: arnOf(secret, region),
    Name: secret.name,
    SecretString: secret.value,
    VersionId: secret.versionId,
    VersionStages: ['AWSCURRENT'],
    CreatedDate: createdAt,
  });

  const getSecretValue = ({ input, region }: Call): Reply => {
    const secret = find(String(input['SecretId']), region);
    const missing = "Secrets Manager can't find the specified secret.";
    return secret === undefined
      ? apiError('ResourceNotFoundException', missing)
      : output(describeValue(secret, region));
  };

  const listSecrets = ({ input, region }: Call): Reply => {
    const filters = readFilters(input);
    const unknown = filters.find(({ key }) => key !== 'name');
    if (unknown !== undefined) {
      return apiError('NotImplemented', `local AWS filters secrets by name only, not by ${unknown.key}`, 501);
    }
    const found = secrets.filter((secret) => filters.every((filter) => passes(secret, filter)));
    const start = Number(input['NextToken'] ?? 0);
    const end = start + Number(input['MaxResults'] ?? PAGE);
    const page = found.slice(start, end).map((secret) => ({
      ARN: arnOf(secret, region),
      Name: secret.name,
      CreatedDate: createdAt,
      SecretVersionsToStages: { [secret.versionId]: ['AWSCURRENT'] },
    }));
    return output({ SecretList: page, ...(end < found.length && { NextToken: String(end) }) });
  };

  return {
    handle: byOperation({
      GetSecretValue: async (call) => getSecretValue(call),
      ListSecrets: async (call) => listSecrets(call),
    }),
    resolve: (call, resource) => {
      const secret = find(String(call.input['SecretId']), call.region);
      return secret === undefined ? resource : arnOf(secret, call.region);
    },
  };
};
