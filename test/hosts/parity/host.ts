import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { DeliveryStep, Identity } from './delivery.js';

/** Outputs as they lie together in one place of a host: of one step, of the steps of a job, or of all. */
export interface OutputGroup {
  readonly steps: readonly DeliveryStep[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** A host that runs the delivery. */
export interface DeliveryHost {
  readonly name: string;
  /** What is not installed that it needs. */
  readonly missing: readonly string[];
  readonly identity: Identity;
  /** How often the job enters AWS: once, or once for each of its other steps. */
  readonly loginCount: number;
  /** What the host calls an output. */
  readonly formatOutputName: (name: string) => string;
  /** Whether its outputs are read after the job: then secrets, and paths of files that went with it, are none of them. */
  readonly outputsOutliveJob: boolean;
  /**
   * Runs the delivery to its end.
   * @param workspace a folder with what is delivered, for this run alone
   * @throws Error with the log where it fails
   */
  runDelivery(aws: LocalAws, workspace: string): Promise<readonly OutputGroup[]>;
}

/** A host's name for outputs that keeps the action's. */
export const keepName = (name: string): string => name;
