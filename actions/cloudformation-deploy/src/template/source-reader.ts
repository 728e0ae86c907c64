import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import { formatS3Uri, type ObjectAddress, parseObjectAddress } from '@aws-delivery/aws/s3/object-location';
import type { ObjectService } from '@aws-delivery/aws/s3/s3';
import { decodeFileContent } from './text-encoding.js';

/** CloudFormation takes templates of up to 1 MB, and nothing that goes with one is larger; aws-facts §1.8. */
const MAX_SOURCE_BYTES = 1_048_576;

/** A text and where it comes from. */
export interface SourceContent {
  readonly content: string;
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

export interface SourceReaderServices {
  /** Folder that relative paths start from. */
  readonly workspace: string;
  /** S3 in a Region; in that of the deployment where an address does not say any. */
  readonly getS3: (region: string | undefined) => Pick<ObjectService, 'readObject'>;
}

/** `file://params.json` is relative, as the AWS CLI has it; `file:///tmp/params.json` is absolute, as Node has it. */
const toFilePath = (reference: string): string => {
  if (!reference.startsWith('file://')) return reference;
  const rest = reference.slice('file://'.length);
  return rest.startsWith('/') ? fileURLToPath(reference) : rest;
};

const isAddress = (reference: string): boolean =>
  /^[a-z][a-z0-9-]+:\/\//iu.test(reference) && !reference.startsWith('file:');

/** A path as people in the workspace write it; the whole path for what is outside. */
export const toWorkspacePath = (workspace: string, path: string): string => {
  const relativePath = relative(workspace, path);
  return relativePath.startsWith('..') || isAbsolute(relativePath) ? path : relativePath.replaceAll('\\', '/');
};

const createObjectError = (address: ObjectAddress, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const createError = (code: DeliveryErrorCode, hint: string): DeliveryError =>
    new DeliveryError(code, `${formatS3Uri(address)} cannot be read: ${formatAwsError(error)}; ${hint}`, {
      cause: error,
    });
  if (hasErrorCode(error, 'NoSuchKey', 'NoSuchBucket')) return createError('not-found', 'correct bucket and key');
  if (hasErrorCode(error, 'PermanentRedirect')) {
    return createError('rejected', 'the bucket is in another Region: name it by an https address with its Region');
  }
  const kind = classifyError(error);
  if (kind !== 'denied') return createError(kind === 'permanent' ? 'unexpected' : 'unavailable', 'try again');
  return createError('denied', 'allow s3:GetObject there, with which CloudFormation reads it as well');
};

/** Reads what inputs refer to: paths, `file://` URLs, and objects in S3 by `s3://` or https address. */
export class SourceReader {
  constructor(private readonly services: SourceReaderServices) {}

  /** @throws DeliveryError naming the reference: absent, unreadable, too large, or no address of S3 */
  read(reference: string): Promise<SourceContent> {
    return isAddress(reference) ? this.readObject(reference) : this.readFile(toFilePath(reference));
  }

  private async readFile(reference: string): Promise<SourceContent> {
    const { workspace } = this.services;
    const path = resolve(workspace, reference);
    const name = toWorkspacePath(workspace, path);
    try {
      const { size } = await stat(path);
      if (size > MAX_SOURCE_BYTES)
        throw new DeliveryError('rejected', `'${name}' has ${size} bytes: at most ${MAX_SOURCE_BYTES} are taken`);
      return { content: decodeFileContent(await readFile(path)), name, from: { kind: 'file', path } };
    } catch (error) {
      throw toFileError(name, error);
    }
  }

  private async readObject(reference: string): Promise<SourceContent> {
    const address = parseObjectAddress(reference);
    if (address === undefined) {
      const rule = 'is not the address of an object in S3';
      const hint = 'write s3://bucket/key, https://bucket.s3.region.amazonaws.com/key, or a path in the workspace';
      throw new DeliveryError('invalid-input', `'${reference}' ${rule}: ${hint}`);
    }
    try {
      const content = await this.services
        .getS3(address.region)
        .readObject(address, address.versionId, MAX_SOURCE_BYTES);
      return { content: stripByteOrderMark(content), name: reference, from: { kind: 'object', address } };
    } catch (error) {
      throw createObjectError(address, error);
    }
  }
}

/** Editors on Windows put a mark at the beginning, which is no part of the text. */
const stripByteOrderMark = (content: string): string => content.replace(/^\u{feff}/u, '');
