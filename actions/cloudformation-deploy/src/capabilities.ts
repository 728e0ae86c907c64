import type { Place } from '@aws-delivery/action-kit/log';
import { type Capability, neededCapabilities, openCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';

export interface CapableTemplate {
  readonly template: Template;
  /** Its path, where it is a file of the workspace. */
  readonly file: string | undefined;
}

export interface CapabilityQuestion {
  readonly outer: CapableTemplate;
  /** Templates nested in it, as far as they can be read here. */
  readonly nested: readonly CapableTemplate[];
  readonly acknowledged: readonly string[];
  /**
   * A change set shows what macros have made before anything happens; UpdateStack, with which a preserved failure is
   * retried, does not, and wants the macros of the template itself acknowledged as well (CreateChangeSet's
   * documentation of `Capabilities`).
   */
  readonly route: 'change-set' | 'direct';
}

/** Something a template may only do when it is acknowledged, and is not. */
export interface CapabilityFault {
  readonly capability: Capability;
  /** What asks for it, and the line to write. */
  readonly message: string;
  /** Where the first that asks for it is declared. */
  readonly place: Place;
}

interface Need extends CapableTemplate {
  readonly capability: Capability;
  readonly because: readonly string[];
}

/** Applications are templates of somebody else, and expanded like macros. */
const applicationsIn = ({ resources }: Template): readonly string[] =>
  [...resources.values()]
    .filter(({ type }) => type === 'AWS::Serverless::Application')
    .map(({ logicalId }) => logicalId);

const needsOf = (one: CapableTemplate, acknowledged: readonly string[], isExpandNeeded: boolean): readonly Need[] => {
  const applications = applicationsIn(one.template);
  const needs = neededCapabilities(one.template).flatMap((need) => {
    if (need.capability !== 'CAPABILITY_AUTO_EXPAND' || isExpandNeeded) return [need];
    return applications.length === 0 ? [] : [{ ...need, because: applications }];
  });
  return openCapabilities(needs, acknowledged).map(({ capability, because }) => ({ ...one, capability, because }));
};

const placeOf = ({ template, file, because: [first = ''] }: Need): Place => {
  const position = template.positionOf(template.resources.has(first) ? ['Resources', first] : ['Transform']);
  if (file === undefined) return {};
  return position === undefined ? { file } : { file, startLine: position.line, startColumn: position.column };
};

const subjectOf = ({ template, because }: Need): string => {
  const types = new Set(because.flatMap((name) => template.resources.get(name)?.type ?? []));
  const what = types.size === 0 ? 'transform' : 'resource';
  const kinds = types.size === 0 ? '' : ` (${[...types].join(', ')})`;
  return `the ${what}${because.length === 1 ? '' : 's'} ${because.join(', ')}${kinds}`;
};

/** The input with what is missing added; named IAM resources include the others. */
const lineFor = (acknowledged: readonly string[], needs: readonly Need[]): string => {
  const all = [...new Set([...acknowledged, ...needs.map(({ capability }) => capability)])];
  const isNamed = all.includes('CAPABILITY_NAMED_IAM');
  return `capabilities: ${all.filter((name) => !(isNamed && name === 'CAPABILITY_IAM')).join(', ')}`;
};

/** What must be acknowledged before AWS takes the template, and is not; found here, before a change set fails for it. */
export const capabilityFaults = ({
  outer,
  nested,
  acknowledged,
  route,
}: CapabilityQuestion): readonly CapabilityFault[] => {
  const needs = [
    ...needsOf(outer, acknowledged, route === 'direct'),
    ...nested.flatMap((one) => needsOf(one, acknowledged, true)),
  ];
  const line = lineFor(acknowledged, needs);
  return needs.map((need) => {
    const where = need.file === undefined ? '' : `${need.file}: `;
    const verb = need.because.length === 1 ? 'needs' : 'need';
    const message = `${where}${subjectOf(need)} ${verb} ${need.capability}, which is not acknowledged: write '${line}'`;
    return { capability: need.capability, message, place: placeOf(need) };
  });
};
