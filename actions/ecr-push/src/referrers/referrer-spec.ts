import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** A file that is to refer to an image, as somebody named it. */
export interface ReferrerSpec {
  readonly path: string;
  /** Undefined where the file itself has to tell. */
  readonly artifactType: string | undefined;
}

// RFC 6838, section 4.2: what a media type is.
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/iu;

/** Reads `path` or `path=type`. Throws `invalid-input`. */
export const parseReferrer = (raw: string): ReferrerSpec => {
  const separator = raw.lastIndexOf('=');
  if (separator === -1) return { path: raw, artifactType: undefined };
  const [path, artifactType] = [raw.slice(0, separator), raw.slice(separator + 1)];
  if (path !== '' && MEDIA_TYPE.test(artifactType)) return { path, artifactType };
  throw new DeliveryError('invalid-input', `referrer '${raw}' is not a file, or a file=type such as application/pdf`);
};
