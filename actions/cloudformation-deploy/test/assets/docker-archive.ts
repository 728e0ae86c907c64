import { createTar, type Image } from '../../../../packages/oci/test/image-fixtures.js';

/** The executable of `TarballImageAsset`, without the path of the archive. */
export const LOAD_COMMAND = [
  ...['sh', '-c', 'docker load -i "$1" | tail -n 1 | sed "s/Loaded image[^:]*: //g"', 'cdk-tarball-image-asset'],
] as const;

/** An archive as `docker save` writes it. */
export const createDockerArchive = ({ config, layers }: Image): Buffer => {
  const names = layers.map((_, index) => `${index}/layer.tar`);
  const manifest = [{ Config: 'config.json', RepoTags: ['localhost/cdk-asset:1'], Layers: names }];
  return createTar({
    'manifest.json': Buffer.from(JSON.stringify(manifest)),
    'config.json': config.bytes,
    ...Object.fromEntries(layers.map(({ tar }, index) => [`${index}/layer.tar`, tar])),
  });
};
