import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Digest, isDigest } from '@aws-delivery/oci/image/digest';
import { type ImageSelector, parseImageSelector } from '@aws-delivery/oci/image/image-selector';
import { parseReference, type Reference } from '@aws-delivery/oci/image/reference';

/** Location of an image, with skopeo's names for the transports; `label` is the location as the user wrote it. */
export type ImageLocation = { readonly label: string } & (
  | { readonly kind: 'layout'; readonly path: string; readonly selector: ImageSelector | undefined }
  | {
      readonly kind: 'oci-archive' | 'docker-archive';
      readonly path: string;
      readonly selector: ImageSelector | undefined;
    }
  | { readonly kind: 'registry'; readonly reference: Reference }
  /** Images of single platforms that become one index; only the input `index-of` names it. */
  | { readonly kind: 'index'; readonly images: readonly IndexImage[] }
  /** A directory to build; `parseImageLocation` never returns it. */
  | { readonly kind: 'build-directory'; readonly directory: string }
  | { readonly kind: 'engine'; readonly image: string; readonly engine: 'docker' | undefined }
);

/** An image of an index: in a layout, archive or registry, or a digest in the repository of the index. */
export type IndexImage = ImageLocation | { readonly kind: 'digest'; readonly digest: Digest; readonly label: string };

/** Parses `path[:name]`, `path[:@index]` or `path[@digest]`; the colon of a Windows drive does not start a name. */
const parsePathAndSelector = (value: string, raw: string) => {
  const [, digest] = /(@sha256:[0-9a-f]{64})$/u.exec(value) ?? [];
  const rest = digest === undefined ? value : value.slice(0, -digest.length).replace(/:$/u, '');
  const [, path, name] = /^((?:[A-Za-z]:[\\/])?[^:]+)(?::(.+))?$/su.exec(rest) ?? [];
  if (path === undefined) throw new DeliveryError('invalid-input', `'${raw}' has no path: write transport:path`);
  if (digest !== undefined && name !== undefined) {
    throw new DeliveryError('invalid-input', `'${raw}' has a name and a digest: use one of them`);
  }
  return { path, selector: parseImageSelector(digest ?? name) };
};

/** Transports of skopeo that are not supported, with the way to convert such an image. */
const UNSUPPORTED_TRANSPORTS: Readonly<Record<string, (rest: string) => string>> = {
  dir: (rest) => `convert it with skopeo copy dir:${rest} oci:image`,
  ostree: (rest) => `convert it with skopeo copy ostree:${rest} oci:image`,
  sif: (rest) => `convert it with skopeo copy sif:${rest} oci:image`,
  tarball: (rest) => `convert it with skopeo copy tarball:${rest} oci:image`,
  'containers-storage': (rest) =>
    `set engine: podman or engine: buildah, and source: ${rest.replace(/^\[.*?\]/u, '') || 'name:tag'}`,
};

const rejectUnsupportedTransport = (transport: string, rest: string, raw: string): void => {
  if (!Object.hasOwn(UNSUPPORTED_TRANSPORTS, transport)) return;
  const hint = UNSUPPORTED_TRANSPORTS[transport]?.(rest);
  throw new DeliveryError('invalid-input', `'${raw}': the transport ${transport}: is not supported: ${hint}`);
};

/** Accepts an image's name or ID. A value that starts with a hyphen would be taken for an option of the engine. */
const validateEngineImage = (image: string): string => {
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/u.test(image)) return image;
  parseReference(image);
  return image;
};

/** Parses `transport:…`, or the name of an engine's image. Throws `invalid-input`. */
export const parseImageLocation = (raw: string): ImageLocation => {
  const [, transport, rest = ''] = /^([a-z-]+):(.*)$/su.exec(raw) ?? [];
  switch (transport) {
    case 'oci':
      return { label: raw, kind: 'layout', ...parsePathAndSelector(rest, raw) };
    case 'oci-archive':
    case 'docker-archive':
      return { label: raw, kind: transport, ...parsePathAndSelector(rest, raw) };
    case 'docker':
      return { label: raw, kind: 'registry', reference: parseReference(rest.replace(/^\/\//u, '')) };
    case 'docker-daemon':
      return { label: raw, kind: 'engine', image: validateEngineImage(rest), engine: 'docker' };
    default:
      rejectUnsupportedTransport(transport ?? '', rest, raw);
      return { label: raw, kind: 'engine', image: validateEngineImage(raw), engine: undefined };
  }
};

/**
 * Parses an item of `index-of`: a digest in the repository of the index, `registry/repository@digest` as in the output
 * `image-uri`, or `transport:…`. Throws `invalid-input`.
 */
const parseIndexImage = (raw: string): IndexImage => {
  if (isDigest(raw)) return { kind: 'digest', digest: raw, label: raw };
  const location = parseImageLocation(raw);
  if (location.kind !== 'engine') return location;
  if (location.engine === undefined && raw.includes('/')) return parseImageLocation(`docker://${raw}`);
  throw new DeliveryError(
    'invalid-input',
    `'${raw}' is an image of an engine: push it first, and list its digest (output 'digest') in 'index-of'`,
  );
};

/** Parses the items of `index-of`. Throws `invalid-input`. */
export const parseIndexLocation = (items: readonly string[]): ImageLocation => {
  const images = [...new Set(items)].map(parseIndexImage);
  return { kind: 'index', images, label: `index of ${images.map(({ label }) => label).join(', ')}` };
};
