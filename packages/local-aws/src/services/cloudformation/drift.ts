import { isList, isMapping, type Mapping, type Value } from '@aws-delivery/template/value';
import { type Call, type Document, output, type Reply } from '../../call.js';
import type { Engine } from './engine.js';
import { paged } from './page.js';
import { invalid } from './refusal.js';
import type { Drifted } from './scenario.js';
import type { ResourceVersion, Stack } from './stack.js';

interface Detection {
  readonly id: string;
  readonly stack: Stack;
  readonly begun: number;
  readonly end: number;
  /** By logical id. */
  readonly found: ReadonlyMap<string, Drifted>;
}

/** A value with what is at a path made another, or taken away. Parts of the path are keys of mappings or indices of lists. */
const changeAt = (
  value: Value | undefined,
  [step, ...rest]: readonly string[],
  actual: string | undefined,
): Value | undefined => {
  if (step === undefined) return actual;
  const parts = new Map(Object.entries(isList(value) || isMapping(value) ? value : {}));
  const changed = changeAt(parts.get(step), rest, actual);
  if (changed === undefined) parts.delete(step);
  else parts.set(step, changed);
  return isList(value) ? [...parts.values()] : Object.fromEntries(parts);
};

/** What a drifted resource is really like: as declared, but for the differences, whose paths are JSON pointers. */
const actualOf = (properties: Mapping, drift: Drifted | undefined): Value | undefined =>
  (drift?.differences ?? []).reduce<Value | undefined>(
    (value, { path, actual, type }) =>
      changeAt(value, path.split('/').slice(1), type === 'REMOVE' ? undefined : actual),
    properties,
  );

const statusOf = (found: ReadonlyMap<string, Drifted>): string => (found.size > 0 ? 'DRIFTED' : 'IN_SYNC');

const rowOf = ({ stack, end, found }: Detection, { resource, physicalId, properties }: ResourceVersion): Document => {
  const drift = found.get(resource.logicalId);
  return {
    StackId: stack.identity.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: resource.type,
    ExpectedProperties: JSON.stringify(properties),
    ActualProperties: drift?.status === 'DELETED' ? undefined : JSON.stringify(actualOf(properties, drift)),
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

/** Drift as the scenario has it: what a detection finds, it finds at its end. */
export class Drift {
  readonly #detections: Detection[] = [];

  constructor(private readonly engine: Engine) {}

  detect(call: Call): Reply {
    const {
      stack,
      fact: { status },
    } = this.engine.store.named(call);
    if (status.endsWith('_IN_PROGRESS'))
      throw invalid(`Drift detection cannot be performed on stack [${stack.identity.id}] in status ${status}`);
    const { random, scenario } = this.engine.world;
    const end = call.at + scenario.durations.drift;
    const existing = stack.versions();
    const drifted = scenario.drift.filter((one) => one.stack === stack.identity.name && existing.has(one.resource));
    const found = new Map(drifted.map((one) => [one.resource, one]));
    const id = random.uuid();
    this.#detections.push({ id, stack, begun: call.at, end, found });
    stack.drift.plan(end, { StackDriftStatus: statusOf(found), LastCheckTimestamp: new Date(end) });
    return output({ StackDriftDetectionId: id });
  }

  status({ input, at }: Call): Reply {
    const id = String(input['StackDriftDetectionId']);
    const detection = this.#detections.find((one) => one.id === id);
    if (detection === undefined) throw invalid(`Drift detection with id [${id}] does not exist`);
    const { stack, begun, end, found } = detection;
    const common = { StackId: stack.identity.id, StackDriftDetectionId: id, Timestamp: new Date(begun) };
    if (at < end) return output({ ...common, DetectionStatus: 'DETECTION_IN_PROGRESS' });
    return output({
      ...common,
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: statusOf(found),
      DriftedStackResourceCount: found.size,
    });
  }

  resources(call: Call): Reply {
    const { stack } = this.engine.store.named(call);
    const filters = call.input['StackResourceDriftStatusFilters'];
    const checked = this.#detections.findLast((one) => one.stack === stack && one.end <= call.at);
    const rows = checked === undefined ? [] : [...stack.versions().values()].map((version) => rowOf(checked, version));
    const wanted = rows.filter((row) => !Array.isArray(filters) || filters.includes(row['StackResourceDriftStatus']));
    return paged(call, 'StackResourceDrifts', wanted);
  }
}
