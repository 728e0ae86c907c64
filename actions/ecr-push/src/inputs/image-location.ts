import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { parseReference, type Reference } from '@aws-delivery/oci/image/reference';

/** Where an image is taken from, by the transports' names that skopeo gives them. */
export type ImageLocation = { readonly label: string } & (
  | { readonly kind: 'layout'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'oci-archive'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'docker-archive'; readonly path: string; readonly image: string | undefined }
  | { readonly kind: 'registry'; readonly reference: Reference }
  /** A directory to build; `parseImageLocation` never returns it. */
  | { readonly kind: 'build-directory'; readonly directory: string }
  | { readonly kind: 'engine'; readonly image: string; readonly engine: 'docker' | undefined }
);

/** `path[:name]`; a drive of Windows is no name. */
const parsePathAndName = (value: string, raw: string) => {
  const [, path, name] = /^((?:[A-Za-z]:[\\/])?[^:]+)(?::(.+))?$/su.exec(value) ?? [];
  if (path === undefined) throw new DeliveryError('invalid-input', `'${raw}' names no path: write transport:path`);
  return { path, name };
};

/** An image as engines name it, or its id. What begins with a hyphen would be an option to them. */
const validateEngineImage = (image: string): string => {
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/u.test(image)) return image;
  parseReference(image);
  return image;
};

/** Reads a source. Throws `invalid-input`. */
export const parseImageLocation = (raw: string): ImageLocation => {
  const [, transport, rest = ''] = /^([a-z-]+):(.*)$/su.exec(raw) ?? [];
  switch (transport) {
    case 'oci':
    case 'oci-archive': {
      const { path, name } = parsePathAndName(rest, raw);
      const common = { label: raw, path, tag: name };
      return transport === 'oci' ? { kind: 'layout', ...common } : { kind: transport, ...common };
    }
    case 'docker-archive': {
      const { path, name } = parsePathAndName(rest, raw);
      return { label: raw, kind: transport, path, image: name };
    }
    case 'docker':
      return { label: raw, kind: 'registry', reference: parseReference(rest.replace(/^\/\//u, '')) };
    case 'docker-daemon':
      return { label: raw, kind: 'engine', image: validateEngineImage(rest), engine: 'docker' };
    default:
      return { label: raw, kind: 'engine', image: validateEngineImage(raw), engine: undefined };
  }
};
