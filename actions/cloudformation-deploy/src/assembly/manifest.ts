import type {
  ArtifactManifest,
  AssetManifest,
  AssetManifestProperties,
  AwsCloudFormationStackProperties,
  AwsDestination,
  DockerImageAsset,
  FileAsset,
  NestedCloudAssemblyProperties,
} from '@aws-cdk/cloud-assembly-schema';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';

type Members = Readonly<Record<string, unknown>>;

/** Major version of the schema that this reader was written for. */
export const SCHEMA_VERSION = 55;

/** An artifact of a cloud assembly by its type; `other` for types that deploy nothing. */
export type Artifact = { readonly id: string; readonly dependencies: readonly string[] } & (
  | { readonly type: 'stack'; readonly manifest: ArtifactManifest; readonly properties: StackProperties }
  | { readonly type: 'assets'; readonly properties: AssetManifestProperties }
  | { readonly type: 'assembly'; readonly properties: NestedCloudAssemblyProperties }
  | { readonly type: 'other' }
  | { readonly type: 'unknown'; readonly name: string }
);

export type StackProperties = AwsCloudFormationStackProperties & {
  /** Repeats `dependencies`; written by aws-cdk-lib, and not in the schema. */
  readonly additionalDependencies?: readonly string[];
};

/** One `manifest.json`. */
export interface Manifest {
  readonly version: string;
  readonly artifacts: readonly Artifact[];
  /** Keys of context values that the synthesis lacked. */
  readonly missing: readonly string[];
}

/** Names of the members that an interface of the schema has: the compiler checks that none is left out. */
const listMembers = <T>(members: Readonly<Record<keyof T, true>>): readonly string[] => Object.keys(members);

const STACK_MEMBERS = listMembers<Required<StackProperties>>({
  templateFile: true,
  parameters: true,
  tags: true,
  notificationArns: true,
  stackName: true,
  terminationProtection: true,
  assumeRoleArn: true,
  assumeRoleExternalId: true,
  assumeRoleAdditionalOptions: true,
  cloudFormationExecutionRoleArn: true,
  lookupRole: true,
  stackTemplateAssetObjectUrl: true,
  requiresBootstrapStackVersion: true,
  bootstrapStackVersionSsmParameter: true,
  validateOnSynth: true,
  additionalDependencies: true,
});

const destinationMembers: Readonly<Record<keyof Required<AwsDestination>, true>> = {
  region: true,
  assumeRoleArn: true,
  assumeRoleExternalId: true,
  assumeRoleAdditionalOptions: true,
};

const FILE_DESTINATION_MEMBERS = listMembers({ ...destinationMembers, bucketName: true, objectKey: true });
const IMAGE_DESTINATION_MEMBERS = listMembers({ ...destinationMembers, repositoryName: true, imageTag: true });
const FILE_SOURCE_MEMBERS = listMembers<Required<FileAsset['source']>>({
  executable: true,
  path: true,
  packaging: true,
});
const IMAGE_SOURCE_MEMBERS = listMembers<Required<DockerImageAsset['source']>>({
  directory: true,
  executable: true,
  dockerFile: true,
  dockerBuildTarget: true,
  dockerBuildArgs: true,
  dockerBuildContexts: true,
  dockerBuildSsh: true,
  dockerBuildSecrets: true,
  networkMode: true,
  platform: true,
  dockerOutputs: true,
  cacheFrom: true,
  cacheTo: true,
  cacheDisabled: true,
});
const ASSET_MEMBERS = ['displayName', 'source', 'destinations'];

const createManifestError = (location: string, problem: string, hint: string): DeliveryError =>
  new DeliveryError('invalid-input', `${location} ${problem}: ${hint}`);

const requireRecord = (value: unknown, location: string): Members => {
  if (isRecord(value)) return value;
  throw createManifestError(location, 'is not an object', 'synthesize the application again');
};

const requireText = (members: Members, name: string, location: string): string => {
  const value = members[name];
  if (typeof value === 'string' && value !== '') return value;
  throw createManifestError(location, `has no ${name}`, 'synthesize the application again');
};

/** An unknown member may change what is deployed, so that ignoring it could deploy something else. */
const rejectUnknownMembers = (members: Members, known: readonly string[], location: string): void => {
  const unknown = Object.keys(members).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw createManifestError(
    location,
    `has the unknown property '${unknown}'`,
    'update the action, or deploy with the CDK',
  );
};

const rejectOtherTypes = (members: Members, types: Readonly<Record<string, string>>, location: string): void => {
  for (const [name, type] of Object.entries(types)) {
    const value = members[name];
    const actual = Array.isArray(value) ? 'list' : typeof value;
    if (value === undefined || actual === type) continue;
    throw createManifestError(location, `has a ${name} that is not a ${type}`, 'synthesize the application again');
  }
};

const STACK_TYPES = {
  ...{ parameters: 'object', tags: 'object', notificationArns: 'list', stackName: 'string' },
  ...{ terminationProtection: 'boolean', assumeRoleArn: 'string', assumeRoleExternalId: 'string' },
  ...{ assumeRoleAdditionalOptions: 'object', cloudFormationExecutionRoleArn: 'string' },
  ...{ stackTemplateAssetObjectUrl: 'string', requiresBootstrapStackVersion: 'number' },
  ...{ bootstrapStackVersionSsmParameter: 'string', lookupRole: 'object' },
};

const parseStackProperties = (value: unknown, location: string): StackProperties => {
  const properties = requireRecord(value, location);
  rejectUnknownMembers(properties, STACK_MEMBERS, location);
  rejectOtherTypes(properties, STACK_TYPES, location);
  requireText(properties, 'templateFile', location);
  return properties as unknown as StackProperties;
};

/** Types that deploy nothing themselves. */
const PASSIVE_TYPES = ['none', 'cdk:tree', 'cdk:feature-flag-report'];

const parseArtifact = (id: string, value: unknown, source: string): Artifact => {
  const location = `${source}: artifact '${id}'`;
  const manifest = requireRecord(value, location);
  const name = requireText(manifest, 'type', location);
  rejectOtherTypes(manifest, { dependencies: 'list', displayName: 'string', environment: 'string' }, location);
  const dependencies = (manifest['dependencies'] as readonly string[] | undefined) ?? [];
  const common = { id, dependencies };
  const { properties } = manifest;
  switch (name) {
    case 'aws:cloudformation:stack': {
      const stackProperties = parseStackProperties(properties, location);
      return {
        ...common,
        type: 'stack',
        manifest: manifest as unknown as ArtifactManifest,
        properties: stackProperties,
      };
    }
    case 'cdk:asset-manifest':
      requireText(requireRecord(properties, location), 'file', location);
      return { ...common, type: 'assets', properties: properties as AssetManifestProperties };
    case 'cdk:cloud-assembly':
      requireText(requireRecord(properties, location), 'directoryName', location);
      return { ...common, type: 'assembly', properties: properties as NestedCloudAssemblyProperties };
    default:
      return PASSIVE_TYPES.includes(name) ? { ...common, type: 'other' } : { ...common, type: 'unknown', name };
  }
};

const parseJson = (content: string, source: string): Members => {
  try {
    return requireRecord(JSON.parse(content), source);
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw createManifestError(source, 'is not valid JSON', 'synthesize the application again');
  }
};

/**
 * Parses a `manifest.json`.
 * @param source path for messages
 * @throws DeliveryError `invalid-input` for a missing or unknown property, with artifact and name
 */
export const parseManifest = (content: string, source: string): Manifest => {
  const manifest = parseJson(content, source);
  const version = requireText(manifest, 'version', source);
  const { artifacts = {}, missing = [] } = manifest;
  const missingEntries: readonly unknown[] = Array.isArray(missing) ? missing : [missing];
  return {
    version,
    artifacts: Object.entries(requireRecord(artifacts, `${source}: artifacts`)).map(([id, artifact]) =>
      parseArtifact(id, artifact, source),
    ),
    missing: missingEntries.map((entry) => requireText(requireRecord(entry, `${source}: missing`), 'key', source)),
  };
};

interface AssetMembers {
  readonly source: readonly string[];
  readonly destination: readonly string[];
  /** Destination members that must be texts. */
  readonly required: readonly string[];
}

const FILE_MEMBERS: AssetMembers = {
  source: FILE_SOURCE_MEMBERS,
  destination: FILE_DESTINATION_MEMBERS,
  required: ['bucketName', 'objectKey'],
};

const IMAGE_MEMBERS: AssetMembers = {
  source: IMAGE_SOURCE_MEMBERS,
  destination: IMAGE_DESTINATION_MEMBERS,
  required: ['repositoryName', 'imageTag'],
};

const checkAssets = (value: unknown, members: AssetMembers, source: string): void => {
  for (const [id, asset] of Object.entries(requireRecord(value ?? {}, source))) {
    const location = `${source}: asset '${id.slice(0, 12)}'`;
    const assetMembers = requireRecord(asset, location);
    rejectUnknownMembers(assetMembers, ASSET_MEMBERS, location);
    rejectUnknownMembers(requireRecord(assetMembers['source'], location), members.source, `${location}: source`);
    for (const destination of Object.values(requireRecord(assetMembers['destinations'], location))) {
      const destinationRecord = requireRecord(destination, location);
      rejectUnknownMembers(destinationRecord, members.destination, `${location}: destination`);
      for (const name of members.required) requireText(destinationRecord, name, `${location}: destination`);
    }
  }
};

/**
 * Parses an asset manifest.
 * @throws DeliveryError `invalid-input` for a missing or unknown property, with asset and name
 */
export const parseAssetManifest = (content: string, source: string): AssetManifest => {
  const manifest = parseJson(content, source);
  requireText(manifest, 'version', source);
  rejectUnknownMembers(manifest, ['version', 'files', 'dockerImages'], source);
  checkAssets(manifest['files'], FILE_MEMBERS, source);
  checkAssets(manifest['dockerImages'], IMAGE_MEMBERS, source);
  return manifest as unknown as AssetManifest;
};
