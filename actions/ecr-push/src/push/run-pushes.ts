import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { ImageSource } from '@aws-delivery/oci/image/image-source';
import type { EngineImage } from '../engine/find-engine.js';
import type { PushRequest } from '../inputs/parse-request.js';
import type { Registry } from '../login/registry.js';
import { attachReferrers } from '../referrers/attach-referrers.js';
import { copyImageReferrers } from '../referrers/copy-image-referrers.js';
import { readReferrer } from '../referrers/referrer-file.js';
import { type ProgressLogger, withProgress } from '../report/progress.js';
import type { Services } from '../services.js';
import { type RepositorySettings, readRepositorySettings } from './ensure-repository.js';
import type { SourceOpener } from './open-source.js';
import { planPush } from './plan-push.js';
import { publishTags } from './publish-tags.js';
import type { TransferResult } from './push-by-engine.js';
import { checkImage, pushImage } from './push-image.js';
import type { Outcome, PushResult } from './push-result.js';
import { formatImageName, type PushSpec } from './push-spec.js';
import { recordResult } from './record-result.js';

/** Arguments that all pushes of a run share. */
interface RunContext {
  readonly request: PushRequest;
  readonly registries: readonly Registry[];
  readonly services: Services;
  readonly settings: RepositorySettings;
  readonly sourceOpener: SourceOpener;
  readonly progress: ProgressLogger;
}

/** Pushes (or checks) one image in one registry, and its referrers. A failure is the result of this image only. */
const pushOne = (spec: PushSpec, registry: Registry, context: RunContext): Promise<PushResult> => {
  const { request, registries, services, settings, sourceOpener, progress } = context;
  const { workspace, host } = services;
  const { log } = host;
  const name = formatImageName(spec, registry.login, registries.length);
  const pushOrCheck = async (): Promise<Outcome> => {
    const source =
      spec.source === undefined
        ? undefined
        : await sourceOpener.open(spec.source, { registry, repository: spec.repository });
    try {
      if (request.kind === 'check' || source === undefined) return await checkImage(registry, spec, source);
      // Read before the push: a file that cannot be attached fails before anything is uploaded.
      const files = await Promise.all(spec.referrers.map((referrer) => readReferrer(referrer, workspace)));
      const { onExistingTag, copyReferrers, tagAfterScan } = request;
      const observer = progress.createObserver(name);
      const useExport = (image: EngineImage, upload: (archive: ImageSource) => Promise<TransferResult>) =>
        sourceOpener.useExport(image, (line) => log.info(`${name}: ${line}`), upload);
      const tagLater = tagAfterScan || copyReferrers;
      const pushOptions = { spec, registry, onExistingTag, settings, source, observer, log, tagLater, useExport };
      const attachOptions = { registry, repository: spec.repository, name, log };
      const pushed = await pushImage(pushOptions);
      const attached = files.length === 0 ? pushed : await attachReferrers(files, pushed, attachOptions);
      const outcome = copyReferrers
        ? await copyImageReferrers(source, attached, { ...attachOptions, onExistingTag, observer })
        : attached;
      return tagAfterScan ? outcome : await publishTags(outcome, spec, registry);
    } finally {
      await source?.close();
    }
  };
  return recordResult(pushOrCheck, { spec, registry, name, progress, services });
};

/** An image whose build needs the image of `failed` as its base. */
const createSkippedResult = (spec: PushSpec, { login }: Registry, failed: PushSpec): PushResult => {
  const message = `skipped: the common layer '${failed.source?.label}' failed`;
  return { spec, login, durationMs: 0, outcome: { kind: 'failed', error: new DeliveryError('missing', message) } };
};

/** Pushes (or checks) every image in every registry; the images that others are built from first. */
export const runPushes = async (
  request: PushRequest,
  registries: readonly Registry[],
  services: Services,
): Promise<readonly PushResult[]> => {
  const { host, workspace } = services;
  const settings = await readRepositorySettings(request.repository, workspace);
  const listPairs = (specs: readonly PushSpec[]) =>
    specs.flatMap((spec) => registries.map((registry) => ({ spec, registry })));
  return withProgress(host, async (progress, log) => {
    const loggedServices = { ...services, host: { ...host, log } };
    const plan = await planPush(request, registries, loggedServices);
    const sourceOpener = services.createSourceOpener(registries, { ...plan, engine: request.engine });
    const context = { request, registries, services: loggedServices, settings, sourceOpener, progress };
    const pushAll = (specs: readonly PushSpec[]) =>
      mapConcurrent(listPairs(specs), request.concurrency, ({ spec, registry }) => pushOne(spec, registry, context));
    try {
      const first = await pushAll(plan.first);
      const failed = first.find(({ outcome }) => outcome.kind === 'failed');
      if (failed === undefined) return [...first, ...(await pushAll(plan.others))];
      const skipped = listPairs(plan.others).map(({ spec, registry }) =>
        createSkippedResult(spec, registry, failed.spec),
      );
      return [...first, ...skipped];
    } finally {
      await plan.builder?.close();
    }
  });
};
