import type { Document, RequiredPermission } from '../api-call.js';
import type { ProtocolName } from '../protocols/protocol.js';

/** What required permissions depend on: the input and where the call goes. */
export interface PermissionContext {
  readonly input: Document;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

/** What authorization and the call log need to know about an operation; applies to upstream calls too. */
export interface OperationModel {
  /** Whether the operation changes state; default: by its name. */
  readonly write?: boolean;
  /** The permissions it requires; an empty list for unrestricted operations; default: the service's rule. */
  readonly requiredPermissions?: (context: PermissionContext) => readonly RequiredPermission[];
  /** Whether the operation needs no signature. */
  readonly unsigned?: boolean;
}

/** What local AWS knows about a service's API: protocol, schemas and required permissions. */
export interface ServiceModel {
  /** As in `AWS_ENDPOINT_URL_<NAME>` and `--upstream name=URL`, in lower case. */
  readonly name: string;
  /** The service in the SigV4 credential scope, if it differs from the name (`monitoring`). */
  readonly signingName?: string;
  /** The prefix of its IAM actions, if it differs from the name. */
  readonly iamPrefix?: string;
  readonly protocol: ProtocolName;
  /** The API version (awsQuery, `2011-06-15`) or the prefix of `x-amz-target` (awsJson); undefined for REST. */
  readonly target?: string;
  /** The namespace of its XML documents; undefined for JSON protocols. */
  readonly xmlNamespace?: string;
  /** Imports the SDK client that the schemas are read from: `() => import('@aws-sdk/client-sts')`. */
  readonly loadClient: () => Promise<object>;
  /** What its ARNs name besides the partition; default: Region and account. */
  readonly scope?: 'account' | 'global';
  /** The resources of the default permission `<prefix>:<Operation>`, as ARNs or without their prefix; default `*`. */
  readonly getResources?: (context: PermissionContext, operation: string) => string | readonly string[] | undefined;
  /** IAM actions whose name differs from the operation's, without the prefix. */
  readonly actions?: Readonly<Record<string, string>>;
  /** Permissions that any operation requires in addition, depending on its input. */
  readonly getAdditionalPermissions?: (context: PermissionContext) => readonly RequiredPermission[];
  /** Operations that differ from these rules. */
  readonly operations?: Readonly<Record<string, OperationModel>>;
}

/** Whether an operation only reads, by its name. `GET /path` is an operation that only an upstream knows. */
const isReadOperation = (operation: string): boolean =>
  /^(Get|List|Describe|Head|BatchGet|BatchCheck|Lookup|Validate|Estimate|Detect|GET |HEAD )/.test(operation);

/** The model of an operation: the service's entry for it, completed with the default rules. */
export const getOperationModel = (
  service: Omit<ServiceModel, 'loadClient' | 'protocol'>,
  operation: string,
): Required<OperationModel> => {
  const prefix = service.iamPrefix ?? service.name;
  const action = `${prefix}:${service.actions?.[operation] ?? operation}`;
  const listPermissions = (context: PermissionContext): readonly RequiredPermission[] => {
    const { partition, region, account } = context;
    const owner = { global: ':', account: `:${account}`, regional: `${region}:${account}` }[
      service.scope ?? 'regional'
    ];
    const resources = [service.getResources?.(context, operation) ?? []].flat();
    const arns = resources.map((each) =>
      each.startsWith('arn:') ? each : `arn:${partition}:${prefix}:${owner}:${each}`,
    );
    return [
      ...(arns.length === 0 ? ['*'] : arns).map((resource) => ({ action, resource })),
      ...(service.getAdditionalPermissions?.(context) ?? []),
    ];
  };
  return {
    write: !isReadOperation(operation),
    requiredPermissions: listPermissions,
    unsigned: false,
    ...service.operations?.[operation],
  };
};
