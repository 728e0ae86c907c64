import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import {
  AppConfigClient,
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateEnvironmentCommand,
} from '@aws-sdk/client-appconfig';
import { type MeasuredRun, runMeasured } from '../bundle/measured-run.js';
import { createJob, getActionDirectory } from './account.js';
import type { Benchmark, BenchmarkContext } from './benchmark.js';

const TENANT_COUNT = 1000;
const environments = ['dev', 'qa'];
const profiles = ['AllowList.yaml', 'Banner.txt', 'Limits.json'];
const region = 'eu-central-1';

/** Limits on a machine without other load; MB of 2^20 bytes. */
export const PREVIEW_BUDGETS = { seconds: 10, megabytes: 200 } as const;

const formatTenantName = (index: number): string => `tenant-${index}`;
const names = Array.from({ length: TENANT_COUNT }, (_, index) => formatTenantName(index));

const writeTree = ({ directory }: BenchmarkContext): string => {
  const tree = join(directory, 'tree');
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  };
  write('template/AllowList.yaml', 'users:\n  - ada\n  - grace\n');
  write('template/Banner.txt', 'Welcome\n');
  for (const [index, tenant] of names.entries()) {
    for (const environment of environments) {
      write(`tenants/${tenant}/${environment}/Limits.json`, `{"requestsPerSecond": ${index}, "burst": 10}\n`);
    }
  }
  return tree;
};

/** Creates all applications, environments and profiles without content, so that the preview reads and changes all. */
const createResources = async ({ url }: LocalAws): Promise<void> => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new AppConfigClient({ endpoint: url, region, credentials });
  const remaining = [...names];
  const createNext = async (): Promise<void> => {
    for (let Name = remaining.pop(); Name !== undefined; Name = remaining.pop()) {
      const { Id: ApplicationId } = await client.send(new CreateApplicationCommand({ Name }));
      for (const environment of environments) {
        await client.send(new CreateEnvironmentCommand({ ApplicationId, Name: environment }));
      }
      for (const file of profiles) {
        const profile = { ApplicationId, Name: file.replace(/\..*$/, ''), LocationUri: 'hosted' };
        await client.send(new CreateConfigurationProfileCommand(profile));
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, createNext));
  client.destroy();
};

/** Previews a tree of a thousand tenants in an account with all of them. Throws Error if not all were previewed. */
export const measurePreview = async (context: BenchmarkContext): Promise<MeasuredRun> => {
  const tree = writeTree(context);
  const limits = { applications: 2 * TENANT_COUNT };
  const aws = await startLocalAws({ scenario: { region, appconfig: { limits } } });
  try {
    await createResources(aws);
    const from = aws.calls().length;
    await using job = createJob(aws, context);
    const inputs = { tree, mode: 'preview' };
    const run = await runMeasured(job, { action: getActionDirectory(context, 'appconfig-rollout'), inputs });
    const listCalls = aws
      .calls()
      .slice(from)
      .filter(({ operation }) => operation === 'ListDeployments').length;
    const { changed } = run.result.outputs;
    const all = TENANT_COUNT * environments.length;
    if (listCalls !== all || changed !== String(all * profiles.length)) {
      throw new Error(
        `${listCalls} environments were looked at, ${changed} changes found:\n${run.result.log.join('\n')}`,
      );
    }
    return run;
  } finally {
    await aws.close();
  }
};

/** Time and memory of a preview of a large tree. */
export const rolloutPreview: Benchmark = {
  name: 'preview-crowd',
  measure: async (context) => {
    context.log(`${TENANT_COUNT} tenants of ${environments.length} environments with ${profiles.length} profiles each`);
    const { milliseconds, megabytes } = await measurePreview(context);
    const label = `a preview of ${TENANT_COUNT} tenants`;
    const { seconds, megabytes: maxMegabytes } = PREVIEW_BUDGETS;
    return [
      { label: `${label}: time`, unit: 's', value: milliseconds / 1000, budget: { kind: 'max', limit: seconds } },
      { label: `${label}: size`, unit: 'MB', value: megabytes, budget: { kind: 'max', limit: maxMegabytes } },
    ];
  },
};
