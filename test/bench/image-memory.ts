import { createServer } from 'node:http';
import { runMeasured } from '../bundle/measured-run.js';
import { actionFolder, openAccount, openJob } from './account.js';
import type { Bar } from './bar.js';
import type { Bench } from './bench.js';
import { emptyLayer, writeLayout } from './image.js';

const bar: Bar = { kind: 'most', limit: 150 };

/** A registry that takes everything and keeps nothing, since this process is not what is measured. */
const openSink = async () => {
  let received = 0;
  const server = createServer((request, response) => {
    request.on('data', (piece: Buffer) => {
      received += piece.length;
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

/** The largest size of the action's process while a large layer goes through it. */
export const imageMemory: Bench = {
  name: 'image-memory',
  measure: async (ground) => {
    const layer = emptyLayer(1024);
    const source = writeLayout(ground, 'large', [layer]);
    const aws = await openAccount({});
    const sink = await openSink();
    ground.say('a layer of 1 GiB');
    await using job = openJob(aws, ground);
    const inputs = { source, repository: 'app', tags: '1', 'registry-endpoint': sink.url };
    const { result, megabytes } = await runMeasured(job, { action: actionFolder(ground, 'ecr-push'), inputs });
    await job.finish();
    await sink.close();
    await aws.close();
    if (result.conclusion !== 'success') throw new Error(`the push failed:\n${result.log.join('\n')}`);
    if (sink.received() < layer.size) throw new Error(`${sink.received()} bytes came of ${layer.size}`);
    return [{ what: 'a push of a layer of 1 GiB: largest process', unit: 'MB', ours: megabytes, bar }];
  },
};
