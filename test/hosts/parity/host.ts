import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { DeliveryStep, Identity } from './delivery.js';

/** Outputs that a host exposes together: of one step, of the steps of a job, or of all steps. */
export interface OutputGroup {
  readonly steps: readonly DeliveryStep[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** A host that runs the delivery. */
export interface DeliveryHost {
  readonly name: string;
  /** Programs that the host needs and that are not installed. */
  readonly missing: readonly string[];
  readonly identity: Identity;
  /** How often the delivery assumes the role: once, or once for each other step. */
  readonly loginCount: number;
  /** The host's name of an output. */
  readonly formatOutputName: (name: string) => string;
  /** Whether outputs are read after the job; then they contain no secrets and no paths of deleted files. */
  readonly outputsOutliveJob: boolean;
  /**
   * Runs the delivery and waits until it ends.
   * @param workspace a directory with the files of the delivery, used by this run only
   * @throws Error with the log if the delivery fails
   */
  runDelivery(aws: LocalAws, workspace: string): Promise<readonly OutputGroup[]>;
}

/** Output names are the same as the action's. */
export const keepName = (name: string): string => name;
