import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { StepResult } from '@aws-delivery/node-runner/step';
import { actionFolder, openAccount, openJob } from './account.js';
import type { Bar } from './bar.js';
import type { Bench, Ground } from './bench.js';
import { layerOf, writeLayout } from './image.js';

const count = 20;
/** What every request to the registry takes besides. */
const latency = { fault: 'latency', by: '50ms', service: 'registry' } as const;
const shared = ['os', 'runtime', 'libraries'].map((name) => layerOf(name, 100_000));
const bars = {
  time: { kind: 'share', limit: 0.15 },
  calls: { kind: 'most', limit: 4 },
} as const satisfies Readonly<Record<string, Bar>>;

const repositories = Object.fromEntries(Array.from({ length: count }, (_, index) => [`app-${index}`, {}]));

/** An account whose registry is new, and as far away as registries are. */
const openRegistry = async (): Promise<LocalAws> => {
  const aws = await openAccount({}, { ecr: { repositories } });
  aws.setFaults([latency]);
  return aws;
};

const push = async (ground: Ground, aws: LocalAws, inputs: Readonly<Record<string, string>>): Promise<StepResult> => {
  await using job = openJob(aws, ground);
  const result = await job.run({ action: actionFolder(ground, 'ecr-push'), inputs });
  await job.finish();
  if (result.conclusion !== 'success') throw new Error(`the push failed:\n${result.log.join('\n')}`);
  return result;
};

/** Seconds that all images take, so many at once, into a registry that has none of them. */
const secondsOf = async (ground: Ground, images: readonly object[], concurrency: number): Promise<number> => {
  const aws = await openRegistry();
  ground.say(`${count} images, ${concurrency} at once`);
  const since = performance.now();
  await push(ground, aws, { images: JSON.stringify(images), concurrency: String(concurrency) });
  const seconds = (performance.now() - since) / 1000;
  await aws.close();
  return seconds;
};

/** Calls of a push whose image is there already. */
const callsOfUnchanged = async (ground: Ground, source: string): Promise<number> => {
  const aws = await openRegistry();
  const inputs = { source, repository: 'app-0', tags: '1' };
  await push(ground, aws, inputs);
  const before = aws.calls().length;
  const { outputs } = await push(ground, aws, inputs);
  const calls = aws.calls().slice(before);
  await aws.close();
  if (outputs['pushed'] !== 'false' || calls.some(({ write, service }) => write === true && service !== 'registry')) {
    throw new Error('what had not changed was pushed');
  }
  return calls.length;
};

/** Twenty images that share layers, at once and one after the other; and one that is there already. */
export const imagePushes: Bench = {
  name: 'image-pushes',
  measure: async (ground) => {
    const images = Array.from({ length: count }, (_, index) => ({
      source: writeLayout(ground, `image-${index}`, [...shared, layerOf(`own-${index}`, 10_000)]),
      repository: `app-${index}`,
      tags: ['1'],
    }));
    const other = { name: 'one after the other', value: await secondsOf(ground, images, 1) };
    const ours = await secondsOf(ground, images, count);
    const what = `pushes of ${count} images, all at once, the registry 50 ms away`;
    const calls = await callsOfUnchanged(ground, 'oci:image-0');
    return [
      { what, unit: 's', ours, other, bar: bars.time },
      { what: 'a push of an image that is there: calls', unit: 'calls', ours: calls, bar: bars.calls },
    ];
  },
};
