import { extname } from 'node:path';
import type { FileAsset, FileAssetMetadataEntry } from '@aws-cdk/cloud-assembly-schema';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Services } from '../services.js';
import { findStack, getOutputs } from '../stack/stack.js';
import { type Environment, formatEnvironment } from './environment.js';
import type { AssemblyStack } from './read-assembly.js';

/** The name of the bootstrap stack, which only stacks of the legacy synthesizer look up. */
const BOOTSTRAP_STACK = 'CDKToolkit';

/** Separates the prefix of a key from the name in the parameter of a key. */
const PREFIX_SEPARATOR = '||';

const getKeyParts = ({ id, packaging, path, sourceHash }: FileAssetMetadataEntry): readonly [string, string] => [
  id === sourceHash ? 'assets/' : `assets/${id}/`,
  `${sourceHash}${packaging === 'zip' ? '.zip' : extname(path)}`,
];

const readBucketName = async (environment: Environment, services: Services): Promise<string> => {
  const { cloudFormation } = services.connect({ region: environment.region, role: undefined });
  const bucket = getOutputs(await findStack(cloudFormation, BOOTSTRAP_STACK))?.get('BucketName');
  if (bucket !== undefined) return bucket;
  const problem = `${formatEnvironment(environment)} has no stack ${BOOTSTRAP_STACK} with the output BucketName`;
  throw new DeliveryError('rejected', `${problem}: run cdk bootstrap ${formatEnvironment(environment)}`);
};

/**
 * The stack with the file assets of the legacy synthesizer as other synthesizers declare them: published to the bucket
 * of the bootstrap stack, and named in parameters.
 * @throws DeliveryError `rejected` without a bootstrap stack
 */
export const resolveLegacyAssets = async (
  stack: AssemblyStack,
  environment: Environment,
  services: Services,
): Promise<AssemblyStack> => {
  const { legacyAssets, properties, directory } = stack;
  if (legacyAssets.length === 0) return stack;
  const bucketName = await readBucketName(environment, services);
  const parameters: Record<string, string> = {};
  const files = legacyAssets.map((asset) => {
    const [prefix, name] = getKeyParts(asset);
    parameters[asset.s3BucketParameter] = bucketName;
    parameters[asset.s3KeyParameter] = `${prefix}${PREFIX_SEPARATOR}${name}`;
    parameters[asset.artifactHashParameter] = asset.sourceHash;
    const packaging = asset.packaging as NonNullable<FileAsset['source']['packaging']>;
    return {
      source: { path: asset.path, packaging },
      destinations: { current: { bucketName, objectKey: `${prefix}${name}` } },
    };
  });
  const assetSet = { directory, properties: { file: '' }, files, images: [] };
  return {
    ...stack,
    properties: { ...properties, parameters: { ...properties.parameters, ...parameters } },
    assets: [...stack.assets, assetSet],
  };
};
