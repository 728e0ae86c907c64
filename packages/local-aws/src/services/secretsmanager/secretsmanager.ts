import { apiError, type Call, type Document, type Handle, output, type Reply } from '../../call.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { isDocument } from '../../wire/json.js';
import type { SecretsManagerScenario } from './scenario.js';

interface Secret {
  readonly name: string;
  value: string;
  versionId: string;
  /** The version before the current one. */
  previous: string | undefined;
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

const stagesOf = ({ versionId, previous }: Secret): Document => ({
  [versionId]: ['AWSCURRENT'],
  ...(previous !== undefined && { [previous]: ['AWSPREVIOUS'] }),
});

/** A value is a prefix, `!` before it negates (Secrets Manager, ListSecrets filters). */
const passes = ({ name }: Secret, { values }: Filter): boolean =>
  values.some((value) => (value.startsWith('!') ? !name.startsWith(value.slice(1)) : name.startsWith(value)));

/** What is kept: secrets of the scenario, of each the current value and which version was there before. */
class Secrets {
  readonly #context: ServiceContext<SecretsManagerScenario>;
  readonly #createdAt: Date;
  readonly #secrets: readonly Secret[];

  constructor(context: ServiceContext<SecretsManagerScenario>) {
    const { random, clock, scenario } = context;
    this.#context = context;
    this.#createdAt = new Date(clock.now());
    this.#secrets = Object.entries(scenario).map(([name, value]): Secret => {
      const own = random.fork(name);
      return { name, value, versionId: own.uuid(), previous: undefined, suffix: own.lower(6) };
    });
  }

  arnOf({ name, suffix }: Secret, region: string): string {
    const { account, partition } = this.#context;
    return `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
  }

  find({ input, region }: Call): Secret | undefined {
    const id = String(input['SecretId']);
    return this.#secrets.find((each) => {
      const arn = this.arnOf(each, region);
      return [each.name, arn, arn.slice(0, -7)].includes(id);
    });
  }

  describe({ region }: Call, secret: Secret): Document {
    return { ...this.#named(secret, region), VersionIdsToStages: stagesOf(secret) };
  }

  read({ region }: Call, secret: Secret): Document {
    const { value: SecretString, versionId: VersionId } = secret;
    const rest = { SecretString, VersionId, VersionStages: ['AWSCURRENT'], CreatedDate: this.#createdAt };
    return { ...this.#named(secret, region), ...rest };
  }

  put({ input, region }: Call, secret: Secret): Document {
    secret.previous = secret.versionId;
    secret.versionId = String(input['ClientRequestToken'] ?? this.#context.random.uuid());
    secret.value = String(input['SecretString']);
    return { ...this.#named(secret, region), VersionId: secret.versionId, VersionStages: ['AWSCURRENT'] };
  }

  list({ input, region }: Call): Reply {
    const filters = readFilters(input);
    const unknown = filters.find(({ key }) => key !== 'name');
    if (unknown !== undefined) {
      return apiError('NotImplemented', `local AWS filters secrets by name only, not by ${unknown.key}`, 501);
    }
    const found = this.#secrets.filter((secret) => filters.every((filter) => passes(secret, filter)));
    const start = Number(input['NextToken'] ?? 0);
    const end = start + Number(input['MaxResults'] ?? PAGE);
    const page = found.slice(start, end).map((secret) => ({
      ...this.#named(secret, region),
      CreatedDate: this.#createdAt,
      SecretVersionsToStages: stagesOf(secret),
    }));
    return output({ SecretList: page, ...(end < found.length && { NextToken: String(end) }) });
  }

  #named(secret: Secret, region: string): Document {
    return { ARN: this.arnOf(secret, region), Name: secret.name };
  }
}

/** Secrets Manager, as far as reading goes, and new values: secrets come from the scenario. */
export const createSecretsManager = (context: ServiceContext<SecretsManagerScenario>): Service => {
  const secrets = new Secrets(context);
  const onSecret =
    (answer: (call: Call, secret: Secret) => Document): Handle =>
    async (call) => {
      const secret = secrets.find(call);
      if (secret !== undefined) return output(answer(call, secret));
      return apiError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    };
  return {
    handle: byOperation({
      DescribeSecret: onSecret((call, secret) => secrets.describe(call, secret)),
      GetSecretValue: onSecret((call, secret) => secrets.read(call, secret)),
      ListSecrets: async (call) => secrets.list(call),
      PutSecretValue: onSecret((call, secret) => secrets.put(call, secret)),
    }),
    resolve: (call, resource) => {
      const secret = secrets.find(call);
      return secret === undefined ? resource : secrets.arnOf(secret, call.region);
    },
  };
};
