import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { changedFilesIn } from '@aws-delivery/action-kit/git';
import { Engine, type EngineName, type EngineOptions, findEngine } from '../engine.js';
import { writeBareFiles } from '../login-folder.js';
import type { Order } from '../request.js';
import type { Services } from '../services.js';
import { type Bench, Builder } from './builder.js';
import { orderOf, type Plan, planOf } from './plan.js';
import type { BuildWish } from './wish.js';

/** What is to be pushed of the folders, and who builds it. */
export interface Yard {
  /** Goes before the others. */
  readonly first: readonly Order[];
  readonly others: readonly Order[];
  readonly builder: Builder;
}

export interface YardOptions {
  readonly engine: EngineName | undefined;
  /** Engines with the logins that pushes need. */
  readonly engines: EngineOptions;
}

/** What is built, and what is left out; said before anything begins. */
const planAloud = async (wish: BuildWish, { host, workspace }: Services): Promise<Plan> => {
  const { variables, signal, log } = host;
  const directory = resolve(workspace, wish.directory);
  const plan = await planOf(wish, directory, (folder) => changedFilesIn({ folder, variables, signal }));
  const names = (folders: Plan['chosen']): string => folders.map(({ name }) => name).join(', ');
  if (plan.chosen.length > 0) log.info(`To build: ${names(plan.chosen)}`);
  if (plan.unchanged.length > 0) log.info(`Unchanged since ${wish.changedSince}: ${names(plan.unchanged)}`);
  return plan;
};

const ordersOf = (wish: BuildWish, { common, chosen }: Plan): Pick<Yard, 'first' | 'others'> => {
  const [first, others] = [chosen.filter((each) => each === common), chosen.filter((each) => each !== common)];
  return {
    first: first.map((folder) => orderOf(wish, folder)),
    others: others.map((folder) => orderOf(wish, folder)),
  };
};

/** The orders that the folders are, for somebody who just looks whether they are there. */
export const folderOrders = async (wish: BuildWish, services: Services): Promise<readonly Order[]> => {
  const { first, others } = ordersOf(wish, await planAloud(wish, services));
  return [...first, ...others].map((order) => ({ ...order, source: undefined }));
};

/** Decides what is built. Nothing is built yet. Throws DeliveryError. */
export const openYard = async (wish: BuildWish, options: YardOptions, services: Services): Promise<Yard> => {
  const { host, workshop } = services;
  const plan = await planAloud(wish, services);
  const folder = await workshop.folder();
  const bench = async (): Promise<Bench> => {
    const { engine, engines } = options;
    const bare = join(folder, 'build');
    if (!wish.logins) await mkdir(bare, { mode: 0o700 });
    const logins = wish.logins ? engines.logins : await writeBareFiles(bare, host);
    const forBuilds = await findEngine(engine, { ...engines, logins });
    return { forBuilds, forPushes: new Engine(forBuilds.name, engines) };
  };
  const builder = new Builder({ wish, plan, bench, mark: basename(folder), log: host.log });
  return { ...ordersOf(wish, plan), builder };
};
