import { createsIamResource } from './sam/sam-iam.js';
import type { Resource, Template } from './template.js';

export type Capability = 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_AUTO_EXPAND';

/** A capability that must be acknowledged, and the parts of the template that require it. */
export interface RequiredCapability {
  readonly capability: Capability;
  /** Logical ids of resources, or names of transforms. */
  readonly sources: readonly string[];
  /** In the words of `CapabilitiesReason` in AWS's responses. */
  readonly reason: string;
}

/** IAM types that need an acknowledgement, with the property for a custom name. Source: CreateStack (API reference). */
const IAM_TYPES: ReadonlyMap<string, string | undefined> = new Map([
  ['AWS::IAM::AccessKey', undefined],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', undefined],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::UserToGroupAddition', undefined],
]);

const SERVERLESS = 'AWS::Serverless-2016-10-31';

const hasCustomName = ({ type, properties }: Resource): boolean => {
  const property = IAM_TYPES.get(type);
  return property !== undefined && properties[property] !== undefined;
};

const findIamCapability = (template: Template): RequiredCapability | undefined => {
  const resources = [...template.resources.values()];
  const named = resources.filter(hasCustomName);
  const explicit = named.length > 0 ? named : resources.filter(({ type }) => IAM_TYPES.has(type));
  const implicit = template.transforms.includes(SERVERLESS)
    ? resources.filter((resource) => createsIamResource(resource, template))
    : [];
  const sources = explicit.length > 0 ? explicit : implicit;
  if (sources.length === 0) return undefined;
  const types = [...new Set(sources.map(({ type }) => type))].join(', ');
  return {
    capability: named.length > 0 ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    sources: sources.map(({ logicalId }) => logicalId),
    reason: `The following resource(s) require capabilities: [${types}]`,
  };
};

/**
 * The capabilities that a template requires. `CAPABILITY_NAMED_IAM` includes `CAPABILITY_IAM`. Nested templates are not
 * examined.
 */
export const findRequiredCapabilities = (template: Template): readonly RequiredCapability[] => {
  const iam = findIamCapability(template);
  const transforms = template.transforms.filter((name) => name !== '');
  const expand: RequiredCapability = {
    capability: 'CAPABILITY_AUTO_EXPAND',
    sources: transforms,
    reason: `The following transform(s) require capabilities: [${transforms.join(', ')}]`,
  };
  return [...(iam === undefined ? [] : [iam]), ...(transforms.length > 0 ? [expand] : [])];
};

/** The required capabilities that are not acknowledged. */
export const filterUnacknowledgedCapabilities = (
  required: readonly RequiredCapability[],
  acknowledged: readonly string[],
): readonly RequiredCapability[] =>
  required.filter(
    ({ capability }) =>
      !acknowledged.includes(capability) &&
      !(capability === 'CAPABILITY_IAM' && acknowledged.includes('CAPABILITY_NAMED_IAM')),
  );
