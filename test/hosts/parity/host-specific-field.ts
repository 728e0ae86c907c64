/** A part of an AWS call or of an output that may differ between hosts or runs. */
interface HostSpecificField {
  /** The name of the call's input, of the output, or of a member in them. */
  readonly field: string;
  /** The part of the value that may differ. */
  readonly pattern: RegExp;
  readonly reason: string;
}

const whole = /^.*$/su;
const uuid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gu;
const suffix = /(?<=-)\w{12}$/u;

/** All differences that are allowed between two hosts. */
const HOST_SPECIFIC_FIELDS: readonly HostSpecificField[] = [
  { field: 'WebIdentityToken', pattern: whole, reason: "a token of the host's issuer" },
  { field: 'claims', pattern: whole, reason: "claims of the host's token" },
  { field: 'RoleSessionName', pattern: whole, reason: 'names the host for CloudTrail' },
  { field: 'authenticated-arn', pattern: /(?<=assumed-role\/deliver\/).*/u, reason: "the session's name" },
  { field: 'principal', pattern: /(?<=assumed-role\/deliver\/).*/u, reason: "the session's name" },
  { field: 'user-id', pattern: whole, reason: "the role's generated id and the session's name" },
  { field: 'aws-expiration', pattern: whole, reason: 'time' },

  { field: 'ChangeSetName', pattern: /(run-[\w-]+)(\/.*)?/u, reason: 'named after the run' },
  { field: 'change-set-name', pattern: whole, reason: 'named after the run' },
  { field: 'change-set-id', pattern: /(?<=changeSet\/).*/u, reason: 'named after the run' },
  { field: 'Description', pattern: /(?<=^AWS Delivery )\(.*\)$/u, reason: 'the run' },
  { field: 'ClientRequestToken', pattern: whole, reason: 'made from the run' },
  { field: 'ClientToken', pattern: whole, reason: 'made from the run' },
  { field: 'StackName', pattern: uuid, reason: 'generated id' },
  { field: 'stack-id', pattern: uuid, reason: 'generated id' },
  { field: 'console-url', pattern: uuid, reason: 'generated id' },
  { field: 'creationTime', pattern: whole, reason: 'time' },
  { field: 'BucketName', pattern: suffix, reason: 'generated name' },
  { field: 'QueueName', pattern: suffix, reason: 'generated name' },
  { field: 'StreamName', pattern: suffix, reason: 'generated name' },
  { field: 'TableName', pattern: suffix, reason: 'generated name' },

  { field: 'waited-seconds', pattern: whole, reason: 'time' },
  {
    field: 'evidence-file',
    pattern: /^.*health-gate-[\w-]+/u,
    reason: "in the host's directory, named after the step",
  },
  { field: 'sarif-file', pattern: /^.*ecr-push-scan-[\w-]+/u, reason: "in the host's directory, named after the step" },
  { field: 'json-file', pattern: /^.*ecr-push-scan-[\w-]+/u, reason: "in the host's directory, named after the step" },

  { field: 'aws-delivery:tree', pattern: /^[^:]+/u, reason: "the host's name of the repository" },
  { field: 'Description', pattern: /(?<=(run|step|attempt)=)\S+/gu, reason: 'the run' },
  { field: 'Description', pattern: /(?<=process=).*/u, reason: 'the process and, if the host provides it, the commit' },
  { field: 'VersionLabel', pattern: /(-[\da-f]{12})?$/u, reason: 'ends in the commit, if the host provides it' },
  { field: 'label', pattern: /(-[\da-f]{12})?$/u, reason: 'ends in the commit, if the host provides it' },
  { field: 'ApplicationId', pattern: whole, reason: 'generated id' },
  { field: 'EnvironmentId', pattern: whole, reason: 'generated id' },
  { field: 'ConfigurationProfileId', pattern: whole, reason: 'generated id' },
  { field: 'DeploymentStrategyId', pattern: whole, reason: 'generated id' },
  { field: 'startedAt', pattern: whole, reason: 'time' },
  { field: 'endedAt', pattern: whole, reason: 'time' },
  { field: 'revertibleUntil', pattern: whole, reason: 'time' },
];

/** Local AWS's port, which differs between runs and is part of the registry's name. */
const port = /(?<=127[._]0[._]0[._]1[:_])\d+/gu;

/** Ignores hyphens and case: `stack-id` is `stackId` on Azure DevOps. */
const normalizeName = (name: string): string => name.replaceAll('-', '').toLowerCase();

const removeHostSpecific = (content: string, name: string): string =>
  HOST_SPECIFIC_FIELDS.filter(({ field }) => normalizeName(field) === normalizeName(name)).reduce(
    (common, { pattern }) => common.replace(pattern, '…'),
    content.replaceAll(port, '…'),
  );

const isDocument = (content: string): boolean => /^[[{].*[\]}]$/su.test(content);

/** Checks the tag, not the class: the server's bytes may come from another realm than the test's. */
const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  Object.prototype.toString.call(value) === '[object Uint8Array]';

/** Removes everything host-specific from a value, also in strings that contain JSON. */
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
