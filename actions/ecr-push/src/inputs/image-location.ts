import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { parseReference, type Reference } from '@aws-delivery/oci/image/reference';

/** Location of an image, with skopeo's names for the transports; `label` is the location as the user wrote it. */
export type ImageLocation = { readonly label: string } & (
  | { readonly kind: 'layout'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'oci-archive'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'docker-archive'; readonly path: string; readonly image: string | undefined }
  | { readonly kind: 'registry'; readonly reference: Reference }
  /** A directory to build; `parseImageLocation` never returns it. */
  | { readonly kind: 'build-directory'; readonly directory: string }
  | { readonly kind: 'engine'; readonly image: string; readonly engine: 'docker' | undefined }
);

/** Parses `path[:name]`; the colon of a Windows drive does not start a name. */
const parsePathAndName = (value: string, raw: string) => {
  const [, path, name] = /^((?:[A-Za-z]:[\\/])?[^:]+)(?::(.+))?$/su.exec(value) ?? [];
  if (path === undefined) throw new DeliveryError('invalid-input', `'${raw}' has no path: write transport:path`);
  return { path, name };
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
