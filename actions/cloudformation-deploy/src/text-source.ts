import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { awsErrorText, classify, isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/error';
import { fileError } from '@aws-delivery/artifact/file-error';
import { type ObjectAddress, parseAddress, uriOf } from '@aws-delivery/artifact/location';
import type { ObjectService } from '@aws-delivery/artifact/s3';
import { decodeText } from './text-encoding.js';

/** CloudFormation takes templates of up to 1 MB, and nothing that goes with one is larger; aws-facts §1.8. */
const LARGEST = 1_048_576;

/** A text and where it comes from. */
export interface SourceText {
  readonly text: string;
  /** For people: the path as it is seen from the workspace, or the address. */
  readonly name: string;
  readonly from:
    | {
        readonly kind: 'file';
        /** On this machine. */
        readonly path: string;
      }
    | { readonly kind: 'object'; readonly address: ObjectAddress };
}

export interface TextServices {
  /** Folder that relative paths start from. */
  readonly workspace: string;
  /** S3 in a Region; in that of the deployment where an address does not say any. */
  readonly s3: (region: string | undefined) => Pick<ObjectService, 'read'>;
}

/** `file://params.json` is relative, as the AWS CLI has it; `file:///tmp/params.json` is absolute, as Node has it. */
const pathIn = (reference: string): string => {
  if (!reference.startsWith('file://')) return reference;
  const rest = reference.slice('file://'.length);
  return rest.startsWith('/') ? fileURLToPath(reference) : rest;
};

const isAddress = (reference: string): boolean =>
  /^[a-z][a-z0-9-]+:\/\//iu.test(reference) && !reference.startsWith('file:');

/** A path as people in the workspace write it; the whole path for what is outside. */
export const nameIn = (workspace: string, path: string): string => {
  const way = relative(workspace, path);
  return way.startsWith('..') || isAbsolute(way) ? path : way.replaceAll('\\', '/');
};

const objectError = (address: ObjectAddress, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const say = (code: DeliveryErrorCode, remedy: string): DeliveryError =>
    new DeliveryError(code, `${uriOf(address)} cannot be read: ${awsErrorText(error)}; ${remedy}`, { cause: error });
  if (isCode(error, 'NoSuchKey', 'NoSuchBucket')) return say('not-found', 'correct bucket and key');
  if (isCode(error, 'PermanentRedirect')) {
    return say('refused', 'the bucket is in another Region: name it by an https address with its Region');
  }
  const kind = classify(error);
  if (kind !== 'denied') return say(kind === 'permanent' ? 'unexpected' : 'unavailable', 'try again');
  return say('denied', 'allow s3:GetObject there, with which CloudFormation reads it as well');
};

/** Reads what inputs refer to: paths, `file://` URLs, and objects in S3 by `s3://` or https address. */
export class TextSource {
  constructor(private readonly services: TextServices) {}

  /** @throws DeliveryError naming the reference: absent, unreadable, too large, or no address of S3 */
  read(reference: string): Promise<SourceText> {
    return isAddress(reference) ? this.readObject(reference) : this.readFile(pathIn(reference));
  }

  private async readFile(reference: string): Promise<SourceText> {
    const { workspace } = this.services;
    const path = resolve(workspace, reference);
    const name = nameIn(workspace, path);
    try {
      const { size } = await stat(path);
      if (size > LARGEST)
        throw new DeliveryError('refused', `'${name}' has ${size} bytes: at most ${LARGEST} are taken`);
      return { text: decodeText(await readFile(path)), name, from: { kind: 'file', path } };
    } catch (error) {
      throw fileError(name, error);
    }
  }

  private async readObject(reference: string): Promise<SourceText> {
    const address = parseAddress(reference);
    if (address === undefined) {
      const rule = 'is not the address of an object in S3';
      const remedy = 'write s3://bucket/key, https://bucket.s3.region.amazonaws.com/key, or a path in the workspace';
      throw new DeliveryError('invalid-input', `'${reference}' ${rule}: ${remedy}`);
    }
    try {
      const text = await this.services.s3(address.region).read(address, address.versionId, LARGEST);
      return { text: withoutMark(text), name: reference, from: { kind: 'object', address } };
    } catch (error) {
      throw objectError(address, error);
    }
  }
}

/** Editors on Windows put a mark at the beginning, which is no part of the text. */
const withoutMark = (text: string): string => text.replace(/^\u{feff}/u, '');
