import { dirname, join } from 'node:path';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { parseTemplate } from '@aws-delivery/template/template';
import { isList, isMapping, toScalarString, type Value } from '@aws-delivery/template/value';
import type { Deployment } from '../inputs/parse-request.js';
import { findServices } from './resource-services.js';

/** A resource of an existing stack. */
export interface StackResource {
  readonly type: string;
  /** Undefined before it is created. */
  readonly physicalId: string | undefined;
}

/** A resource of an existing stack, after its creation. */
export interface CreatedResource extends StackResource {
  readonly physicalId: string;
}

/** Services and resources that a deployment touches. */
export interface DeploymentScope {
  /** Service codes of AWS Health, sorted. */
  readonly services: readonly string[];
  /** Resource types that are not in the map, and descriptions of what a template does not show; sorted. */
  readonly unmapped: readonly string[];
  /** Resource types of the templates and the stack, sorted. */
  readonly types: readonly string[];
  /** The stack's resources that exist. */
  readonly resources: readonly CreatedResource[];
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

// Resources that are deployed from another template, and the properties that name or contain it.
const TEMPLATE_PROPERTIES: Readonly<Record<string, { readonly label: string; readonly names: readonly string[] }>> = {
  [NESTED_STACK_TYPE]: { label: 'nested stack', names: ['TemplateURL'] },
  'AWS::CloudFormation::StackSet': { label: 'stack set', names: ['TemplateURL', 'TemplateBody'] },
  'AWS::Serverless::Application': { label: 'nested application', names: ['Location'] },
};

const URL_PATTERN = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Collects the resource types of a template and of the local templates that its nested stacks name. */
class TypeCollector {
  /** Resource types, and descriptions in words of what the templates do not show. */
  readonly types = new Set<string>();
  private readonly readPaths = new Set<string>();

  constructor(private readonly reader: DeploymentReader) {}

  /** Throws DeliveryError `not-found` for a file that cannot be read. */
  async addFile(path: string): Promise<void> {
    if (this.readPaths.has(path)) return;
    this.readPaths.add(path);
    const content = await this.reader.readFile(path).catch((cause) => {
      const message = `input 'template': cannot read '${path}': ${errorMessage(cause)}`;
      throw new DeliveryError('not-found', message, { cause });
    });
    await this.addTemplate(content, dirname(path));
  }

  private async addTemplate(content: string, directory: string): Promise<void> {
    const { document, transforms } = parseTemplate(content);
    for (const transform of transforms.filter(isForeignMacro))
      this.types.add(`resources added by the macro ${transform}`);
    const resources = isMapping(document['Resources']) ? document['Resources'] : {};
    for (const [name, declaration] of Object.entries(resources)) await this.addResource(name, declaration, directory);
  }

  private async addResource(name: string, declaration: Value | undefined, directory: string): Promise<void> {
    const body = name.startsWith(LOOP_PREFIX) ? getLoopBody(declaration) : undefined;
    if (isMapping(body)) {
      for (const [innerName, value] of Object.entries(body)) await this.addResource(innerName, value, directory);
      return;
    }
    const type = isMapping(declaration) ? toScalarString(declaration['Type']) : undefined;
    this.types.add(name === MACRO_KEY ? `resources added by ${MACRO_KEY}` : (type ?? `resources created by ${name}`));
    const nested = type === undefined ? undefined : TEMPLATE_PROPERTIES[type];
    if (nested === undefined || !isMapping(declaration)) return;
    const properties = isMapping(declaration['Properties']) ? declaration['Properties'] : {};
    const templates = nested.names.map((property) => toScalarString(properties[property]));
    if (!(await this.addNested(templates, directory))) this.types.add(`resources of the ${nested.label} ${name}`);
  }

  /** Adds a template in the workspace or in the declaration itself. Returns false for a template that is elsewhere. */
  private async addNested([location, body]: readonly (string | undefined)[], directory: string): Promise<boolean> {
    if (body !== undefined) {
      await this.addTemplate(body, directory);
      return true;
    }
    if (location === undefined || URL_PATTERN.test(location)) return false;
    const path = join(directory, location);
    const isReadable = await this.reader.readFile(path).then(
      () => true,
      () => false,
    );
    if (isReadable) await this.addFile(path);
    return isReadable;
  }
}

/** Macros other than AWS's own (apart from AWS::Include) may add resources of any type. */
const isForeignMacro = (transform: string): boolean => !transform.startsWith('AWS::') || transform === 'AWS::Include';

/** What the type of an existing resource does not show: the resources of stacks that it creates. */
const describeHiddenResources = ({ type, physicalId }: StackResource): readonly string[] => {
  const nested = TEMPLATE_PROPERTIES[type];
  return nested === undefined ? [] : [`resources of the ${nested.label} ${physicalId ?? '(not created yet)'}`];
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

const isCreated = (resource: StackResource): resource is CreatedResource => resource.physicalId !== undefined;

/**
 * Reads the templates and the stack, and maps their resource types to services.
 * @throws DeliveryError `not-found` for a template that cannot be read or a stack that does not exist
 */
export const readDeploymentScope = async (
  deployment: Deployment,
  reader: DeploymentReader,
): Promise<DeploymentScope> => {
  const { templates, stack } = deployment;
  const collector = new TypeCollector(reader);
  for (const path of templates) await collector.addFile(path);
  const existing = stack === undefined ? [] : await listAllResources(stack, reader);
  const existingTypes = existing.flatMap((resource) => [resource.type, ...describeHiddenResources(resource)]);
  const types = [...new Set([...collector.types, ...existingTypes])].sort();
  const unmapped = types.filter((type) => findServices(type) === undefined);
  const services = [
    ...BASE_SERVICES,
    ...types.flatMap((type) => findServices(type) ?? determineFallbackServices(type)),
  ];
  return {
    services: [...new Set(services)].sort(),
    unmapped,
    types,
    resources: existing.filter(isCreated),
  };
};
