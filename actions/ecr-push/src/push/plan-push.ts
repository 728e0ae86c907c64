import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createChangedFilesLister } from '@aws-delivery/action-kit/git/run-git';
import type { Log } from '@aws-delivery/action-kit/host/log';
import type { BuildOptions } from '../build/build-options.js';
import { type BuildEngines, Builder } from '../build/builder.js';
import { type BuildSelection, selectBuilds, toPushSpec } from '../build/select-builds.js';
import { writeSecrets } from '../build/write-secrets.js';
import { Engine, type EngineOptions } from '../engine/engine.js';
import { createEngineOptions } from '../engine/engine-options.js';
import { findEngine } from '../engine/find-engine.js';
import type { PushRequest } from '../inputs/parse-request.js';
import { writeConfigWithoutLogins } from '../login/login-directory.js';
import type { Registry } from '../login/registry.js';
import type { Services } from '../services.js';
import type { PushSpec } from './push-spec.js';

/** What a run pushes, and with what. */
export interface PushPlan {
  /** Pushed before the others: the common layer that their builds start from. */
  readonly first: readonly PushSpec[];
  readonly others: readonly PushSpec[];
  /** Undefined when no image needs an engine. */
  readonly engines: EngineOptions | undefined;
  /** Undefined when nothing is built. */
  readonly builder: Builder | undefined;
}

const logSelection = ({ selected, unchanged }: BuildSelection, build: BuildOptions, log: Log): void => {
  const formatNames = (directories: BuildSelection['selected']): string =>
    directories.map(({ name }) => name).join(', ');
  if (selected.length > 0) log.info(`Directories to build: ${formatNames(selected)}`);
  if (unchanged.length > 0) log.info(`Skipped, unchanged since ${build.changedSince}: ${formatNames(unchanged)}`);
};

const createBuilder = async (
  { build, selection, engines }: { build: BuildOptions; selection: BuildSelection; engines: EngineOptions },
  request: PushRequest,
  services: Services,
): Promise<Builder> => {
  const { host, tempDir } = services;
  const directory = await tempDir.getPath();
  const findEngines = async (): Promise<BuildEngines> => {
    const bareDirectory = join(directory, 'build');
    if (!build.logins) await mkdir(bareDirectory, { mode: 0o700 });
    const logins = build.logins ? engines.logins : await writeConfigWithoutLogins(bareDirectory, host);
    const buildEngine = await findEngine(request.engine, { ...engines, logins });
    return { buildEngine, pushEngine: new Engine(buildEngine.name, engines) };
  };
  return new Builder({
    build,
    selection,
    writeSecrets: () => writeSecrets(build, services),
    findEngines,
    tag: basename(directory),
    log: host.log,
  });
};

const planBuilds = async (
  build: BuildOptions,
  request: PushRequest,
  registries: readonly Registry[],
  services: Services,
): Promise<PushPlan> => {
  const { host, workspace } = services;
  const { env, signal, log } = host;
  const selection = await selectBuilds(build, resolve(workspace, build.directory), (directory) =>
    createChangedFilesLister({ directory, env, signal }),
  );
  logSelection(selection, build, log);
  const { commonLayer, selected } = selection;
  const toSpecs = (directories: BuildSelection['selected']) => directories.map((each) => toPushSpec(build, each));
  const first = toSpecs(selected.filter((each) => each === commonLayer));
  const others = toSpecs(selected.filter((each) => each !== commonLayer));
  if (request.kind === 'check') {
    // Nothing is built, so there is no image to compare with: any image under the tags will do.
    const specs = [...first, ...others].map((spec) => ({ ...spec, source: undefined }));
    return { first: [], others: specs, engines: undefined, builder: undefined };
  }
  const engines = await createEngineOptions(registries, services);
  const builder = await createBuilder({ build, selection, engines }, request, services);
  return { first, others, engines, builder };
};

/** Decides what is pushed and built, and in which order; nothing is built yet. Throws DeliveryError. */
export const planPush = async (
  request: PushRequest,
  registries: readonly Registry[],
  services: Services,
): Promise<PushPlan> => {
  const { pushSource } = request;
  if (pushSource.kind === 'directories') return planBuilds(pushSource.build, request, registries, services);
  const needsEngine = pushSource.specs.some(({ source }) => source?.kind === 'engine');
  const engines = needsEngine ? await createEngineOptions(registries, services) : undefined;
  return { first: [], others: pushSource.specs, engines, builder: undefined };
};
