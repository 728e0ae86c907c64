import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { createEngineImage, type Engine, type EngineImage } from '../engine/engine.js';
import type { BuildOptions } from './build-options.js';
import { type BuildDirectory, type BuildSelection, toPushSpec } from './select-builds.js';

/** The same engine with two kinds of logins: a build has its own, or none. */
export interface BuildEngines {
  readonly buildEngine: Engine;
  readonly pushEngine: Engine;
}

export interface BuilderOptions {
  readonly build: BuildOptions;
  readonly selection: BuildSelection;
  /** Finds the engine; asked once, when the first image is. */
  readonly findEngines: () => Promise<BuildEngines>;
  /** A tag that nobody else on this machine uses: parallel jobs must not take each other's images. */
  readonly tag: string;
  readonly log: Log;
}

/** Builds each folder once, however many registries it goes to, and the common layer before those who begin from it. */
export class Builder {
  private readonly images = new Map<string, Promise<EngineImage>>();
  private readonly names: string[] = [];
  private engines: Promise<BuildEngines> | undefined;

  constructor(private readonly options: BuilderOptions) {}

  /** The image of a folder. Throws DeliveryError. */
  getImage(name: string): Promise<EngineImage> {
    const known = this.images.get(name);
    if (known !== undefined) return known;
    const { commonLayer, selected } = this.options.selection;
    const directory = [commonLayer, ...selected].find((each) => each?.name === name);
    if (directory === undefined) throw new DeliveryError('unexpected', `'${name}' is no folder that is built`);
    const image = this.buildImage(directory);
    this.images.set(name, image);
    return image;
  }

  /** Takes the names away that were only for the way, those who begin from the common layer before it. */
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
    const commonLayer = directory === selection.commonLayer ? undefined : selection.commonLayer;
    if (commonLayer !== undefined) await this.getImage(commonLayer.name);
    const baseArgs =
      commonLayer === undefined ? {} : { [build.commonLayer.argument]: this.formatImageName(commonLayer) };
    const name = this.formatImageName(directory);
    log.info(`${directory.name}: building with ${buildEngine.name}`);
    this.names.push(name);
    const onLine = (line: string): void => log.info(`${directory.name}: ${line}`);
    try {
      await buildEngine.build({ path: directory.path, name, args: { ...build.args, ...baseArgs }, onLine });
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'rejected') throw error;
      throw new DeliveryError('rejected', `'${build.directory}/${directory.name}': ${errorMessage(error)}`, {
        cause: error,
      });
    }
    const identity = await pushEngine.getIdentity(name);
    if (identity !== undefined)
      return { ...createEngineImage(pushEngine, name, identity), name: `'${directory.name}'` };
    throw new DeliveryError('unexpected', `${pushEngine.name} has built '${directory.name}' and does not have it`);
  }
}
