import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createChangedFilesLister } from '@aws-delivery/action-kit/git/run-git';
import { Engine, type EngineName, type EngineOptions, findEngine } from '../engine/engine.js';
import type { PushSpec } from '../inputs/parse-request.js';
import { writeConfigWithoutLogins } from '../login/login-directory.js';
import type { Services } from '../services.js';
import type { BuildOptions } from './build-options.js';
import { type BuildEngines, Builder } from './builder.js';
import { type BuildSelection, selectBuilds, toPushSpec } from './select-builds.js';

/** What is to be pushed of the folders, and who builds it. */
export interface BuildPlan {
  /** Goes before the others. */
  readonly first: readonly PushSpec[];
  readonly others: readonly PushSpec[];
  readonly builder: Builder;
}

export interface BuildPlanOptions {
  readonly engine: EngineName | undefined;
  /** Engines with the logins that pushes need. */
  readonly engines: EngineOptions;
}

/** What is built, and what is left out; said before anything begins. */
const selectAndLogBuilds = async (build: BuildOptions, { host, workspace }: Services): Promise<BuildSelection> => {
  const { env, signal, log } = host;
  const directory = resolve(workspace, build.directory);
  const selection = await selectBuilds(build, directory, (directory) =>
    createChangedFilesLister({ directory, env, signal }),
  );
  const formatNames = (directories: BuildSelection['selected']): string =>
    directories.map(({ name }) => name).join(', ');
  if (selection.selected.length > 0) log.info(`To build: ${formatNames(selection.selected)}`);
  if (selection.unchanged.length > 0)
    log.info(`Unchanged since ${build.changedSince}: ${formatNames(selection.unchanged)}`);
  return selection;
};

const toPushSpecs = (
  build: BuildOptions,
  { commonLayer, selected }: BuildSelection,
): Pick<BuildPlan, 'first' | 'others'> => {
  const [first, others] = [
    selected.filter((each) => each === commonLayer),
    selected.filter((each) => each !== commonLayer),
  ];
  return {
    first: first.map((each) => toPushSpec(build, each)),
    others: others.map((each) => toPushSpec(build, each)),
  };
};

/** The orders that the folders are, for somebody who just looks whether they are there. */
export const listPushSpecs = async (build: BuildOptions, services: Services): Promise<readonly PushSpec[]> => {
  const { first, others } = toPushSpecs(build, await selectAndLogBuilds(build, services));
  return [...first, ...others].map((spec) => ({ ...spec, source: undefined }));
};

/** Decides what is built. Nothing is built yet. Throws DeliveryError. */
export const planBuilds = async (
  build: BuildOptions,
  options: BuildPlanOptions,
  services: Services,
): Promise<BuildPlan> => {
  const { host, tempDir } = services;
  const selection = await selectAndLogBuilds(build, services);
  const directory = await tempDir.getPath();
  const findEngines = async (): Promise<BuildEngines> => {
    const { engine, engines } = options;
    const bareDirectory = join(directory, 'build');
    if (!build.logins) await mkdir(bareDirectory, { mode: 0o700 });
    const logins = build.logins ? engines.logins : await writeConfigWithoutLogins(bareDirectory, host);
    const buildEngine = await findEngine(engine, { ...engines, logins });
    return { buildEngine, pushEngine: new Engine(buildEngine.name, engines) };
  };
  const builder = new Builder({ build, selection, findEngines, tag: basename(directory), log: host.log });
  return { ...toPushSpecs(build, selection), builder };
};
