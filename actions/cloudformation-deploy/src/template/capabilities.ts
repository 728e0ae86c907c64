import type { AnnotationProperties } from '@aws-delivery/action-kit/host/log';
import {
  type Capability,
  filterUnacknowledgedCapabilities,
  findRequiredCapabilities,
} from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';

export interface TemplateToCheck {
  readonly template: Template;
  /** Path relative to the workspace; undefined if it is not a file. */
  readonly file: string | undefined;
}

export interface CapabilityCheckOptions {
  readonly outer: TemplateToCheck;
  /** Nested templates that are local files. */
  readonly nested: readonly TemplateToCheck[];
  readonly acknowledged: readonly string[];
  /**
   * A change set shows the result of macros before its execution. UpdateStack, which retries a preserved failure, does
   * not, and requires CAPABILITY_AUTO_EXPAND for macros of the template itself (documentation of `Capabilities` of
   * CreateChangeSet).
   */
  readonly changeMethod: 'change-set' | 'update-stack';
}

/** A capability that a template requires and the input does not acknowledge. */
export interface CapabilityIssue {
  readonly capability: Capability;
  /** The resources that require it, and the input line to write. */
  readonly message: string;
  /** Position of the first resource or transform that requires it. */
  readonly location: AnnotationProperties;
}

interface RequiredCapability extends TemplateToCheck {
  readonly capability: Capability;
  readonly sources: readonly string[];
}

/** Serverless applications are third-party templates, which CloudFormation expands like macros. */
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
  return `${noun}${sources.length === 1 ? '' : 's'} ${sources.join(', ')}${kinds}`;
};

/** The input line with the missing capabilities; CAPABILITY_NAMED_IAM includes CAPABILITY_IAM. */
const formatInputLine = (acknowledged: readonly string[], needs: readonly RequiredCapability[]): string => {
  const all = [...new Set([...acknowledged, ...needs.map(({ capability }) => capability)])];
  const isNamed = all.includes('CAPABILITY_NAMED_IAM');
  return `capabilities: ${all.filter((name) => !(isNamed && name === 'CAPABILITY_IAM')).join(', ')}`;
};

/** Finds required capabilities that are not acknowledged, before a change set fails for them. */
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
    const verb = need.sources.length === 1 ? 'requires' : 'require';
    const message = `${prefix}${describeResources(need)} ${verb} ${need.capability}, which is not acknowledged: set '${line}'`;
    return { capability: need.capability, message, location: getLocation(need) };
  });
};
