import type { Resource } from './resource.js';
import type { Template } from './template.js';

export type Capability = 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_AUTO_EXPAND';

/** A capability that must be acknowledged, and what in the template asks for it. */
export interface CapabilityNeed {
  readonly capability: Capability;
  /** Logical ids of resources, or names of transforms. */
  readonly because: readonly string[];
  /** The text of `CapabilitiesReason` in AWS's answers. */
  readonly reason: string;
}

/** IAM types that need an acknowledgement, with the property that gives them a name of one's own (CreateStack's documentation). */
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

/** SAM makes an execution role for what runs code, unless it is given one. */
const isGivenNoRole = ({ type, properties }: Resource): boolean =>
  ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'].includes(type) && properties['Role'] === undefined;

const isNamed = ({ type, properties }: Resource): boolean => {
  const property = IAM_TYPES.get(type);
  return property !== undefined && properties[property] !== undefined;
};

const iamNeed = (template: Template): CapabilityNeed | undefined => {
  const resources = [...template.resources.values()];
  const named = resources.filter(isNamed);
  const needing = named.length > 0 ? named : resources.filter(({ type }) => IAM_TYPES.has(type));
  const implicit = template.transforms.includes(SERVERLESS) ? resources.filter(isGivenNoRole) : [];
  const because = needing.length > 0 ? needing : implicit;
  if (because.length === 0) return undefined;
  const types = [...new Set(because.map(({ type }) => type))].join(', ');
  return {
    capability: named.length > 0 ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    because: because.map(({ logicalId }) => logicalId),
    reason: `The following resource(s) require capabilities: [${types}]`,
  };
};

/**
 * What must be acknowledged before a template may run. `CAPABILITY_NAMED_IAM` includes `CAPABILITY_IAM`.
 * Nested templates are not looked into.
 */
export const neededCapabilities = (template: Template): readonly CapabilityNeed[] => {
  const iam = iamNeed(template);
  const transforms = template.transforms.filter((name) => name !== '');
  const expand: CapabilityNeed = {
    capability: 'CAPABILITY_AUTO_EXPAND',
    because: transforms,
    reason: `The following transform(s) require capabilities: [${transforms.join(', ')}]`,
  };
  return [...(iam === undefined ? [] : [iam]), ...(transforms.length > 0 ? [expand] : [])];
};

/** The needs that a list of acknowledged capabilities leaves open. */
export const openCapabilities = (
  needs: readonly CapabilityNeed[],
  acknowledged: readonly string[],
): readonly CapabilityNeed[] =>
  needs.filter(
    ({ capability }) =>
      !acknowledged.includes(capability) &&
      !(capability === 'CAPABILITY_IAM' && acknowledged.includes('CAPABILITY_NAMED_IAM')),
  );
