import { z } from 'zod';
import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { readDocuments, readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type OperationHandler, type Service, type ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';

/** Secrets by name: a string, or an object that is stored as JSON. */
export const secretsManagerScenario = z.record(
  z.string(),
  z.union([z.string(), z.looseObject({}).transform((value) => JSON.stringify(value))]),
);

export type SecretsManagerScenario = z.output<typeof secretsManagerScenario>;

/** A secret: current value and previous version id. */
interface Secret {
  readonly name: string;
  value: string;
  versionId: string;
  /** Id of the previous version. */
  previous: string | undefined;
  /** The six random characters after the name in the ARN. */
  readonly suffix: string;
}

const PAGE = { items: 'SecretList', defaultSize: 100 };

const getVersionStages = ({ versionId, previous }: Secret): Document => ({
  [versionId]: ['AWSCURRENT'],
  ...(previous !== undefined && { [previous]: ['AWSPREVIOUS'] }),
});

/** A filter value is a prefix of the name; a leading `!` negates it (ListSecrets). */
const matchesFilter = ({ name }: Secret, { Key: key, Values }: Document): boolean => {
  if (key !== 'name')
    throw serviceError('NotImplemented', `Local AWS does not support the secret filter ${key}: use name`, 501);
  return readStrings(Values).some((value) =>
    value.startsWith('!') ? !name.startsWith(value.slice(1)) : name.startsWith(value),
  );
};

/** Secrets Manager: read operations and PutSecretValue on the scenario's secrets. */
export const createSecretsManager = (context: ServiceContext<SecretsManagerScenario>): Service => {
  const { random, clock, scenario, buildArn } = context;
  const createdAt = new Date(clock.now());
  const secrets = Object.entries(scenario).map(([name, value]): Secret => {
    const own = random.fork(name);
    return { name, value, versionId: own.uuid(), previous: undefined, suffix: own.lower(6) };
  });
  const getArn = ({ name, suffix }: Secret, { region }: ApiCall) => buildArn(region, `secret:${name}-${suffix}`);
  const find = (call: ApiCall): Secret | undefined =>
    secrets.find((secret) => {
      const arn = getArn(secret, call);
      return [secret.name, arn, arn.slice(0, -7)].includes(String(call.input['SecretId']));
    });
  const describeIdentity = (secret: Secret, call: ApiCall) => ({ ARN: getArn(secret, call), Name: secret.name });
  const withSecret =
    (handle: (secret: Secret, call: ApiCall) => Document): OperationHandler =>
    (call) => {
      const secret = find(call);
      if (secret !== undefined) return { ...describeIdentity(secret, call), ...handle(secret, call) };
      throw serviceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    };
  return {
    handle: dispatchByOperation({
      DescribeSecret: withSecret((secret) => ({ VersionIdsToStages: getVersionStages(secret) })),
      GetSecretValue: withSecret(({ value, versionId }) => ({
        SecretString: value,
        VersionId: versionId,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: createdAt,
      })),
      ListSecrets: (call) => {
        const filters = readDocuments(call.input['Filters']);
        const found = secrets.filter((secret) => filters.every((filter) => matchesFilter(secret, filter)));
        return paginate(call, found, PAGE, (secret) => ({
          ...describeIdentity(secret, call),
          CreatedDate: createdAt,
          SecretVersionsToStages: getVersionStages(secret),
        }));
      },
      PutSecretValue: withSecret((secret, { input }) => {
        secret.previous = secret.versionId;
        secret.versionId = String(input['ClientRequestToken'] ?? random.uuid());
        secret.value = String(input['SecretString']);
        return { VersionId: secret.versionId, VersionStages: ['AWSCURRENT'] };
      }),
    }),
    resolveArn: (call, resource) => {
      const secret = find(call);
      return secret === undefined ? resource : getArn(secret, call);
    },
  };
};
