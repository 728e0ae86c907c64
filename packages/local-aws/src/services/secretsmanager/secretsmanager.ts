import {
  type ApiCall,
  createErrorResponse,
  type Document,
  type Handler,
  output,
  type ServiceResponse,
} from '../../api-call.js';
import { getPage } from '../../pagination.js';
import { readDocuments, readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import type { SecretsManagerScenario } from './scenario.js';

interface Secret {
  readonly name: string;
  value: string;
  versionId: string;
  /** Id of the previous version. */
  previous: string | undefined;
  /** The six random characters after the name in the ARN. */
  readonly suffix: string;
}

interface Filter {
  readonly key: string;
  readonly values: readonly string[];
}

const DEFAULT_PAGE_SIZE = 100;

const readFilters = (input: Document): readonly Filter[] =>
  readDocuments(input['Filters']).map(({ Key, Values }) => ({
    key: String(Key),
    values: readStrings(Values),
  }));

const getVersionStages = ({ versionId, previous }: Secret): Document => ({
  [versionId]: ['AWSCURRENT'],
  ...(previous !== undefined && { [previous]: ['AWSPREVIOUS'] }),
});

/** A filter value is a prefix; a leading `!` negates it (ListSecrets). */
const matchesFilter = ({ name }: Secret, { values }: Filter): boolean =>
  values.some((value) => (value.startsWith('!') ? !name.startsWith(value.slice(1)) : name.startsWith(value)));

/** Secrets of the scenario: current value and previous version id. */
class Secrets {
  private readonly createdAt: Date;
  private readonly secrets: readonly Secret[];

  constructor(private readonly context: ServiceContext<SecretsManagerScenario>) {
    const { random, clock, scenario } = context;
    this.createdAt = new Date(clock.now());
    this.secrets = Object.entries(scenario).map(([name, value]): Secret => {
      const own = random.fork(name);
      return { name, value, versionId: own.uuid(), previous: undefined, suffix: own.lower(6) };
    });
  }

  buildArn({ name, suffix }: Secret, region: string): string {
    const { account, partition } = this.context;
    return `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
  }

  find({ input, region }: ApiCall): Secret | undefined {
    const id = String(input['SecretId']);
    return this.secrets.find((each) => {
      const arn = this.buildArn(each, region);
      return [each.name, arn, arn.slice(0, -7)].includes(id);
    });
  }

  describe({ region }: ApiCall, secret: Secret): Document {
    return { ...this.describeIdentity(secret, region), VersionIdsToStages: getVersionStages(secret) };
  }

  read({ region }: ApiCall, secret: Secret): Document {
    const { value: SecretString, versionId: VersionId } = secret;
    const rest = { SecretString, VersionId, VersionStages: ['AWSCURRENT'], CreatedDate: this.createdAt };
    return { ...this.describeIdentity(secret, region), ...rest };
  }

  put({ input, region }: ApiCall, secret: Secret): Document {
    secret.previous = secret.versionId;
    secret.versionId = String(input['ClientRequestToken'] ?? this.context.random.uuid());
    secret.value = String(input['SecretString']);
    return { ...this.describeIdentity(secret, region), VersionId: secret.versionId, VersionStages: ['AWSCURRENT'] };
  }

  list({ input, region }: ApiCall): ServiceResponse {
    const filters = readFilters(input);
    const unknown = filters.find(({ key }) => key !== 'name');
    if (unknown !== undefined) {
      return createErrorResponse(
        'NotImplemented',
        `Local AWS does not support the secret filter ${unknown.key}: use name`,
        501,
      );
    }
    const found = this.secrets.filter((secret) => filters.every((filter) => matchesFilter(secret, filter)));
    const { items, nextToken } = getPage(found, input['NextToken'], Number(input['MaxResults'] ?? DEFAULT_PAGE_SIZE));
    const page = items.map((secret) => ({
      ...this.describeIdentity(secret, region),
      CreatedDate: this.createdAt,
      SecretVersionsToStages: getVersionStages(secret),
    }));
    return output({ SecretList: page, NextToken: nextToken });
  }

  private describeIdentity(secret: Secret, region: string): Document {
    return { ARN: this.buildArn(secret, region), Name: secret.name };
  }
}

/** Secrets Manager: read operations and PutSecretValue on the scenario's secrets. */
export const createSecretsManager = (context: ServiceContext<SecretsManagerScenario>): Service => {
  const secrets = new Secrets(context);
  const withSecret =
    (handle: (call: ApiCall, secret: Secret) => Document): Handler =>
    async (call) => {
      const secret = secrets.find(call);
      if (secret !== undefined) return output(handle(call, secret));
      return createErrorResponse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    };
  return {
    handle: dispatchByOperation({
      DescribeSecret: withSecret((call, secret) => secrets.describe(call, secret)),
      GetSecretValue: withSecret((call, secret) => secrets.read(call, secret)),
      ListSecrets: async (call) => secrets.list(call),
      PutSecretValue: withSecret((call, secret) => secrets.put(call, secret)),
    }),
    resolveArn: (call, resource) => {
      const secret = secrets.find(call);
      return secret === undefined ? resource : secrets.buildArn(secret, call.region);
    },
  };
};
