import { DeliveryError } from '@aws-delivery/action-kit/error';

/** A file that is to refer to an image, as somebody named it. */
export interface ReferrerName {
  readonly path: string;
  /** Undefined where the file itself has to tell. */
  readonly artifactType: string | undefined;
}

// RFC 6838, section 4.2: what a media type is.
const TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/iu;

/** Reads `path` or `path=type`. Throws `invalid-input`. */
export const parseReferrer = (text: string): ReferrerName => {
  const at = text.lastIndexOf('=');
  if (at === -1) return { path: text, artifactType: undefined };
  const [path, artifactType] = [text.slice(0, at), text.slice(at + 1)];
  if (path !== '' && TYPE.test(artifactType)) return { path, artifactType };
  throw new DeliveryError('invalid-input', `referrer '${text}' is not a file, or a file=type such as application/pdf`);
};
