import { createServer } from 'node:http';
import { runMeasured } from '../../bundle/measured-run.js';
import { createJob, getActionDirectory, startAccount } from '../account.js';
import type { Benchmark } from '../benchmark.js';
import type { Budget } from '../budget.js';
import { createEmptyLayer, writeLayout } from './image-layout.js';

const BUDGET: Budget = { kind: 'max', limit: 150 };

/** A registry that accepts and discards every upload, so that it needs no memory itself. */
const startSinkRegistry = async () => {
  let received = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    request.on('end', () => {
      const status = { GET: 404, HEAD: 404, POST: 202 }[request.method ?? ''] ?? 201;
      response.writeHead(status, { location: '/v2/app/blobs/uploads/1' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${port}`, received: () => received, close };
};

/** Peak memory of the action during the push of a large layer. */
export const imageMemory: Benchmark = {
  name: 'image-memory',
  measure: async (context) => {
    const layer = createEmptyLayer(1024);
    const source = writeLayout(context, 'large', [layer]);
    const aws = await startAccount({});
    const sink = await startSinkRegistry();
    context.log('a layer of 1 GiB');
    await using job = createJob(aws, context);
    const inputs = { source, repository: 'app', tags: '1', 'registry-endpoint': sink.url };
    const { result, megabytes } = await runMeasured(job, { action: getActionDirectory(context, 'ecr-push'), inputs });
    await job.finish();
    await sink.close();
    await aws.close();
    if (result.conclusion !== 'success') throw new Error(`the push failed:\n${result.log.join('\n')}`);
    if (sink.received() < layer.size) throw new Error(`${sink.received()} bytes came of ${layer.size}`);
    return [{ label: 'a push of a layer of 1 GiB: largest process', unit: 'MB', value: megabytes, budget: BUDGET }];
  },
};
