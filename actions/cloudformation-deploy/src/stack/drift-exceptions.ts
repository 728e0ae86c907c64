import { ExceptionUsage } from '@aws-delivery/action-kit/host/unused-exceptions';
import { matchesWildcard } from '@aws-delivery/action-kit/util/wildcard';
import { type Entry, parseEntryFile } from '@aws-delivery/findings/ignore/entry-file';
import { rejectExpired } from '@aws-delivery/findings/ignore/ignore-entry';
import { matchesPath } from '@aws-delivery/findings/ignore/pattern';
import type { ExceptionRecord } from '../run-record.js';
import type { InputLoader } from '../template/input-loader.js';
import type { DriftDetection, DriftedProperty, DriftedResource } from './drift.js';

/** An entry of `ignore-file`. All fields that are set must match, each with at least one of its values. */
export interface DriftException extends Entry {
  /** Logical IDs. */
  readonly resources: readonly string[];
  readonly types: readonly string[];
  /** Patterns of property paths, which start with a slash. */
  readonly properties: readonly string[];
}

/** Drift that an exception accepts. */
export interface IgnoredDrift extends Pick<DriftedResource, 'logicalId' | 'type' | 'status'> {
  /** Path of the property; undefined for the resource as a whole. */
  readonly property: string | undefined;
  readonly reason: string;
  /** Position of the exception: `entry 3 of drift.yml`. */
  readonly entry: string;
}

/** Drift of a stack, without what exceptions accept. */
export interface Drift extends Pick<DriftDetection, 'status' | 'resources'> {
  readonly ignored: readonly IgnoredDrift[];
}

/** CloudFormation writes paths of properties with a leading slash. */
const toPropertyPattern = (pattern: string): string => (pattern.startsWith('/') ? pattern : `/${pattern}`);

/** @throws DeliveryError `invalid-input` for a malformed file, `rejected` for expired entries */
const parseDriftExceptions = (content: string, file: string, now: number): readonly DriftException[] => {
  const exceptions = parseEntryFile(content, file, {
    selectors: ['resources', 'types', 'properties'],
    create: (entry, readSelector): DriftException => ({
      ...entry,
      resources: readSelector('resources'),
      types: readSelector('types'),
      properties: readSelector('properties').map(toPropertyPattern),
    }),
  });
  rejectExpired(exceptions, now);
  return exceptions;
};

/**
 * Reads the entries of `ignore-file`; an empty list without one.
 * @param now milliseconds since the epoch
 */
export const readDriftExceptions = async (
  file: string | undefined,
  inputLoader: Pick<InputLoader, 'readSource'>,
  now: number,
): Promise<readonly DriftException[]> => {
  if (file === undefined) return [];
  const { content, name } = await inputLoader.readSource(file);
  return parseDriftExceptions(content, name, now);
};

const matchesAnyOrUnset = (patterns: readonly string[], name: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matchesWildcard(name, pattern));

const matchesResource = (
  { resources, types }: DriftException,
  { logicalId, type }: Pick<DriftedResource, 'logicalId' | 'type'>,
): boolean => matchesAnyOrUnset(resources, logicalId) && matchesAnyOrUnset(types, type);

/** Whether an exception applies to a property, or to one that contains it. */
const matchesProperty = ({ properties }: DriftException, { path }: DriftedProperty): boolean =>
  properties.length === 0 ||
  properties.some((pattern) => matchesPath(pattern, path) || matchesPath(`${pattern}/**`, path));

interface EvaluatedResource {
  /** What counts as drift; undefined if all of the resource is accepted. */
  readonly remaining: DriftedResource | undefined;
  readonly ignored: readonly IgnoredDrift[];
}

const evaluateResource = (resource: DriftedResource, exceptions: readonly DriftException[]): EvaluatedResource => {
  const applicable = exceptions.filter((exception) => matchesResource(exception, resource));
  const ignore = ({ reason, name }: DriftException, property: string | undefined): IgnoredDrift => {
    const { logicalId, type, status } = resource;
    return { logicalId, type, status, property, reason, entry: name };
  };
  // A deletion is no difference of properties: only an exception for the whole resource accepts it.
  if (resource.status !== 'MODIFIED' || resource.properties.length === 0) {
    const exception = applicable.find(({ properties }) => properties.length === 0);
    return exception === undefined
      ? { remaining: resource, ignored: [] }
      : { remaining: undefined, ignored: [ignore(exception, undefined)] };
  }
  const evaluated = resource.properties.map((property) => ({
    property,
    exception: applicable.find((each) => matchesProperty(each, property)),
  }));
  const properties = evaluated.flatMap(({ property, exception }) => (exception === undefined ? [property] : []));
  return {
    remaining: properties.length === 0 ? undefined : { ...resource, properties },
    ignored: evaluated.flatMap(({ property, exception }) =>
      exception === undefined ? [] : [ignore(exception, property.path)],
    ),
  };
};

/** Removes the drift that exceptions accept. A stack without other drift is in sync. */
export const applyDriftExceptions = (detection: DriftDetection, exceptions: readonly DriftException[]): Drift => {
  const evaluated = detection.resources.map((resource) => evaluateResource(resource, exceptions));
  const resources = evaluated.flatMap(({ remaining }) => remaining ?? []);
  const ignored = evaluated.flatMap((each) => each.ignored);
  const isInSync = detection.status === 'DRIFTED' && ignored.length > 0 && resources.length === 0;
  return { status: isInSync ? 'IN_SYNC' : detection.status, resources, ignored };
};

/**
 * The exceptions, and those that match no resource of the stack. One whose resource has no drift today is in use: an
 * autoscaled service may be back at its declared capacity.
 */
export const evaluateDriftExceptions = (
  { resources, resourcesInSync }: DriftDetection,
  exceptions: readonly DriftException[],
): ExceptionRecord => {
  const usage = new ExceptionUsage(exceptions);
  for (const resource of [...resources, ...resourcesInSync]) {
    usage.recordMatches((exception) => matchesResource(exception, resource));
  }
  return { declared: exceptions.map(({ name }) => name), unused: usage.listUnused().map(({ name }) => name) };
};
