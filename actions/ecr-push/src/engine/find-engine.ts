import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Identity } from '@aws-delivery/oci/image/image-source';
import { ENGINES, Engine, type EngineName, type EngineOptions, type EnginePushResult } from './engine.js';

/** An image in an engine on this machine, pushed by that engine. */
export interface EngineImage {
  readonly kind: 'engine';
  readonly name: string;
  readonly engine: Pick<Engine, 'name' | 'identifiesByPush'>;
  getIdentity(): Promise<Identity>;
  push(target: string, plainHttp: boolean, onLine: (line: string) => void): Promise<EnginePushResult>;
  /** Saves the image with all its platforms as an archive of the returned kind. Throws DeliveryError. */
  save(path: string, onLine: (line: string) => void): Promise<'docker-archive' | 'oci-archive'>;
  close(): Promise<void>;
}

export const createEngineImage = (engine: Engine, image: string, identity: Identity): EngineImage => ({
  kind: 'engine',
  name: `${image} in ${engine.name}`,
  engine,
  getIdentity: async () => identity,
  push: (target, plainHttp, onLine) => engine.push(image, target, plainHttp, onLine),
  save: (path, onLine) => engine.save(image, path, onLine),
  close: async () => {},
});

const IMAGE_HINT = 'build or pull it in an earlier step, or use a source with a transport, for example oci:';

/** The error for an image that no engine has: what each engine reported. */
const createNotFoundError = (
  image: string,
  absent: readonly EngineName[],
  failures: readonly string[],
): DeliveryError => {
  if (failures.length > 0) {
    const results = [...failures, ...absent.map((name) => `${name}: no such image`)].join('; ');
    const hint = "start or install the engine, or select another 'engine'";
    return new DeliveryError('unavailable', `cannot look up image '${image}' (${results}): ${hint}`);
  }
  const message =
    absent.length === 0
      ? `image '${image}' requires a container engine (${ENGINES.join(', ')}), and none is installed: install one, or use a source with a transport, for example oci:`
      : `image '${image}' not found in ${absent.join(', ')}: ${IMAGE_HINT}`;
  return new DeliveryError('not-found', message);
};

/** Finds an image in the given engine, or in the first one that has it. Throws `not-found` or `unavailable`. */
export const findEngineImage = async (
  image: string,
  engineName: EngineName | undefined,
  options: EngineOptions,
): Promise<EngineImage> => {
  const absent: EngineName[] = [];
  const failures: string[] = [];
  for (const name of engineName === undefined ? ENGINES : [engineName]) {
    const engine = new Engine(name, options);
    const lookup = await engine.findImage(image);
    if (lookup.kind === 'found') return createEngineImage(engine, image, lookup.identity);
    if (lookup.kind === 'absent') absent.push(name);
    else if (lookup.kind === 'failed') failures.push(`${name}: ${lookup.output}`);
    else if (engineName !== undefined) failures.push(`${name}: not installed`);
  }
  throw createNotFoundError(image, absent, failures);
};

/** Returns the given engine, or the first one that responds. Throws `unavailable` with the engines' own words. */
export const findEngine = async (engineName: EngineName | undefined, options: EngineOptions): Promise<Engine> => {
  const problems: string[] = [];
  for (const name of engineName === undefined ? ENGINES : [engineName]) {
    const engine = new Engine(name, options);
    const problem = await engine.findProblem();
    if (problem === undefined) return engine;
    problems.push(`${name}: ${problem}`);
  }
  const message = `no container engine responds (${problems.join('; ')}): install an engine, or start its service`;
  throw new DeliveryError('unavailable', message);
};
