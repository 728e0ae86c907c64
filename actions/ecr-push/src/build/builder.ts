import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import type { BuildSecret, Engine } from '../engine/engine.js';
import { createEngineImage, type EngineImage } from '../engine/find-engine.js';
import type { BuildOptions } from './build-options.js';
import { type BuildDirectory, type BuildSelection, toPushSpec } from './select-builds.js';

/** One engine with two sets of logins: builds have none unless `build-logins` is set. */
export interface BuildEngines {
  readonly buildEngine: Engine;
  readonly pushEngine: Engine;
}

export interface BuilderOptions {
  readonly build: BuildOptions;
  readonly selection: BuildSelection;
  /** Writes the secrets into private files; called once, before the first build. */
  readonly writeSecrets: () => Promise<readonly BuildSecret[]>;
  /** Finds the engine; called once, before the first build. */
  readonly findEngines: () => Promise<BuildEngines>;
  /** A tag that is unique on this machine, so that parallel jobs do not push each other's images. */
  readonly tag: string;
  readonly log: Log;
}

const fillNames = (caches: readonly string[], { name }: BuildDirectory): readonly string[] =>
  caches.map((cache) => cache.replaceAll('{name}', name));

/** Builds each directory once for all registries, and the common layer before the images that are built from it. */
export class Builder {
  private readonly images = new Map<string, Promise<EngineImage>>();
  private readonly names: string[] = [];
  private engines: Promise<BuildEngines> | undefined;
  private secrets: Promise<readonly BuildSecret[]> | undefined;

  constructor(private readonly options: BuilderOptions) {}

  /** Returns the image of a build directory; builds it on the first call. Throws DeliveryError. */
  getImage(name: string): Promise<EngineImage> {
    const known = this.images.get(name);
    if (known !== undefined) return known;
    const { commonLayer, selected } = this.options.selection;
    const directory = [commonLayer, ...selected].find((each) => each?.name === name);
    if (directory === undefined)
      throw new DeliveryError('unexpected', `'${name}' is not one of the directories to build`);
    const image = this.buildImage(directory);
    this.images.set(name, image);
    return image;
  }

  /** Removes the temporary images, those built from the common layer before the common layer. */
  async close(): Promise<void> {
    if (this.engines === undefined) return;
    const engines = await this.engines.catch(() => undefined);
    await engines?.buildEngine.removeImages(this.names.toReversed());
  }

  private formatImageName(directory: BuildDirectory): string {
    return `localhost/${toPushSpec(this.options.build, directory).repository}:${this.options.tag}`;
  }

  private async buildImage(directory: BuildDirectory): Promise<EngineImage> {
    const { build, selection, log } = this.options;
    this.engines ??= this.options.findEngines();
    const { buildEngine, pushEngine } = await this.engines;
    this.secrets ??= this.options.writeSecrets();
    const secrets = await this.secrets;
    const commonLayer = directory === selection.commonLayer ? undefined : selection.commonLayer;
    if (commonLayer !== undefined) await this.getImage(commonLayer.name);
    const baseArgs =
      commonLayer === undefined ? {} : { [build.commonLayer.argument]: this.formatImageName(commonLayer) };
    const name = this.formatImageName(directory);
    log.info(`${directory.name}: Building with ${buildEngine.name}`);
    this.names.push(name);
    const onLine = (line: string): void => log.info(`${directory.name}: ${line}`);
    try {
      await buildEngine.build({
        path: directory.path,
        dockerfile: build.dockerfile,
        name,
        target: directory === selection.commonLayer ? undefined : build.target,
        args: { ...build.args, ...baseArgs },
        secrets,
        cacheFrom: fillNames(build.cacheFrom, directory),
        cacheTo: fillNames(build.cacheTo, directory),
        onLine,
      });
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'rejected') throw error;
      throw new DeliveryError('rejected', `'${build.directory}/${directory.name}': ${errorMessage(error)}`, {
        cause: error,
      });
    }
    const lookup = await pushEngine.findImage(name);
    if (lookup.kind === 'found')
      return { ...createEngineImage(pushEngine, name, lookup.identity), name: `'${directory.name}'` };
    throw new DeliveryError(
      'unexpected',
      `${pushEngine.name} built '${directory.name}', but the image is not in ${pushEngine.name}: rerun the job`,
    );
  }
}
