import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import { isList, isMapping, toScalarString, type Value } from '@aws-delivery/template/value';
import type { Deployment } from '../inputs/parse-request.js';
import { findServices } from './resource-services.js';

/** A resource of an existing stack. */
export interface StackResource {
  readonly type: string;
  /** Undefined before it is created. */
  readonly physicalId: string | undefined;
}

/** Services and resources that a deployment touches. */
export interface DeploymentScope {
  /** Service codes of AWS Health, sorted. */
  readonly services: readonly string[];
  /** Resource types that are not in the map, and descriptions of what a template does not show; sorted. */
  readonly unmapped: readonly string[];
  /** Resource types of the templates and the stack, sorted. */
  readonly types: readonly string[];
  /** Physical ids of the stack's resources. */
  readonly resources: readonly string[];
}

/** File and stack access. */
export interface DeploymentReader {
  readFile(path: string): Promise<string>;
  /** The resources of a stack; throws `not-found` where there is none. */
  listStackResources(stack: string): Promise<readonly StackResource[]>;
}

// Every deployment goes through CloudFormation.
const BASE_SERVICES = ['CLOUDFORMATION'];

const NESTED_STACK_TYPE = 'AWS::CloudFormation::Stack';

const LOOP_PREFIX = 'Fn::ForEach::';
const MACRO_KEY = 'Fn::Transform';

/** `Fn::ForEach::Queues: [Name, [a, b], { "Queue${Name}": { Type: … } }]` */
const getLoopBody = (loop: Value | undefined): Value | undefined => (isList(loop) ? loop.at(-1) : undefined);

/** The resource types of a declaration, including those of nested loops. An unreadable type is described in words. */
const listTypesUnder = (name: string, declaration: Value | undefined): readonly string[] => {
  if (name === MACRO_KEY) return [`resources added by ${MACRO_KEY}`];
  const body = name.startsWith(LOOP_PREFIX) ? getLoopBody(declaration) : undefined;
  if (isMapping(body)) return Object.entries(body).flatMap(([innerName, value]) => listTypesUnder(innerName, value));
  const type = isMapping(declaration) ? toScalarString(declaration['Type']) : undefined;
  return [type ?? `resources created by ${name}`];
};

/** Macros other than AWS's own (apart from AWS::Include) may add resources of any type. */
const isForeignMacro = (transform: string): boolean => !transform.startsWith('AWS::') || transform === 'AWS::Include';

/** The resource types that a template declares, and descriptions of what its macros may add. */
const listDeclaredTypes = ({ document, transforms }: Template): readonly string[] => {
  const resources = isMapping(document['Resources']) ? document['Resources'] : {};
  return [
    ...Object.entries(resources).flatMap(([name, declaration]) => listTypesUnder(name, declaration)),
    ...transforms.filter(isForeignMacro).map((transform) => `resources added by the macro ${transform}`),
  ];
};

const readDeclaredTypes = async (path: string, reader: DeploymentReader): Promise<readonly string[]> => {
  const content = await reader.readFile(path).catch((cause) => {
    throw new DeliveryError('not-found', `input 'template': cannot read '${path}': ${errorMessage(cause)}`, {
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
    // The resources of an existing nested stack stand in for the stack itself.
    found.push(...resources.filter(({ type, physicalId }) => type !== NESTED_STACK_TYPE || physicalId === undefined));
    queue.push(...findNestedStacks(resources));
  }
  return found;
};

/** Guess for an unknown type: most codes are the namespace in upper case. A wrong code matches no event. */
const determineFallbackServices = (type: string): readonly string[] => {
  const [owner, namespace] = type.split('::');
  return owner === 'AWS' && namespace !== undefined ? [namespace.toUpperCase()] : [];
};

/**
 * Reads the templates and the stack, and maps their resource types to services.
 * @throws DeliveryError `not-found` for a template that cannot be read or a stack that does not exist
 */
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
    types,
    resources: existing.flatMap(({ physicalId }) => (physicalId === undefined ? [] : [physicalId])),
  };
};
