/** A part of what is asked of AWS, or of what a step gives out, that is a host's or a run's own. */
interface OwnField {
  /** The name of the input, of the output, or of a member in it. */
  readonly field: string;
  /** What of its text is their own; the rest is the same everywhere. */
  readonly part: RegExp;
  readonly because: string;
}

const whole = /^.*$/su;
const uuid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gu;
const suffix = /(?<=-)\w{12}$/u;

/** All that may differ between two hosts. */
const ownFields: readonly OwnField[] = [
  { field: 'WebIdentityToken', part: whole, because: "the host's own issuer says who the job is" },
  { field: 'claims', part: whole, because: 'as above, in its own words' },
  { field: 'RoleSessionName', part: whole, because: 'CloudTrail tells by it which host came' },
  { field: 'authenticated-arn', part: /(?<=assumed-role\/deliver\/).*/u, because: "the session's name" },
  { field: 'principal', part: /(?<=assumed-role\/deliver\/).*/u, because: "the session's name" },
  { field: 'user-id', part: whole, because: "AWS makes up the role's id; the session's name" },
  { field: 'aws-expiration', part: whole, because: 'time' },

  { field: 'ChangeSetName', part: /(run-[\w-]+)(\/.*)?/u, because: 'named after the run' },
  { field: 'change-set-name', part: whole, because: 'named after the run' },
  { field: 'change-set-id', part: /(?<=changeSet\/).*/u, because: 'named after the run' },
  { field: 'Description', part: /(?<=^AWS Delivery )\(.*\)$/u, because: 'the run' },
  { field: 'ClientRequestToken', part: whole, because: 'made from the run' },
  { field: 'ClientToken', part: whole, because: 'made from the run' },
  { field: 'StackName', part: uuid, because: 'AWS makes ids up' },
  { field: 'stack-id', part: uuid, because: 'AWS makes ids up' },
  { field: 'console-url', part: uuid, because: 'AWS makes ids up' },
  { field: 'creationTime', part: whole, because: 'time' },
  { field: 'BucketName', part: suffix, because: 'AWS makes names up' },
  { field: 'QueueName', part: suffix, because: 'AWS makes names up' },
  { field: 'StreamName', part: suffix, because: 'AWS makes names up' },
  { field: 'TableName', part: suffix, because: 'AWS makes names up' },

  { field: 'waited-seconds', part: whole, because: 'time' },
  { field: 'evidence-file', part: /^.*health-gate-[\w-]+/u, because: "in the host's folder, named after the step" },
  { field: 'sarif-file', part: /^.*ecr-push-scan-[\w-]+/u, because: "in the host's folder, named after the step" },
  { field: 'json-file', part: /^.*ecr-push-scan-[\w-]+/u, because: "in the host's folder, named after the step" },

  { field: 'aws-delivery:tree', part: /^[^:]+/u, because: 'the repository, as the host calls it' },
  { field: 'Description', part: /(?<=(run|step|attempt)=)\S+/gu, because: 'the run' },
  { field: 'Description', part: /(?<=process=).*/u, because: 'the process and, where the host tells it, the commit' },
  { field: 'VersionLabel', part: /(-[\da-f]{12})?$/u, because: 'ends in the commit, where the host tells it' },
  { field: 'label', part: /(-[\da-f]{12})?$/u, because: 'ends in the commit, where the host tells it' },
  { field: 'ApplicationId', part: whole, because: 'AWS makes ids up' },
  { field: 'EnvironmentId', part: whole, because: 'AWS makes ids up' },
  { field: 'ConfigurationProfileId', part: whole, because: 'AWS makes ids up' },
  { field: 'DeploymentStrategyId', part: whole, because: 'AWS makes ids up' },
  { field: 'startedAt', part: whole, because: 'time' },
  { field: 'endedAt', part: whole, because: 'time' },
  { field: 'revertibleUntil', part: whole, because: 'time' },
];

/** Local AWS has a port of its own for each run, and the registry is named after it. */
const port = /(?<=127[._]0[._]0[._]1[:_])\d+/gu;

/** Azure DevOps writes `stack-id` as `stackId`. */
const plainName = (name: string): string => name.replaceAll('-', '').toLowerCase();

const withoutOwn = (text: string, name: string): string =>
  ownFields
    .filter(({ field }) => plainName(field) === plainName(name))
    .reduce((common, { part }) => common.replace(part, '…'), text.replaceAll(port, '…'));

const isDocument = (text: string): boolean => /^[[{].*[\]}]$/su.test(text);

/** By its kind, not its class: the server's bytes may be of another realm than the test's. */
const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  Object.prototype.toString.call(value) === '[object Uint8Array]';

/** A value without what is a host's own; texts that hold JSON are looked into. */
export const commonPart = (value: unknown, name: string): unknown => {
  if (isBytes(value)) return commonPart(new TextDecoder().decode(value), name);
  if (typeof value === 'string') {
    const text = withoutOwn(value, name);
    return isDocument(text) ? commonPart(JSON.parse(text), name) : text;
  }
  if (Array.isArray(value)) return value.map((item) => commonPart(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, item]) => [member.replaceAll(port, '…'), commonPart(item, member)]),
  );
};
