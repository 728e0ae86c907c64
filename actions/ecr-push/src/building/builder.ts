import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { type Engine, type EngineImage, engineImage } from '../engine.js';
import { type Folder, orderOf, type Plan } from './plan.js';
import type { BuildWish } from './wish.js';

/** The same engine with two kinds of logins: a build has its own, or none. */
export interface Bench {
  readonly forBuilds: Engine;
  readonly forPushes: Engine;
}

export interface BuilderOptions {
  readonly wish: BuildWish;
  readonly plan: Plan;
  /** Finds the engine; asked once, when the first image is. */
  readonly bench: () => Promise<Bench>;
  /** A tag that nobody else on this machine uses: parallel jobs must not take each other's images. */
  readonly mark: string;
  readonly log: Log;
}

/** Builds each folder once, however many registries it goes to, and the common layer before those who begin from it. */
export class Builder {
  readonly #images = new Map<string, Promise<EngineImage>>();
  readonly #names: string[] = [];
  #bench: Promise<Bench> | undefined;

  constructor(private readonly options: BuilderOptions) {}

  /** The image of a folder. Throws DeliveryError. */
  image(name: string): Promise<EngineImage> {
    const known = this.#images.get(name);
    if (known !== undefined) return known;
    const { common, chosen } = this.options.plan;
    const folder = [common, ...chosen].find((each) => each?.name === name);
    if (folder === undefined) throw new DeliveryError('unexpected', `'${name}' is no folder that is built`);
    const image = this.#build(folder);
    this.#images.set(name, image);
    return image;
  }

  /** Takes the names away that were only for the way, those who begin from the common layer before it. */
  async close(): Promise<void> {
    if (this.#bench === undefined) return;
    const bench = await this.#bench.catch(() => undefined);
    await bench?.forBuilds.forget(this.#names.toReversed());
  }

  #nameOf(folder: Folder): string {
    return `localhost/${orderOf(this.options.wish, folder).repository}:${this.options.mark}`;
  }

  async #build(folder: Folder): Promise<EngineImage> {
    const { wish, plan, log } = this.options;
    this.#bench ??= this.options.bench();
    const { forBuilds, forPushes } = await this.#bench;
    const common = folder === plan.common ? undefined : plan.common;
    if (common !== undefined) await this.image(common.name);
    const base = common === undefined ? {} : { [wish.common.argument]: this.#nameOf(common) };
    const name = this.#nameOf(folder);
    log.info(`${folder.name}: building with ${forBuilds.name}`);
    this.#names.push(name);
    const follow = (line: string): void => log.info(`${folder.name}: ${line}`);
    try {
      await forBuilds.build({ path: folder.path, name, args: { ...wish.args, ...base }, follow });
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'refused') throw error;
      throw new DeliveryError('refused', `'${wish.directory}/${folder.name}': ${textOf(error)}`, { cause: error });
    }
    const identity = await forPushes.identity(name);
    if (identity !== undefined) return { ...engineImage(forPushes, name, identity), name: `'${folder.name}'` };
    throw new DeliveryError('unexpected', `${forPushes.name} has built '${folder.name}' and does not have it`);
  }
}
