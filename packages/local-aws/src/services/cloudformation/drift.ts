import { type Call, type Document, output, type Reply } from '../../call.js';
import type { Engine } from './engine.js';
import { page } from './page.js';
import { invalid } from './refusal.js';
import type { ResourceVersion, Stack } from './stack.js';

interface Detection {
  readonly id: string;
  readonly stack: Stack;
  readonly begun: number;
  readonly end: number;
}

/** Drift as the scenario has it: what a detection finds, it finds at its end. */
export class Drift {
  readonly #detections: Detection[] = [];

  constructor(private readonly engine: Engine) {}

  detect(call: Call, stack: Stack): Reply {
    const status = stack.at(call.at)?.status ?? '';
    if (status.endsWith('_IN_PROGRESS'))
      throw invalid(`Drift detection cannot be performed on stack [${stack.identity.id}] in status ${status}`);
    const { random, scenario } = this.engine.world;
    const end = call.at + scenario.durations.drift;
    const detection = { id: random.uuid(), stack, begun: call.at, end };
    this.#detections.push(detection);
    const drifted = this.engine.drifted(stack, end).size > 0;
    stack.drift.plan(end, { StackDriftStatus: drifted ? 'DRIFTED' : 'IN_SYNC', LastCheckTimestamp: new Date(end) });
    return output({ StackDriftDetectionId: detection.id });
  }

  status({ input, at }: Call): Reply {
    const id = String(input['StackDriftDetectionId']);
    const detection = this.#detections.find((one) => one.id === id);
    if (detection === undefined) throw invalid(`Drift detection with id [${id}] does not exist`);
    const { stack, begun, end } = detection;
    const common = { StackId: stack.identity.id, StackDriftDetectionId: id, Timestamp: new Date(begun) };
    if (at < end) return output({ ...common, DetectionStatus: 'DETECTION_IN_PROGRESS' });
    const drifted = this.engine.drifted(stack, end).size;
    return output({
      ...common,
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: drifted > 0 ? 'DRIFTED' : 'IN_SYNC',
      DriftedStackResourceCount: drifted,
    });
  }

  resources(call: Call, stack: Stack): Reply {
    const filters = call.input['StackResourceDriftStatusFilters'];
    const checked = this.#detections.findLast((one) => one.stack === stack && one.end <= call.at);
    const rows =
      checked === undefined
        ? []
        : [...stack.versions().values()].map((version) => this.#row(stack, version, checked.end));
    const wanted = rows.filter((row) => !Array.isArray(filters) || filters.includes(row['StackResourceDriftStatus']));
    const { items, token } = page(wanted, call, 100);
    return output({ StackResourceDrifts: items, NextToken: token });
  }

  #row(stack: Stack, { resource, physicalId, properties }: ResourceVersion, at: number): Document {
    const drift = this.engine.drifted(stack, at).get(resource.logicalId);
    return {
      StackId: stack.identity.id,
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: resource.type,
      ExpectedProperties: JSON.stringify(properties),
      ActualProperties: JSON.stringify(properties),
      PropertyDifferences: drift?.differences.map(({ path, expected, actual, type }) => ({
        PropertyPath: path,
        ExpectedValue: expected,
        ActualValue: actual,
        DifferenceType: type,
      })),
      StackResourceDriftStatus: drift?.status ?? 'IN_SYNC',
      Timestamp: new Date(at),
    };
  }
}
