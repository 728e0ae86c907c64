import type { Registry } from '../login/registry.js';
import type { ProgressLogger } from '../report/progress.js';
import type { Services } from '../services.js';
import type { Outcome, PushResult } from './push-result.js';
import type { PushSpec } from './push-spec.js';

export interface RecordOptions {
  readonly spec: PushSpec;
  readonly registry: Registry;
  /** The image in logs. */
  readonly name: string;
  readonly progress: ProgressLogger;
  readonly services: Pick<Services, 'host' | 'deadline'>;
}

/**
 * Runs the operation on one image, measures and logs it. An error becomes the outcome `failed`, so that other images
 * go on; after the deadline its error is the deadline's.
 */
export const recordResult = async (operation: () => Promise<Outcome>, options: RecordOptions): Promise<PushResult> => {
  const { spec, registry, name, progress, services } = options;
  const { host, deadline } = services;
  const start = host.clock.now();
  const outcome = await operation().catch((error: unknown): Outcome => {
    return { kind: 'failed', error: deadline.signal.aborted ? deadline.signal.reason : error };
  });
  const result = { spec, login: registry.login, outcome, durationMs: host.clock.now() - start };
  progress.logResult(name, result);
  return result;
};
