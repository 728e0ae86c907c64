import { readFile } from 'node:fs/promises';
import { overrideInputs, readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatS3Url, parseObjectAddress } from '@aws-delivery/aws/s3/object-location';
import { parseTemplateDocument } from '@aws-delivery/template/document';
import type { Template } from '@aws-delivery/template/template';
import { isMapping, type Value } from '@aws-delivery/template/value';
import { definition, type Inputs } from '../../action.js';
import { parseRequest } from '../inputs/parse-request.js';
import type { Request } from '../inputs/request.js';
import type { Assignment } from '../parameters/parse-parameters.js';
import type { Services } from '../services.js';
import { type Environment, replacePlaceholders, resolveEnvironment } from './environment.js';
import { resolveLegacyAssets } from './legacy-assets.js';
import type { AssemblyStack } from './read-assembly.js';
import { formatParameters, listStackParameters, rejectUnusedParameters } from './stack-parameters.js';

/** A stack of an assembly with its request, before anything is called in its environment. */
export interface PlannedAssemblyStack {
  readonly stack: AssemblyStack;
  readonly environment: Environment;
  readonly request: Request;
  readonly body: string;
  /** Undefined for a template without resources. */
  readonly template: Template | undefined;
  readonly parameters: ReadonlyMap<string, Assignment>;
}

/** Number of templates that are read at once. */
const READ_CONCURRENCY = 8;

/** The CDK acknowledges all capabilities. */
const ALL_CAPABILITIES = 'CAPABILITY_IAM,CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND';

interface StackValues {
  readonly stack: AssemblyStack;
  readonly environment: Environment;
  readonly parameters: ReadonlyMap<string, Assignment>;
}

/** Values of inputs that follow from the manifest. An input that is set in the step narrows or replaces some of them. */
const buildInputValues = (
  { stack, environment, parameters }: StackValues,
  inputs: Inputs,
  env: Services['host']['env'],
): Readonly<Record<string, string>> => {
  const { tags = {}, terminationProtection = false, cloudFormationExecutionRoleArn: executionRole } = stack.properties;
  const hasCapabilities = (env['INPUT_CAPABILITIES'] ?? '').trim() !== '';
  return {
    name: stack.stackName,
    template: stack.templatePath,
    // Assets are published as the asset manifest says.
    package: 'false',
    parameters: formatParameters(parameters),
    'parameter-files': '',
    tags: JSON.stringify({ ...inputs.tags, ...tags }),
    'termination-protection': String(terminationProtection),
    ...(inputs['role-arn'] !== undefined || executionRole === undefined
      ? {}
      : { 'role-arn': replacePlaceholders(executionRole, environment) }),
    ...(hasCapabilities ? {} : { capabilities: ALL_CAPABILITIES }),
  };
};

/** The https address of a template that is published as an asset; undefined for a template that is not. */
const getTemplateUrl = ({ properties }: AssemblyStack, environment: Environment): string | undefined => {
  const { stackTemplateAssetObjectUrl: address } = properties;
  if (address === undefined) return undefined;
  const object = parseObjectAddress(replacePlaceholders(address, environment));
  if (object !== undefined) return formatS3Url(object, environment.region);
  throw new DeliveryError(
    'invalid-input',
    `the template address '${address}' is not an S3 object: synthesize it again`,
  );
};

/** Adds what inputs cannot express: the published template, and the topics of the manifest. */
const addManifestOptions = (request: Request, stack: AssemblyStack, environment: Environment): Request => {
  if (!('stackInputs' in request)) return request;
  const { notificationArns } = stack.properties;
  return {
    ...request,
    stackInputs: { ...request.stackInputs, templateUrl: getTemplateUrl(stack, environment) },
    changeSet: {
      ...request.changeSet,
      notificationArns:
        notificationArns?.map((arn) => replacePlaceholders(arn, environment)) ?? request.changeSet.notificationArns,
    },
  };
};

const parseStackRequest = (values: StackValues, inputs: Inputs, { host, workspace }: Services): Request => {
  const { stack, environment } = values;
  try {
    const env = overrideInputs(definition, host.env, buildInputValues(values, inputs, host.env));
    const request = parseRequest(readInputs(definition, env, host.mask), workspace);
    return addManifestOptions(request, stack, environment);
  } catch (error) {
    const code = error instanceof DeliveryError ? error.code : 'unexpected';
    throw new DeliveryError(code, `stack ${stack.displayName}: ${errorMessage(error)}`, { cause: error });
  }
};

const listKeys = (value: Value | undefined): readonly string[] => (isMapping(value) ? Object.keys(value) : []);

/** A template without resources is not valid, but an application may produce one. */
const loadStack = async (declared: AssemblyStack, { mode }: Inputs, services: Services) => {
  const environment = await resolveEnvironment(declared, services);
  const hasTemplate = mode === undefined || ['deploy', 'preview', 'create-only'].includes(mode);
  const stack = hasTemplate ? await resolveLegacyAssets(declared, environment, services) : declared;
  const body = await readFile(stack.templatePath, 'utf8');
  const { value } = parseTemplateDocument(body);
  const document = isMapping(value) ? value : {};
  const isEmpty = listKeys(document['Resources']).length === 0;
  return {
    stack,
    environment,
    body,
    template: isEmpty
      ? undefined
      : await services.inputLoader.readTemplate({ template: stack.templatePath }, undefined),
    parameterNames: new Set(listKeys(document['Parameters'])),
  };
};

/**
 * Reads templates and parameters of the stacks, and parses the inputs for each of them.
 * @throws DeliveryError for invalid inputs and templates
 */
export const planAssembly = async (
  stacks: readonly AssemblyStack[],
  inputs: Inputs,
  services: Services,
): Promise<readonly PlannedAssemblyStack[]> => {
  const { parameters, 'parameter-files': parameterFiles = [] } = inputs;
  const { assignments } = await services.inputLoader.readParameters({ parameters, parameterFiles });
  const loaded = await mapConcurrent(stacks, READ_CONCURRENCY, (stack) => loadStack(stack, inputs, services));
  rejectUnusedParameters(assignments, loaded);
  return loaded.map((item) => {
    const stackParameters = listStackParameters(item, assignments);
    const request = parseStackRequest({ ...item, parameters: stackParameters }, inputs, services);
    return { ...item, parameters: stackParameters, request };
  });
};
