import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { parseTemplate } from '@aws-delivery/template/template';
import type { Deployment } from '../inputs/parse-request.js';
import { listDeclaredTypes } from './declared-types.js';
import { findServices } from './resource-services.js';

/** A resource of a stack. */
export interface StackResource {
  readonly type: string;
  /** Undefined before it is created. */
  readonly physicalId: string | undefined;
}

/** What is about to be deployed touches these. */
export interface DeploymentScope {
  /** Codes of AWS Health, sorted. */
  readonly services: readonly string[];
  /** Resource types that the map does not know, and in words what a template does not show. */
  readonly unmapped: readonly string[];
  /** Physical ids of the stack's resources. */
  readonly resources: readonly string[];
}

/** What is read to know it. */
export interface DeploymentReader {
  readFile(path: string): Promise<string>;
  /** The resources of a stack; throws `not-found` where there is none. */
  listStackResources(stack: string): Promise<readonly StackResource[]>;
}

// Whatever is deployed, CloudFormation deploys it.
const BASE_SERVICES = ['CLOUDFORMATION'];

const NESTED_STACK_TYPE = 'AWS::CloudFormation::Stack';

const readDeclaredTypes = async (path: string, reader: DeploymentReader): Promise<readonly string[]> => {
  const content = await reader.readFile(path).catch((cause) => {
    throw new DeliveryError('not-found', `input 'template': '${path}' cannot be read: ${errorMessage(cause)}`, {
      cause,
    });
  });
  return listDeclaredTypes(parseTemplate(content));
};

const findNestedStacks = (resources: readonly StackResource[]): readonly string[] =>
  resources.flatMap(({ type, physicalId }) =>
    type === NESTED_STACK_TYPE && physicalId !== undefined ? [physicalId] : [],
  );

/** The resources of a stack and of the stacks nested in it. */
const listAllResources = async (stack: string, reader: DeploymentReader): Promise<readonly StackResource[]> => {
  const found: StackResource[] = [];
  const queue = [stack];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const resources = await reader.listStackResources(next);
    // A nested stack that could be looked into is no longer a type unknown.
    found.push(...resources.filter(({ type, physicalId }) => type !== NESTED_STACK_TYPE || physicalId === undefined));
    queue.push(...findNestedStacks(resources));
  }
  return found;
};

/** A guess that can only add: most codes are the namespace in upper case. */
const determineFallbackServices = (type: string): readonly string[] => {
  const [owner, namespace] = type.split('::');
  return owner === 'AWS' && namespace !== undefined ? [namespace.toUpperCase()] : [];
};

/** What a deployment touches, as far as the map of resource types knows. */
export const readDeploymentScope = async (
  deployment: Deployment,
  reader: DeploymentReader,
): Promise<DeploymentScope> => {
  const { templates, stack } = deployment;
  const declared = await Promise.all(templates.map((path) => readDeclaredTypes(path, reader)));
  const existing = stack === undefined ? [] : await listAllResources(stack, reader);
  const types = [...new Set([...declared.flat(), ...existing.map(({ type }) => type)])].sort();
  const unmapped = types.filter((type) => findServices(type) === undefined);
  const services = [
    ...BASE_SERVICES,
    ...types.flatMap((type) => findServices(type) ?? determineFallbackServices(type)),
  ];
  return {
    services: [...new Set(services)].sort(),
    unmapped,
    resources: existing.flatMap(({ physicalId }) => (physicalId === undefined ? [] : [physicalId])),
  };
};
