import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import { createJob, getActionDirectory, startAccount } from '../account.js';
import type { Benchmark, BenchmarkContext } from '../benchmark.js';
import type { Budget } from '../budget.js';
import { createLayer, writeLayout } from './image-layout.js';

const IMAGE_COUNT = 20;
/** Additional latency of every request to the registry. */
const LATENCY = { fault: 'latency', by: '50ms', service: 'registry' } as const;
const shared = ['os', 'runtime', 'libraries'].map((name) => createLayer(name, 100_000));
const BUDGETS = {
  time: { kind: 'max-share', limit: 0.15 },
  calls: { kind: 'max', limit: 4 },
} as const satisfies Readonly<Record<string, Budget>>;

const repositories = Object.fromEntries(Array.from({ length: IMAGE_COUNT }, (_, index) => [`app-${index}`, {}]));

/** An account with empty repositories and a registry with latency. */
const startRegistry = async (): Promise<LocalAws> => {
  const aws = await startAccount({}, { ecr: { repositories } });
  aws.setFaults([LATENCY]);
  return aws;
};

const pushImages = async (
  context: BenchmarkContext,
  aws: LocalAws,
  inputs: Readonly<Record<string, string>>,
): Promise<StepResult> => {
  await using job = createJob(aws, context);
  const result = await job.run({ action: getActionDirectory(context, 'ecr-push'), inputs });
  await job.finish();
  if (result.conclusion !== 'success') throw new Error(`the push failed:\n${result.log.join('\n')}`);
  return result;
};

/** Seconds to push all images to an empty registry with the given concurrency. */
const measureSeconds = async (
  context: BenchmarkContext,
  images: readonly object[],
  concurrency: number,
): Promise<number> => {
  const aws = await startRegistry();
  context.log(`${IMAGE_COUNT} images, ${concurrency} at once`);
  const since = performance.now();
  await pushImages(context, aws, { images: JSON.stringify(images), concurrency: String(concurrency) });
  const seconds = (performance.now() - since) / 1000;
  await aws.close();
  return seconds;
};

/** The number of calls of a push whose image is in the registry already. */
const countUnchangedCalls = async (context: BenchmarkContext, source: string): Promise<number> => {
  const aws = await startRegistry();
  const inputs = { source, repository: 'app-0', tags: '1' };
  await pushImages(context, aws, inputs);
  const before = aws.calls().length;
  const { outputs } = await pushImages(context, aws, inputs);
  const calls = aws.calls().slice(before);
  await aws.close();
  if (outputs['pushed'] !== 'false' || calls.some(({ write, service }) => write === true && service !== 'registry')) {
    throw new Error('what had not changed was pushed');
  }
  return calls.length;
};

/** Pushes of images with common layers, concurrent compared with sequential; and of an unchanged image. */
export const imagePushes: Benchmark = {
  name: 'image-pushes',
  measure: async (context) => {
    const images = Array.from({ length: IMAGE_COUNT }, (_, index) => ({
      source: writeLayout(context, `image-${index}`, [...shared, createLayer(`own-${index}`, 10_000)]),
      repository: `app-${index}`,
      tags: ['1'],
    }));
    const reference = { name: 'one after the other', value: await measureSeconds(context, images, 1) };
    const seconds = await measureSeconds(context, images, IMAGE_COUNT);
    const label = `pushes of ${IMAGE_COUNT} images, all at once, the registry 50 ms away`;
    const calls = await countUnchangedCalls(context, 'oci:image-0');
    return [
      { label, unit: 's', value: seconds, reference, budget: BUDGETS.time },
      { label: 'a push of an image that is there: calls', unit: 'calls', value: calls, budget: BUDGETS.calls },
    ];
  },
};
