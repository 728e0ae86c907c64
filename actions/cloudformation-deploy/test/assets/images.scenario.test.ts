import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createImage } from '../../../../packages/oci/test/image-fixtures.js';
import { ApplicationCopy } from '../assembly/application-copy.js';
import { createAssetBucket, IMAGE_REPOSITORY, openBootstrappedHarness } from '../assembly/bootstrapped-account.js';
import { REGION, type RunResult } from '../harness.js';
import { createDockerArchive, LOAD_COMMAND } from './docker-archive.js';

const harness = await openBootstrappedHarness();
const bin = join(harness.workspace, 'bin');
const commands = join(harness.workspace, 'commands.txt');
mkdirSync(bin);
afterAll(() => harness.close());
beforeEach(async () => {
  harness.aws.reset();
  rmSync(commands, { force: true });
  await createAssetBucket(harness);
});

const image = createImage();
writeFileSync(join(harness.workspace, 'image.tar'), createDockerArchive(image));

/** An engine that writes down its commands, and saves the image above. */
const writeEngine = (name: string, script = ''): void => {
  const record = `echo "$PWD $BUILDX_NO_DEFAULT_ATTESTATIONS [$AWS_ACCESS_KEY_ID] $*" >> '${commands}'`;
  const save = `if [ "$1" = save ]; then cp '${join(harness.workspace, 'image.tar')}' "$3"; fi`;
  writeFileSync(join(bin, name), `#!/bin/sh\n${record}\n${script}\n${save}\n`);
  chmodSync(join(bin, name), 0o755);
};

const run = async (
  change: (copy: ApplicationCopy) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> => {
  using copy = new ApplicationCopy();
  change(copy);
  const inputs = { name: '', assembly: copy.path, 'assembly-stacks': 'images' };
  return await harness.deploy(inputs, { env: { PATH: `${bin}:/bin:/usr/bin`, ...env } });
};

type Source = Record<string, unknown>;

const editSource =
  (change: (source: Source) => void) =>
  (copy: ApplicationCopy): void =>
    copy.edit('images.assets.json', ({ dockerImages = {} }) => {
      for (const { source } of Object.values(dockerImages)) change(source);
    });

const readCommands = (): readonly string[] =>
  existsSync(commands) ? readFileSync(commands, 'utf8').trim().split('\n') : [];

/** The digest of the configuration of the image that was pushed. */
const readConfigDigest = async (): Promise<unknown> => {
  using copy = new ApplicationCopy();
  const { dockerImages = {} } = JSON.parse(readFileSync(join(copy.path, 'images.assets.json'), 'utf8'));
  const credentials = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' };
  const client = new ECRClient({ endpoint: harness.aws.url, region: REGION, credentials });
  const { authorizationData: [login] = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  client.destroy();
  const url = `${login?.proxyEndpoint}/v2/${IMAGE_REPOSITORY}/manifests/${Object.keys(dockerImages)[0]}`;
  const response = await fetch(url, { headers: { authorization: `Basic ${login?.authorizationToken}` } });
  const manifest = (await response.json()) as { readonly config?: { readonly digest?: string } };
  return manifest.config?.digest;
};

describe('an image asset', () => {
  beforeEach(() => writeEngine('docker'));

  it('is built in its directory and pushed with the publishing role', async () => {
    const deployed = await run();
    expect(deployed.failure).toBeUndefined();
    const [info, build, save, remove] = readCommands();
    expect(info).toMatch(/ info$/);
    expect(build).toMatch(
      /application-\w+\/asset\.\w+ 1 \[\] build --build-arg LEVEL=info --tag localhost\/cdk-asset:\S+ \.$/,
    );
    expect(save).toMatch(/ save --output \S+ localhost\/cdk-asset:\S+$/);
    expect(remove).toMatch(/ rmi --no-prune localhost\/cdk-asset:\S+$/);
    expect(await readConfigDigest()).toBe(image.config.digest);
    expect(deployed.calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  });

  it('is neither built nor pushed if its tag exists', async () => {
    await run();
    rmSync(commands);
    const again = await run((copy) => copy.editStack('images', { tags: { a: 'b' } }));
    expect(again.log).toContain("Skipped push of image asset 'Image': present in");
    expect(readCommands()).toEqual([]);
  });

  it('gets only the variables that its secrets name', async () => {
    writeEngine('docker', `echo "token=$TOKEN other=$OTHER" >> '${commands}'`);
    const withSecret = editSource((source) => {
      source['dockerBuildSecrets'] = { token: 'env=TOKEN' };
    });
    await run(withSecret, { TOKEN: 't0ken', OTHER: 'other' });
    expect(readCommands()).toContain('token=t0ken other=');
    expect(readCommands().join('\n')).toContain('--secret id=token,env=TOKEN');
  });

  it('fails with the output of the engine', async () => {
    writeEngine('docker', 'if [ "$1" = build ]; then echo "no such stage"; exit 3; fi');
    const failed = await run();
    expect(failed.failure).toContain("cannot publish image asset 'Image' to");
    expect(failed.failure).toContain('docker build failed (exit code 3): no such stage');
    expect(failed.writes).not.toContain('CreateChangeSet');
  });

  it('is built by the engine of CDK_DOCKER', async () => {
    writeEngine('docker', 'exit 1');
    writeEngine('finch');
    expect((await run(undefined, { CDK_DOCKER: 'finch' })).failure).toBeUndefined();
    expect((await run((copy) => copy.editStack('images', { tags: { a: 'b' } }))).failure).toBeUndefined();
  });

  it('needs an engine', async () => {
    const failed = await run(undefined, { CDK_DOCKER: 'none' });
    expect(failed.failure).toContain('no container engine responds (none: spawn none ENOENT)');
  });

  it('needs the repository of the bootstrap stack', async () => {
    const failed = await run((copy) =>
      copy.edit('images.assets.json', ({ dockerImages = {} }) => {
        for (const { destinations } of Object.values(dockerImages)) {
          for (const destination of Object.values(destinations)) destination['repositoryName'] = 'cdk-none';
        }
      }),
    );
    expect(failed.failure).toMatch(/cdk-none.*(not authorized|run cdk bootstrap aws:\/\/123456789012\/eu-central-1)/s);
  });
});

describe('an executable source', () => {
  beforeEach(() => writeEngine('docker'));

  it('of a tarball is not run: its archive is pushed', async () => {
    const deployed = await run((copy) => {
      writeFileSync(join(copy.path, 'asset.tar'), createDockerArchive(image));
      editSource((source) => {
        for (const name of Object.keys(source)) delete source[name];
        source['executable'] = [...LOAD_COMMAND, 'asset.tar'];
      })(copy);
    });
    expect(deployed.failure).toBeUndefined();
    expect(readCommands()).toEqual([]);
    expect(await readConfigDigest()).toBe(image.config.digest);
  });

  it('of any other kind is rejected, and not run', async () => {
    const failed = await run(
      editSource((source) => {
        for (const name of Object.keys(source)) delete source[name];
        source['executable'] = ['sh', '-c', `touch '${commands}'`];
      }),
    );
    expect(failed.failure).toContain('is made by a program (sh), which is not run: use an asset with a directory');
    expect(existsSync(commands)).toBe(false);
  });
});
