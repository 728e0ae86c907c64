import { listNewerCodes, NEWER_SERVICES, PUBLISHED_CODES } from './service-codes.js';
import { NAMESPACE_SERVICES, TYPE_SERVICES } from './service-map.js';

// Types that exist in CloudFormation alone. The resources of nested stacks are those of other templates.
const CLOUDFORMATION_ONLY_TYPES = [
  'CloudFormation::Stack',
  'CloudFormation::StackSet',
  'CloudFormation::WaitConditionHandle',
  'CloudFormation::WaitCondition',
  'CloudFormation::Macro',
  'CDK::Metadata',
];

/** Starts of type names, the longest first. */
const TYPE_PREFIXES = Object.keys(TYPE_SERVICES).sort((a, b) => b.length - a.length);

const removeSeparators = (code: string): string => code.toUpperCase().replaceAll(/[-_]/g, '');

const CODES_BY_NAMESPACE: ReadonlyMap<string, string> = new Map(
  PUBLISHED_CODES.map((code) => [removeSeparators(code), code]),
);

const findNamespaceServices = (namespace: string): readonly string[] | undefined => {
  if (Object.hasOwn(NAMESPACE_SERVICES, namespace)) return NAMESPACE_SERVICES[namespace];
  if (Object.hasOwn(NEWER_SERVICES, namespace)) return listNewerCodes(namespace);
  const code = CODES_BY_NAMESPACE.get(removeSeparators(namespace));
  return code === undefined ? undefined : [code];
};

/**
 * Service codes of a resource type; undefined for unknown types such as third-party ones. Custom resources are backed
 * by a function or a topic.
 */
export const findServices = (type: string): readonly string[] | undefined => {
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return ['LAMBDA', 'SNS'];
  const [owner, namespace = '', name = ''] = type.split('::');
  if (owner !== 'AWS') return undefined;
  const typeName = `${namespace}::${name}`;
  if (CLOUDFORMATION_ONLY_TYPES.includes(typeName)) return ['CLOUDFORMATION'];
  const prefix = TYPE_PREFIXES.find((each) => typeName.startsWith(each));
  return prefix === undefined ? findNamespaceServices(namespace) : TYPE_SERVICES[prefix];
};

/** All service codes, sorted, to find misspelt services. */
export const KNOWN_SERVICES: readonly string[] = [
  ...new Set([...PUBLISHED_CODES, ...Object.keys(NEWER_SERVICES).flatMap(listNewerCodes)]),
].sort();
