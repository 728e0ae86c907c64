import type { Document, RequiredPermission } from '../api-call.js';
import type { ProtocolName } from '../protocols/protocol.js';

/** What a demand is made from: the input, and where the call goes. */
export interface PermissionContext {
  readonly input: Document;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

/** What is known of an operation, modelled or not: upstream calls are authorised by it too. */
export interface OperationModel {
  /** True when the operation changes state; what its name tells where left out. */
  readonly write?: boolean;
  /** The IAM actions it needs, each on its resource; none for unrestricted operations; the rule's where left out. */
  readonly requiredPermissions?: (context: PermissionContext) => readonly RequiredPermission[];
  /** True for operations that AWS lets anyone call: the request needs no signature. */
  readonly unsigned?: boolean;
}

/** What is known of a service without a model of it: how it is spoken to, and what its operations need. */
export interface ServiceModel {
  /** As in `AWS_ENDPOINT_URL_<NAME>` and `--upstream name=URL`, in lower case. */
  readonly name: string;
  /** The service of the SigV4 credential scope, where it differs from the name (`monitoring`, `codeguru-reviewer`). */
  readonly signingName?: string;
  /** The prefix of its IAM actions, where it differs from the name. */
  readonly iamPrefix?: string;
  readonly protocol: ProtocolName;
  /** awsQuery: the API version (`2011-06-15`); awsJson: the prefix of `x-amz-target`. Absent in REST. */
  readonly target?: string;
  /** The namespace of its XML documents; absent where it speaks JSON only. */
  readonly xmlNamespace?: string;
  /** The SDK client package, whose schemas are read: `() => import('@aws-sdk/client-sts')`. */
  readonly loadClient: () => Promise<object>;
  /** The rule for its operations is `<prefix>:<Operation>` on these resources; on `*` where left out. */
  readonly getResourceArns?: (context: PermissionContext, operation: string) => string | readonly string[];
  /** Operations whose IAM action has another name, without the prefix. */
  readonly actions?: Readonly<Record<string, string>>;
  /** What any operation needs besides, when its input says so. */
  readonly getAdditionalPermissions?: (context: PermissionContext) => readonly RequiredPermission[];
  /** Operations that follow another rule. */
  readonly operations?: Readonly<Record<string, OperationModel>>;
}

/** The permission to pass a role to a service. */
export const createPassRolePermission = (roleArn: string, service: string): RequiredPermission => ({
  action: 'iam:PassRole',
  resource: roleArn,
  context: { 'iam:PassedToService': `${service}.amazonaws.com` },
});

/** Does an operation only read, as far as its name tells? `GET /path` is one that only an upstream knows. */
export const isReadOperation = (operation: string): boolean =>
  /^(Get|List|Describe|Head|BatchGet|BatchCheck|Lookup|Validate|Estimate|Detect|GET |HEAD )/.test(operation);

/** What is known of an operation: what its service's entry says, and the rule for the rest. */
export const getOperationModel = (
  service: Omit<ServiceModel, 'loadClient' | 'protocol'>,
  operation: string,
): Required<OperationModel> => {
  const action = `${service.iamPrefix ?? service.name}:${service.actions?.[operation] ?? operation}`;
  const listPermissions = (context: PermissionContext): readonly RequiredPermission[] => [
    ...[service.getResourceArns?.(context, operation) ?? '*'].flat().map((resource) => ({ action, resource })),
    ...(service.getAdditionalPermissions?.(context) ?? []),
  ];
  return {
    write: !isReadOperation(operation),
    requiredPermissions: listPermissions,
    unsigned: false,
    ...service.operations?.[operation],
  };
};
