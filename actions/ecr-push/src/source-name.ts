import { DeliveryError } from '@aws-delivery/action-kit/error';
import { parseReference, type Reference } from './oci/reference.js';

/** Where an image is taken from, by the transports' names that skopeo gives them. */
export type SourceName = { readonly text: string } & (
  | { readonly kind: 'layout'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'oci-archive'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'docker-archive'; readonly path: string; readonly image: string | undefined }
  | { readonly kind: 'registry'; readonly reference: Reference }
  /** A folder that is built first; nobody names one by a text. */
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'engine'; readonly image: string; readonly engine: 'docker' | undefined }
);

/** `path[:name]`; a drive of Windows is no name. */
const pathAndName = (text: string, whole: string) => {
  const [, path, name] = /^((?:[A-Za-z]:[\\/])?[^:]+)(?::(.+))?$/su.exec(text) ?? [];
  if (path === undefined) throw new DeliveryError('invalid-input', `'${whole}' names no path: write transport:path`);
  return { path, name };
};

/** An image as engines name it, or its id. What begins with a hyphen would be an option to them. */
const engineImage = (text: string): string => {
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/u.test(text)) return text;
  parseReference(text);
  return text;
};

/** Reads a source. Throws `invalid-input`. */
export const parseSource = (text: string): SourceName => {
  const [, transport, rest = ''] = /^([a-z-]+):(.*)$/su.exec(text) ?? [];
  switch (transport) {
    case 'oci':
    case 'oci-archive': {
      const { path, name } = pathAndName(rest, text);
      const place = { text, path, tag: name };
      return transport === 'oci' ? { kind: 'layout', ...place } : { kind: transport, ...place };
    }
    case 'docker-archive': {
      const { path, name } = pathAndName(rest, text);
      return { text, kind: transport, path, image: name };
    }
    case 'docker':
      return { text, kind: 'registry', reference: parseReference(rest.replace(/^\/\//u, '')) };
    case 'docker-daemon':
      return { text, kind: 'engine', image: engineImage(rest), engine: 'docker' };
    default:
      return { text, kind: 'engine', image: engineImage(text), engine: undefined };
  }
};
