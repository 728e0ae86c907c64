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
import { actionFolder, openJob } from './account.js';
import type { Bench, Ground } from './bench.js';

const tenants = 1000;
const environments = ['dev', 'qa'];
const profiles = ['AllowList.yaml', 'Banner.txt', 'Limits.json'];
const region = 'eu-central-1';

/** Seconds on a machine that does nothing else. */
export const previewBars = { seconds: 10, megabytes: 200 } as const;

const nameOf = (index: number): string => `tenant-${index}`;
const names = Array.from({ length: tenants }, (_, index) => nameOf(index));

const writeTree = ({ folder }: Ground): string => {
  const tree = join(folder, 'tree');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
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

/** Has everything there but what the profiles hold, so that all of it is looked at and all of it differs. */
const provision = async ({ url }: LocalAws): Promise<void> => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new AppConfigClient({ endpoint: url, region, credentials });
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let Name = waiting.pop(); Name !== undefined; Name = waiting.pop()) {
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
  await Promise.all(Array.from({ length: 8 }, worker));
  client.destroy();
};

/** Previews a tree of a thousand tenants in an account that has them all. Throws where it is not looked at whole. */
export const previewCrowd = async (ground: Ground): Promise<MeasuredRun> => {
  const tree = writeTree(ground);
  const limits = { applications: 2 * tenants };
  const aws = await startLocalAws({ scenario: { region, appconfig: { limits } } });
  try {
    await provision(aws);
    const from = aws.calls().length;
    await using job = openJob(aws, ground);
    const inputs = { tree, mode: 'preview' };
    const run = await runMeasured(job, { action: actionFolder(ground, 'appconfig-rollout'), inputs });
    const looks = aws
      .calls()
      .slice(from)
      .filter(({ operation }) => operation === 'ListDeployments').length;
    const { changed } = run.result.outputs;
    const all = tenants * environments.length;
    if (looks !== all || changed !== String(all * profiles.length)) {
      throw new Error(`${looks} environments were looked at, ${changed} changes found:\n${run.result.log.join('\n')}`);
    }
    return run;
  } finally {
    await aws.close();
  }
};

/** What a preview of a large tree takes. */
export const previewOfCrowd: Bench = {
  name: 'preview-crowd',
  measure: async (ground) => {
    ground.say(`${tenants} tenants of ${environments.length} environments with ${profiles.length} profiles each`);
    const { milliseconds, megabytes } = await previewCrowd(ground);
    const what = `a preview of ${tenants} tenants`;
    const { seconds, megabytes: most } = previewBars;
    return [
      { what: `${what}: time`, unit: 's', ours: milliseconds / 1000, bar: { kind: 'most', limit: seconds } },
      { what: `${what}: size`, unit: 'MB', ours: megabytes, bar: { kind: 'most', limit: most } },
    ];
  },
};
