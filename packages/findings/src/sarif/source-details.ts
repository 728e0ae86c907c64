import { encodePath } from '@aws-delivery/action-kit/util/path';
import type { Location, Message, ReportingDescriptor, Result, Run, ToolComponent } from 'sarif';
import type { FileLocation } from '../ignore/ignore-entry.js';
import { type ArtifactPath, isAbsolutePath } from './artifact-path.js';
import type { SarifArtifactLocation, SarifResult, SarifRule, SarifRun } from './schema.js';

/** Leads to a result as its scanner wrote it, so that a report can keep what findings do not contain. */
export interface SarifOrigin {
  readonly run: SarifRun;
  readonly rule: SarifRule | undefined;
  /** Text of the message with its embedded links; empty if it is the finding's message. */
  readonly text: string;
  readonly hasCodeFlows: boolean;
  /** Parses the result, which is not kept. */
  readResult(): SarifResult;
  resolvePath(location: SarifArtifactLocation): ArtifactPath;
}

type Bag = Readonly<Record<string, unknown>>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

const listBags = (value: unknown): readonly Bag[] => (Array.isArray(value) ? value.filter(isBag) : []);

const pick = (bag: Bag | undefined, names: readonly string[]): Bag =>
  Object.fromEntries(names.flatMap((name) => (bag?.[name] === undefined ? [] : [[name, bag[name]]])));

/** Arrays of the run that elements refer to by index; the report has no such arrays. */
const SHARED_ARRAYS: Readonly<Record<string, string>> = {
  locations: 'threadFlowLocations',
  logicalLocations: 'logicalLocations',
};

/** URI of a path outside of the checkout; an absolute path needs a scheme. */
const toUri = (path: string): string => {
  const uri = encodeURI(path);
  return isAbsolutePath(path) ? `file://${uri.startsWith('/') ? '' : '/'}${uri}` : uri;
};

/** Rewrites paths, and replaces references into arrays of the run with what they refer to. */
class Rewriter {
  constructor(private readonly origin: SarifOrigin) {}

  rewrite(value: unknown, key = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => this.rewrite(item, key));
    if (!isBag(value)) return value;
    if (key === 'properties') return value;
    if (key === 'artifactLocation') return this.rewriteArtifactLocation(value);
    // References by index into taxonomies and rules are replaced by those by id.
    if (key === 'toolComponent') return pick(value, ['name', 'guid']);
    if (key === 'taxa' || key === 'target') return this.rewriteReference(value);
    const { index, ...own } = { ...this.findShared(value, key), ...value };
    const entries = Object.entries(own).map(([name, item]) => [name, this.rewrite(item, name)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }

  private rewriteArtifactLocation(location: SarifArtifactLocation): Bag | undefined {
    const path = this.origin.resolvePath(location);
    if (path.kind === 'inside') return { uri: encodePath(path.file), uriBaseId: '%SRCROOT%' };
    return path.kind === 'outside' ? { uri: toUri(path.path) } : undefined;
  }

  private rewriteReference(reference: Bag): Bag {
    const { index, ...others } = reference;
    const component = isBag(others['toolComponent']) ? pick(others['toolComponent'], ['name', 'guid']) : undefined;
    return { ...others, ...(component === undefined ? {} : { toolComponent: component }) };
  }

  private findShared({ index }: Bag, key: string): Bag {
    const array = this.origin.run[SHARED_ARRAYS[key] ?? ''];
    const shared = Array.isArray(array) && typeof index === 'number' && index >= 0 ? array[index] : undefined;
    return isBag(shared) ? shared : {};
  }
}

const RESULT_PARTS = [
  'relatedLocations',
  'codeFlows',
  'stacks',
  'fixes',
  'taxa',
  'guid',
  'correlationGuid',
  'occurrenceCount',
  'rank',
  'hostedViewerUri',
] as const;

/** GitHub's limits for one result. */
const MAX_RELATED_LOCATIONS = 1000;
const MAX_FLOW_LOCATIONS = 10_000;

const countFlowLocations = (codeFlows: unknown): number => {
  if (!Array.isArray(codeFlows)) return 0;
  const threads = codeFlows.flatMap((flow) =>
    isBag(flow) && Array.isArray(flow['threadFlows']) ? flow['threadFlows'] : [],
  );
  return threads.reduce<number>((sum, { locations }) => sum + (Array.isArray(locations) ? locations.length : 0), 0);
};

/**
 * The parts of a result that a report keeps, with paths relative to the top of the checkout.
 * @param result undefined for findings of other sources
 */
export const keepResult = (
  origin: SarifOrigin | undefined,
  result: SarifResult | undefined,
  parts: readonly (keyof Result)[] = RESULT_PARTS,
): Partial<Result> => {
  const own = pick(result, parts);
  if (origin === undefined || Object.keys(own).length === 0) return {};
  const rewritten = new Rewriter(origin).rewrite(own) as Partial<Result>;
  const { codeFlows, relatedLocations, ...others } = rewritten;
  return {
    ...others,
    ...(relatedLocations === undefined ? {} : { relatedLocations: relatedLocations.slice(0, MAX_RELATED_LOCATIONS) }),
    ...(codeFlows === undefined || countFlowLocations(codeFlows) > MAX_FLOW_LOCATIONS ? {} : { codeFlows }),
  };
};

/** The place of a location whose path is relative to the top of the checkout; undefined for one outside of it. */
export const getPlace = (location: Location | undefined): FileLocation | undefined => {
  const { artifactLocation, region } = location?.physicalLocation ?? {};
  if (artifactLocation?.uri === undefined || artifactLocation.uriBaseId !== '%SRCROOT%') return undefined;
  const file = decodeURIComponent(artifactLocation.uri);
  return region?.startLine === undefined ? { file } : { file, startLine: region.startLine };
};

/** The place of a related location by its id, to which links in the message refer. */
export const findRelatedLocation = (origin: SarifOrigin | undefined, id: number): FileLocation | undefined => {
  const location = listBags(origin?.readResult()['relatedLocations']).find((each) => each['id'] === id);
  const physical = location?.['physicalLocation'];
  if (origin === undefined || !isBag(physical) || !isBag(physical['artifactLocation'])) return undefined;
  const path = origin.resolvePath(physical['artifactLocation']);
  const startLine = isBag(physical['region']) ? physical['region']['startLine'] : undefined;
  if (path.kind !== 'inside') return undefined;
  return typeof startLine === 'number' ? { file: path.file, startLine } : { file: path.file };
};

/** The message with its embedded links, and with its Markdown if it needs no arguments. */
export const keepMessage = (
  origin: SarifOrigin | undefined,
  result: SarifResult | undefined,
  text: string,
): Message => {
  const { markdown, arguments: values } = result?.message ?? {};
  return {
    text: origin?.text || text,
    ...(markdown === undefined || values !== undefined ? {} : { markdown }),
  };
};

const RULE_PARTS = ['shortDescription', 'fullDescription', 'help', 'relationships', 'deprecatedIds', 'guid'] as const;

/** The parts of a rule that a report keeps. */
export const keepRule = (origin: SarifOrigin | undefined): Partial<ReportingDescriptor> => {
  if (origin?.rule === undefined) return {};
  return new Rewriter(origin).rewrite(pick(origin.rule, RULE_PARTS)) as Partial<ReportingDescriptor>;
};

const COMPONENT_PARTS = [
  'name',
  'guid',
  'version',
  'semanticVersion',
  'fullName',
  'organization',
  'product',
  'informationUri',
  'downloadUri',
] as const;

const toComponent = (component: Bag): ToolComponent => pick(component, COMPONENT_PARTS) as unknown as ToolComponent;

/** Name and version of the scanner. */
export const keepDriver = (run: SarifRun | undefined): Partial<ToolComponent> =>
  run === undefined ? {} : toComponent(run.tool.driver);

const uniqueByName = (components: readonly Bag[]): readonly Bag[] => [
  ...new Map(
    components.map((component) => [JSON.stringify([component['name'], component['guid']]), component]),
  ).values(),
];

/** Extensions of the scanner and taxonomies, from all runs that a report merges. */
export const keepRun = (
  runs: readonly SarifRun[],
): { readonly extensions: ToolComponent[]; readonly run: Partial<Run> } => {
  const extensions = uniqueByName(runs.flatMap(({ tool }) => listBags(tool.extensions))).map(toComponent);
  const taxonomies = uniqueByName(runs.flatMap((run) => listBags(run['taxonomies'])));
  return {
    extensions,
    run: taxonomies.length === 0 ? {} : { taxonomies: taxonomies as unknown as ToolComponent[] },
  };
};
