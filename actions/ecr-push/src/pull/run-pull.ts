import { createEngineOptions } from '../engine/engine-options.js';
import type { PullRequest } from '../inputs/parse-request.js';
import type { Registry } from '../login/registry.js';
import type { PushResult } from '../push/push-result.js';
import { recordResult } from '../push/record-result.js';
import { withProgress } from '../report/progress.js';
import type { Services } from '../services.js';
import { pullImage, selectRegistry } from './pull-image.js';

/** Pulls the requested image. Throws `invalid-input` when none or several of the registries may have it. */
export const runPull = async (
  { pull, engine }: PullRequest,
  registries: readonly Registry[],
  services: Services,
): Promise<PushResult> => {
  const { host, workspace } = services;
  const registry = selectRegistry(pull, registries);
  const { repository, tag, digest } = pull;
  const spec = { source: undefined, repository, tags: tag === undefined ? [] : [tag], referrers: [] };
  const name = `${repository}${tag === undefined ? `@${digest}` : `:${tag}`}`;
  return withProgress(host, (progress, log) => {
    const onLine = (line: string): void => log.info(`${name}: ${line}`);
    const getEngines = () => createEngineOptions([registry], services);
    const observer = progress.createObserver(name);
    return recordResult(() => pullImage({ spec: pull, registry, workspace, observer, onLine, engine, getEngines }), {
      spec,
      registry,
      name,
      progress,
      services,
    });
  });
};
