/** A part of what is asked of AWS, or of what a step gives out, that is a host's or a run's own. */
interface HostSpecificField {
  /** The name of the input, of the output, or of a member in it. */
  readonly field: string;
  /** What of its text is their own; the rest is the same everywhere. */
  readonly pattern: RegExp;
  readonly reason: string;
}

const whole = /^.*$/su;
const uuid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gu;
const suffix = /(?<=-)\w{12}$/u;

/** All that may differ between two hosts. */
const HOST_SPECIFIC_FIELDS: readonly HostSpecificField[] = [
  { field: 'WebIdentityToken', pattern: whole, reason: "the host's own issuer says who the job is" },
  { field: 'claims', pattern: whole, reason: 'as above, in its own words' },
  { field: 'RoleSessionName', pattern: whole, reason: 'CloudTrail tells by it which host came' },
  { field: 'authenticated-arn', pattern: /(?<=assumed-role\/deliver\/).*/u, reason: "the session's name" },
  { field: 'principal', pattern: /(?<=assumed-role\/deliver\/).*/u, reason: "the session's name" },
  { field: 'user-id', pattern: whole, reason: "AWS makes up the role's id; the session's name" },
  { field: 'aws-expiration', pattern: whole, reason: 'time' },

  { field: 'ChangeSetName', pattern: /(run-[\w-]+)(\/.*)?/u, reason: 'named after the run' },
  { field: 'change-set-name', pattern: whole, reason: 'named after the run' },
  { field: 'change-set-id', pattern: /(?<=changeSet\/).*/u, reason: 'named after the run' },
  { field: 'Description', pattern: /(?<=^AWS Delivery )\(.*\)$/u, reason: 'the run' },
  { field: 'ClientRequestToken', pattern: whole, reason: 'made from the run' },
  { field: 'ClientToken', pattern: whole, reason: 'made from the run' },
  { field: 'StackName', pattern: uuid, reason: 'AWS makes ids up' },
  { field: 'stack-id', pattern: uuid, reason: 'AWS makes ids up' },
  { field: 'console-url', pattern: uuid, reason: 'AWS makes ids up' },
  { field: 'creationTime', pattern: whole, reason: 'time' },
  { field: 'BucketName', pattern: suffix, reason: 'AWS makes names up' },
  { field: 'QueueName', pattern: suffix, reason: 'AWS makes names up' },
  { field: 'StreamName', pattern: suffix, reason: 'AWS makes names up' },
  { field: 'TableName', pattern: suffix, reason: 'AWS makes names up' },

  { field: 'waited-seconds', pattern: whole, reason: 'time' },
  { field: 'evidence-file', pattern: /^.*health-gate-[\w-]+/u, reason: "in the host's folder, named after the step" },
  { field: 'sarif-file', pattern: /^.*ecr-push-scan-[\w-]+/u, reason: "in the host's folder, named after the step" },
  { field: 'json-file', pattern: /^.*ecr-push-scan-[\w-]+/u, reason: "in the host's folder, named after the step" },

  { field: 'aws-delivery:tree', pattern: /^[^:]+/u, reason: 'the repository, as the host calls it' },
  { field: 'Description', pattern: /(?<=(run|step|attempt)=)\S+/gu, reason: 'the run' },
  { field: 'Description', pattern: /(?<=process=).*/u, reason: 'the process and, where the host tells it, the commit' },
  { field: 'VersionLabel', pattern: /(-[\da-f]{12})?$/u, reason: 'ends in the commit, where the host tells it' },
  { field: 'label', pattern: /(-[\da-f]{12})?$/u, reason: 'ends in the commit, where the host tells it' },
  { field: 'ApplicationId', pattern: whole, reason: 'AWS makes ids up' },
  { field: 'EnvironmentId', pattern: whole, reason: 'AWS makes ids up' },
  { field: 'ConfigurationProfileId', pattern: whole, reason: 'AWS makes ids up' },
  { field: 'DeploymentStrategyId', pattern: whole, reason: 'AWS makes ids up' },
  { field: 'startedAt', pattern: whole, reason: 'time' },
  { field: 'endedAt', pattern: whole, reason: 'time' },
  { field: 'revertibleUntil', pattern: whole, reason: 'time' },
];

/** Local AWS has a port of its own for each run, and the registry is named after it. */
const port = /(?<=127[._]0[._]0[._]1[:_])\d+/gu;

/** Azure DevOps writes `stack-id` as `stackId`. */
const normalizeName = (name: string): string => name.replaceAll('-', '').toLowerCase();

const removeHostSpecific = (content: string, name: string): string =>
  HOST_SPECIFIC_FIELDS.filter(({ field }) => normalizeName(field) === normalizeName(name)).reduce(
    (common, { pattern }) => common.replace(pattern, '…'),
    content.replaceAll(port, '…'),
  );

const isDocument = (content: string): boolean => /^[[{].*[\]}]$/su.test(content);

/** By its kind, not its class: the server's bytes may be of another realm than the test's. */
const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  Object.prototype.toString.call(value) === '[object Uint8Array]';

/** A value without what is a host's own; texts that hold JSON are looked into. */
export const toCommonValue = (value: unknown, name: string): unknown => {
  if (isBytes(value)) return toCommonValue(new TextDecoder().decode(value), name);
  if (typeof value === 'string') {
    const content = removeHostSpecific(value, name);
    return isDocument(content) ? toCommonValue(JSON.parse(content), name) : content;
  }
  if (Array.isArray(value)) return value.map((item) => toCommonValue(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, item]) => [member.replaceAll(port, '…'), toCommonValue(item, member)]),
  );
};
