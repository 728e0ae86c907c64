import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type {
  AssetManifestProperties,
  DockerImageAsset,
  FileAsset,
  FileAssetMetadataEntry,
} from '@aws-cdk/cloud-assembly-schema';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { getPathInside } from '@aws-delivery/action-kit/util/path';
import { type Artifact, parseAssetManifest, parseManifest, SCHEMA_VERSION, type StackProperties } from './manifest.js';

/** Assets of one asset manifest, with the directory that their paths are relative to. */
export interface AssetSet {
  readonly directory: string;
  readonly properties: AssetManifestProperties;
  readonly files: readonly FileAsset[];
  readonly images: readonly DockerImageAsset[];
}

/** A stack of an assembly. */
export interface AssemblyStack {
  /** Unique in the assembly: the path of its stage and its artifact id. */
  readonly key: string;
  readonly artifactId: string;
  /** Path of constructs, such as `Prod/network`. */
  readonly displayName: string;
  readonly stackName: string;
  /** `aws://account/region`. */
  readonly environment: string;
  readonly properties: StackProperties;
  /** Absolute path. */
  readonly templatePath: string;
  readonly assets: readonly AssetSet[];
  /** Keys of the stacks that come first. */
  readonly needs: readonly string[];
  /** Errors that the application has added to the stack. */
  readonly errors: readonly string[];
  /** Directory of the manifest, which paths of legacy assets are relative to. */
  readonly directory: string;
  /** File assets of the legacy synthesizer. */
  readonly legacyAssets: readonly FileAssetMetadataEntry[];
  /** Paths of image assets of the legacy synthesizer. */
  readonly legacyImages: readonly string[];
}

export interface Assembly {
  /** Absolute path without links. */
  readonly root: string;
  readonly stacks: readonly AssemblyStack[];
  readonly missing: readonly string[];
  /** Lines for the log. */
  readonly notices: readonly string[];
}

interface ScopedArtifact {
  readonly artifact: Artifact;
  /** Directory of the manifest that has the artifact. */
  readonly directory: string;
  readonly prefix: string;
}

const readMetadata = (metadata: unknown): readonly { readonly type: string; readonly data: unknown }[] =>
  isRecord(metadata)
    ? Object.values(metadata).flatMap((entries) =>
        (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) =>
          isRecord(entry) && typeof entry['type'] === 'string' ? [{ type: entry['type'], data: entry['data'] }] : [],
        ),
      )
    : [];

const LEGACY_MEMBERS = ['id', 'sourceHash', 'path', 's3BucketParameter', 's3KeyParameter', 'artifactHashParameter'];

const isLegacyFileAsset = (data: unknown): data is FileAssetMetadataEntry =>
  isRecord(data) &&
  ['file', 'zip'].includes(String(data['packaging'])) &&
  LEGACY_MEMBERS.every((name) => typeof data[name] === 'string');

/** Reads the manifests of an assembly and of those nested in it. */
class AssemblyReader {
  private readonly artifacts = new Map<string, ScopedArtifact>();
  private readonly assetSets = new Map<string, Promise<AssetSet>>();
  private readonly missing: string[] = [];
  private readonly notices: string[] = [];

  constructor(private readonly root: string) {}

  async read(): Promise<Assembly> {
    await this.scan(this.root, '');
    const stacks: AssemblyStack[] = [];
    for (const [key, scoped] of this.artifacts) {
      if (scoped.artifact.type === 'stack') stacks.push(await this.readStack(key, scoped, scoped.artifact));
    }
    return { root: this.root, stacks, missing: this.missing, notices: this.notices };
  }

  /** @param prefix path of the nested assembly, with a slash at its end */
  private async scan(directory: string, prefix: string): Promise<void> {
    const manifest = parseManifest(await this.readFile(directory, 'manifest.json'), `${prefix}manifest.json`);
    if (Number.parseInt(manifest.version, 10) > SCHEMA_VERSION) {
      this.notices.push(
        `${prefix}manifest.json has the version ${manifest.version}, which is newer than ${SCHEMA_VERSION}: continuing`,
      );
    }
    this.missing.push(...manifest.missing);
    for (const artifact of manifest.artifacts) {
      this.artifacts.set(`${prefix}${artifact.id}`, { artifact, directory, prefix });
      if (artifact.type === 'unknown') {
        this.notices.push(
          `${prefix}manifest.json: ignored artifact '${artifact.id}' of the unknown type ${artifact.name}`,
        );
      }
      if (artifact.type !== 'assembly') continue;
      const nested = await this.resolvePath(directory, artifact.properties.directoryName);
      await this.scan(nested, `${prefix}${artifact.id}/`);
    }
  }

  private async readStack(
    key: string,
    { directory, prefix }: ScopedArtifact,
    { id, dependencies, manifest, properties }: Extract<Artifact, { type: 'stack' }>,
  ): Promise<AssemblyStack> {
    const stackName = properties.stackName ?? id;
    const additional = manifest.additionalMetadataFile;
    const metadata = [
      ...readMetadata(manifest.metadata),
      ...(additional === undefined ? [] : readMetadata(JSON.parse(await this.readFile(directory, additional)))),
    ];
    const needed = dependencies.flatMap((dependency) => this.listDependency(`${prefix}${dependency}`, key));
    return {
      key,
      artifactId: id,
      displayName: manifest.displayName ?? stackName,
      stackName,
      environment: manifest.environment ?? 'aws://unknown-account/unknown-region',
      properties,
      templatePath: await this.resolvePath(directory, properties.templateFile),
      assets: await Promise.all(
        needed.flatMap(({ artifact, ...scope }) =>
          artifact.type === 'assets'
            ? [this.readAssets(`${scope.prefix}${artifact.id}`, scope.directory, artifact.properties)]
            : [],
        ),
      ),
      needs: needed.flatMap(({ artifact, prefix: scope }) =>
        artifact.type === 'stack' ? [`${scope}${artifact.id}`] : [],
      ),
      errors: metadata.flatMap(({ type, data }) => (type === 'aws:cdk:error' ? [String(data)] : [])),
      directory,
      legacyAssets: metadata.flatMap(({ type, data }) =>
        type === 'aws:cdk:asset' && isLegacyFileAsset(data) ? [data] : [],
      ),
      legacyImages: metadata.flatMap(({ type, data }) =>
        type === 'aws:cdk:asset' && isRecord(data) && !isLegacyFileAsset(data) ? [String(data['path'])] : [],
      ),
    };
  }

  /** The artifact, or all stacks of a nested assembly. */
  private listDependency(key: string, dependent: string): readonly ScopedArtifact[] {
    const scoped = this.artifacts.get(key);
    if (scoped === undefined || scoped.artifact.type === 'unknown') {
      const problem = scoped === undefined ? 'does not exist' : 'has an unknown type';
      throw new DeliveryError(
        'invalid-input',
        `stack '${dependent}' depends on artifact '${key}', which ${problem}: update the action, or deploy with the CDK`,
      );
    }
    if (scoped.artifact.type !== 'assembly') return [scoped];
    return [...this.artifacts.entries()].flatMap(([name, inner]) =>
      name.startsWith(`${key}/`) && inner.artifact.type === 'stack' ? [inner] : [],
    );
  }

  private readAssets(key: string, directory: string, properties: AssetManifestProperties): Promise<AssetSet> {
    const known = this.assetSets.get(key);
    if (known !== undefined) return known;
    const assets = this.readAssetSet(directory, properties);
    this.assetSets.set(key, assets);
    return assets;
  }

  private async readAssetSet(directory: string, properties: AssetManifestProperties): Promise<AssetSet> {
    const path = await this.resolvePath(directory, properties.file);
    const content = await readFile(path, 'utf8');
    const { files = {}, dockerImages = {} } = parseAssetManifest(content, relative(this.root, path));
    return { directory: dirname(path), properties, files: Object.values(files), images: Object.values(dockerImages) };
  }

  private async readFile(directory: string, name: string): Promise<string> {
    return readFile(await this.resolvePath(directory, name), 'utf8');
  }

  private resolvePath(directory: string, name: string): Promise<string> {
    return resolveInside(this.root, directory, name);
  }
}

/**
 * A path of an assembly, which may leave a nested assembly, but not the outer one, also not through a link.
 * @throws DeliveryError `rejected` for a path outside of the root, `not-found`
 */
export const resolveInside = async (root: string, directory: string, name: string): Promise<string> => {
  const path = resolve(directory, name);
  const real = await realpath(path).catch((error: unknown) => {
    throw toFileError(relative(root, path), error);
  });
  if (real === root || getPathInside(root, real) !== undefined) return real;
  throw new DeliveryError('rejected', `'${name}' leads out of the assembly: synthesize the application again`);
};

/**
 * Reads a cloud assembly.
 * @throws DeliveryError for what is missing, unknown or outside of the assembly
 */
export const readAssembly = async (directory: string): Promise<Assembly> => {
  const manifestPath = join(directory, 'manifest.json');
  try {
    await stat(manifestPath);
  } catch (error) {
    const hint = "set 'assembly' to the output directory of cdk synth, such as cdk.out";
    throw new DeliveryError('not-found', `'${manifestPath}' does not exist: ${hint}`, { cause: error });
  }
  return new AssemblyReader(await realpath(directory)).read();
};
