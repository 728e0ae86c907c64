import { isList, isMapping, type Mapping, type Value } from '@aws-delivery/template/value';
import type { Document } from '../../../api-call.js';
import type { OperationHandlers } from '../../../service.js';
import type { Engine } from '../operation/engine.js';
import { paginate, validationError } from '../responses.js';
import type { ResourceDrift } from '../scenario.js';
import type { ResourceVersion, Stack } from './stack.js';

interface DriftDetection {
  readonly id: string;
  readonly stack: Stack;
  readonly startedAt: number;
  readonly end: number;
  /** By logical id. */
  readonly drifts: ReadonlyMap<string, ResourceDrift>;
}

/** Sets or removes (`undefined`) the value at a path. Steps are keys of mappings or indices of lists. */
const setAtPath = (
  value: Value | undefined,
  [step, ...rest]: readonly string[],
  actual: string | undefined,
): Value | undefined => {
  if (step === undefined) return actual;
  const entries = new Map(Object.entries(isList(value) || isMapping(value) ? value : {}));
  const changed = setAtPath(entries.get(step), rest, actual);
  if (changed === undefined) entries.delete(step);
  else entries.set(step, changed);
  return isList(value) ? [...entries.values()] : Object.fromEntries(entries);
};

/**
 * Actual properties of a drifted resource: the declared ones with the scenario's differences applied (paths are JSON
 * pointers).
 */
const computeActualProperties = (properties: Mapping, drift: ResourceDrift | undefined): Value | undefined =>
  (drift?.differences ?? []).reduce<Value | undefined>(
    (value, { path, actual, type }) =>
      setAtPath(value, path.split('/').slice(1), type === 'REMOVE' ? undefined : actual),
    properties,
  );

const getDriftStatus = (drifts: ReadonlyMap<string, ResourceDrift>): string =>
  drifts.size > 0 ? 'DRIFTED' : 'IN_SYNC';

const describeResourceDrift = (
  { stack, end, drifts }: DriftDetection,
  { resource, physicalId, properties }: ResourceVersion,
): Document => {
  const drift = drifts.get(resource.logicalId);
  return {
    StackId: stack.identity.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: resource.type,
    ExpectedProperties: JSON.stringify(properties),
    ActualProperties:
      drift?.status === 'DELETED' ? undefined : JSON.stringify(computeActualProperties(properties, drift)),
    PropertyDifferences: drift?.differences.map(({ path, expected, actual, type }) => ({
      PropertyPath: path,
      ExpectedValue: expected,
      ActualValue: actual,
      DifferenceType: type,
    })),
    StackResourceDriftStatus: drift?.status ?? 'IN_SYNC',
    Timestamp: new Date(end),
  };
};

/** Drift detection. A detection reports the scenario's drift when it completes. */
export class DriftOperations {
  private readonly detections: DriftDetection[] = [];

  constructor(private readonly engine: Engine) {}

  readonly handlers: OperationHandlers = {
    DetectStackDrift: (call) => {
      const { stack, snapshot } = this.engine.store.getStack(call);
      const { status } = snapshot;
      const { id: stackId, name } = stack.identity;
      if (status.endsWith('_IN_PROGRESS'))
        throw validationError(`Drift detection cannot be performed on stack [${stackId}] in status ${status}`);
      const { random, scenario } = this.engine.operationContext;
      const end = call.at + scenario.durations.drift;
      const existing = stack.getFinalVersions();
      const applicable = scenario.drift.filter((entry) => entry.stack === name && existing.has(entry.resource));
      const drifts = new Map(applicable.map((entry) => [entry.resource, entry]));
      const id = random.uuid();
      this.detections.push({ id, stack, startedAt: call.at, end, drifts });
      stack.drift.plan(end, { StackDriftStatus: getDriftStatus(drifts), LastCheckTimestamp: new Date(end) });
      return { StackDriftDetectionId: id };
    },
    DescribeStackDriftDetectionStatus: ({ input, at }) => {
      const id = String(input['StackDriftDetectionId']);
      const detection = this.detections.find((entry) => entry.id === id);
      if (detection === undefined) throw validationError(`Drift detection with id [${id}] does not exist`);
      const { stack, startedAt, end, drifts } = detection;
      const common = { StackId: stack.identity.id, StackDriftDetectionId: id, Timestamp: new Date(startedAt) };
      if (at < end) return { ...common, DetectionStatus: 'DETECTION_IN_PROGRESS' };
      const result = { StackDriftStatus: getDriftStatus(drifts), DriftedStackResourceCount: drifts.size };
      return { ...common, ...result, DetectionStatus: 'DETECTION_COMPLETE' };
    },
    DescribeStackResourceDrifts: (call) => {
      const { stack } = this.engine.store.getStack(call);
      const filters = call.input['StackResourceDriftStatusFilters'];
      const detection = this.detections.findLast((entry) => entry.stack === stack && entry.end <= call.at);
      const versions = [...stack.getFinalVersions().values()];
      const rows = versions
        .flatMap((version) => (detection === undefined ? [] : [describeResourceDrift(detection, version)]))
        .filter((row) => !Array.isArray(filters) || filters.includes(row['StackResourceDriftStatus']));
      return paginate(call, 'StackResourceDrifts', rows);
    },
  };
}
