import type { AnnotationProperties } from '@aws-delivery/action-kit/host/log';
import {
  type Capability,
  filterUnacknowledgedCapabilities,
  findRequiredCapabilities,
} from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';

export interface TemplateToCheck {
  readonly template: Template;
  /** Its path, where it is a file of the workspace. */
  readonly file: string | undefined;
}

export interface CapabilityCheckOptions {
  readonly outer: TemplateToCheck;
  /** Templates nested in it, as far as they can be read here. */
  readonly nested: readonly TemplateToCheck[];
  readonly acknowledged: readonly string[];
  /**
   * A change set shows what macros have made before anything happens; UpdateStack, with which a preserved failure is
   * retried, does not, and wants the macros of the template itself acknowledged as well (CreateChangeSet's
   * documentation of `Capabilities`).
   */
  readonly changeMethod: 'change-set' | 'update-stack';
}

/** Something a template may only do when it is acknowledged, and is not. */
export interface CapabilityIssue {
  readonly capability: Capability;
  /** What asks for it, and the line to write. */
  readonly message: string;
  /** Where the first that asks for it is declared. */
  readonly location: AnnotationProperties;
}

interface RequiredCapability extends TemplateToCheck {
  readonly capability: Capability;
  readonly sources: readonly string[];
}

/** Applications are templates of somebody else, and expanded like macros. */
const listApplications = ({ resources }: Template): readonly string[] =>
  [...resources.values()]
    .filter(({ type }) => type === 'AWS::Serverless::Application')
    .map(({ logicalId }) => logicalId);

const listMissingCapabilities = (
  checked: TemplateToCheck,
  acknowledged: readonly string[],
  requiresExpand: boolean,
): readonly RequiredCapability[] => {
  const applications = listApplications(checked.template);
  const needs = findRequiredCapabilities(checked.template).flatMap((need) => {
    if (need.capability !== 'CAPABILITY_AUTO_EXPAND' || requiresExpand) return [need];
    return applications.length === 0 ? [] : [{ ...need, sources: applications }];
  });
  return filterUnacknowledgedCapabilities(needs, acknowledged).map(({ capability, sources }) => ({
    ...checked,
    capability,
    sources,
  }));
};

const getLocation = ({ template, file, sources: [first = ''] }: RequiredCapability): AnnotationProperties => {
  const position = template.getPosition(template.resources.has(first) ? ['Resources', first] : ['Transform']);
  if (file === undefined) return {};
  return position === undefined ? { file } : { file, startLine: position.line, startColumn: position.column };
};

const describeResources = ({ template, sources }: RequiredCapability): string => {
  const types = new Set(sources.flatMap((name) => template.resources.get(name)?.type ?? []));
  const noun = types.size === 0 ? 'transform' : 'resource';
  const kinds = types.size === 0 ? '' : ` (${[...types].join(', ')})`;
  return `the ${noun}${sources.length === 1 ? '' : 's'} ${sources.join(', ')}${kinds}`;
};

/** The input with what is missing added; named IAM resources include the others. */
const formatInputLine = (acknowledged: readonly string[], needs: readonly RequiredCapability[]): string => {
  const all = [...new Set([...acknowledged, ...needs.map(({ capability }) => capability)])];
  const isNamed = all.includes('CAPABILITY_NAMED_IAM');
  return `capabilities: ${all.filter((name) => !(isNamed && name === 'CAPABILITY_IAM')).join(', ')}`;
};

/** What must be acknowledged before AWS takes the template, and is not; found here, before a change set fails for it. */
export const findCapabilityIssues = ({
  outer,
  nested,
  acknowledged,
  changeMethod,
}: CapabilityCheckOptions): readonly CapabilityIssue[] => {
  const needs = [
    ...listMissingCapabilities(outer, acknowledged, changeMethod === 'update-stack'),
    ...nested.flatMap((nestedTemplate) => listMissingCapabilities(nestedTemplate, acknowledged, true)),
  ];
  const line = formatInputLine(acknowledged, needs);
  return needs.map((need) => {
    const prefix = need.file === undefined ? '' : `${need.file}: `;
    const verb = need.sources.length === 1 ? 'needs' : 'need';
    const message = `${prefix}${describeResources(need)} ${verb} ${need.capability}, which is not acknowledged: write '${line}'`;
    return { capability: need.capability, message, location: getLocation(need) };
  });
};
