import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { parseTemplate } from '@aws-delivery/template/template';
import { declaredTypes } from './declared-types.js';
import type { Deployment } from './request.js';
import { servicesOf } from './resource-services.js';

/** A resource of a stack. */
export interface StackResource {
  readonly type: string;
  /** Undefined before it is created. */
  readonly physicalId: string | undefined;
}

/** What is about to be deployed touches these. */
export interface Footprint {
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
  stackResources(stack: string): Promise<readonly StackResource[]>;
}

// Whatever is deployed, CloudFormation deploys it.
const ALWAYS = ['CLOUDFORMATION'];

const NESTED = 'AWS::CloudFormation::Stack';

const typesIn = async (path: string, reader: DeploymentReader): Promise<readonly string[]> => {
  const text = await reader.readFile(path).catch((cause) => {
    throw new DeliveryError('not-found', `input 'template': '${path}' cannot be read: ${textOf(cause)}`, { cause });
  });
  return declaredTypes(parseTemplate(text));
};

const nestedIn = (resources: readonly StackResource[]): readonly string[] =>
  resources.flatMap(({ type, physicalId }) => (type === NESTED && physicalId !== undefined ? [physicalId] : []));

/** The resources of a stack and of the stacks nested in it. */
const allResources = async (stack: string, reader: DeploymentReader): Promise<readonly StackResource[]> => {
  const found: StackResource[] = [];
  const waiting = [stack];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const resources = await reader.stackResources(next);
    // A nested stack that could be looked into is no longer a type unknown.
    found.push(...resources.filter(({ type, physicalId }) => type !== NESTED || physicalId === undefined));
    waiting.push(...nestedIn(resources));
  }
  return found;
};

/** A guess that can only add: most codes are the namespace in upper case. */
const guessOf = (type: string): readonly string[] => {
  const [owner, namespace] = type.split('::');
  return owner === 'AWS' && namespace !== undefined ? [namespace.toUpperCase()] : [];
};

/** What a deployment touches, as far as the map of resource types knows. */
export const readFootprint = async (deployment: Deployment, reader: DeploymentReader): Promise<Footprint> => {
  const { templates, stack } = deployment;
  const declared = await Promise.all(templates.map((path) => typesIn(path, reader)));
  const existing = stack === undefined ? [] : await allResources(stack, reader);
  const types = [...new Set([...declared.flat(), ...existing.map(({ type }) => type)])].sort();
  const unmapped = types.filter((type) => servicesOf(type) === undefined);
  const services = [...ALWAYS, ...types.flatMap((type) => servicesOf(type) ?? guessOf(type))];
  return {
    services: [...new Set(services)].sort(),
    unmapped,
    resources: existing.flatMap(({ physicalId }) => (physicalId === undefined ? [] : [physicalId])),
  };
};
