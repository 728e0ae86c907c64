/** An entity of Amazon ECS, in lower case. Undefined: the value does not show it. */
export interface EcsEntity {
  readonly kind: 'cluster' | 'service' | 'task';
  readonly cluster: string | undefined;
  readonly service: string | undefined;
}

const ARN_PATTERN = /^arn:[a-z-]+:ecs:[^:]*:[^:]*:(cluster|service|task)\/(?:([^/]+)\/)?([^/]+)$/;

/**
 * Parses an ARN of ECS, or `cluster|service`, which is how AWS Health writes services. Older ARNs of services and tasks
 * contain no cluster. Undefined for other values.
 */
export const parseEcsEntity = (value: string): EcsEntity | undefined => {
  const [, piped, pipedService] = /^([\w-]+)\|([\w-]+)$/.exec(value) ?? [];
  if (piped !== undefined) return { kind: 'service', cluster: piped, service: pipedService };
  const [, kind, parent, name] = ARN_PATTERN.exec(value) ?? [];
  if (kind === 'cluster') return { kind, cluster: name, service: undefined };
  if (kind === 'service') return { kind, cluster: parent, service: name };
  return kind === 'task' ? { kind, cluster: parent, service: undefined } : undefined;
};

const isSameOrUnknown = (left: string | undefined, right: string | undefined): boolean =>
  left === undefined || right === undefined || left === right;

/**
 * Whether an entity may be, contain or belong to one of our own: a cluster contains its services, and a task may belong
 * to any service of its cluster.
 */
export const isRelatedEcsEntity = (own: EcsEntity, entity: EcsEntity): boolean =>
  isSameOrUnknown(own.cluster, entity.cluster) && isSameOrUnknown(own.service, entity.service);
