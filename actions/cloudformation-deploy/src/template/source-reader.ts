import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import { formatS3Uri, type ObjectAddress, parseObjectAddress } from '@aws-delivery/aws/s3/object-location';
import type { ObjectService } from '@aws-delivery/aws/s3/s3';

/** Size limit of a template in S3; other files have the same limit here (docs/aws-facts.md §1.8). */
const MAX_SOURCE_BYTES = 1_048_576;

/** Text that was read, and where it comes from. */
export type SourceContent = {
  readonly content: string;
  /** For messages: the path relative to the workspace, or the address. */
  readonly name: string;
} & (
  | {
      readonly kind: 'file';
      /** Absolute path. */
      readonly path: string;
    }
  | { readonly kind: 'object'; readonly address: ObjectAddress }
);

export type FileContent = Extract<SourceContent, { kind: 'file' }>;

export interface SourceReaderServices {
  /** Base directory of relative paths. */
  readonly workspace: string;
  /** S3 client for a Region; `undefined` stands for the Region of the deployment. */
  readonly getS3: (region: string | undefined) => Pick<ObjectService, 'readObject'>;
}

/** `file://params.json` is relative, as in the AWS CLI; `file:///tmp/params.json` is absolute, as in Node. */
const toFilePath = (reference: string): string => {
  if (!reference.startsWith('file://')) return reference;
  const rest = reference.slice('file://'.length);
  return rest.startsWith('/') ? fileURLToPath(reference) : rest;
};

const isAddress = (reference: string): boolean =>
  /^[a-z][a-z0-9-]+:\/\//iu.test(reference) && !reference.startsWith('file:');

/** UTF-16 byte order marks and their encodings. */
const BYTE_ORDER_MARKS = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/** Decodes UTF-8, or UTF-16 with a byte order mark, which PowerShell's `>` writes. The result has no byte order mark. */
export const decodeFileContent = (bytes: Uint8Array): string => {
  const [encoding] = BYTE_ORDER_MARKS.find(([, byteOrderMark]) =>
    byteOrderMark.every((byte, index) => bytes[index] === byte),
  ) ?? ['utf-8'];
  return new TextDecoder(encoding).decode(bytes);
};

const stripByteOrderMark = (content: string): string => content.replace(/^\u{feff}/u, '');

const createObjectError = (address: ObjectAddress, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const createError = (code: DeliveryErrorCode, hint: string): DeliveryError =>
    new DeliveryError(code, `cannot read ${formatS3Uri(address)}: ${formatAwsError(error)}. ${hint}`, {
      cause: error,
    });
  if (hasErrorCode(error, 'NoSuchKey', 'NoSuchBucket'))
    return createError('not-found', 'Correct the bucket and the key');
  if (hasErrorCode(error, 'PermanentRedirect')) {
    return createError('rejected', 'The bucket is in another Region: use an https URL with its Region');
  }
  const kind = classifyError(error);
  if (kind !== 'denied') return createError(kind === 'permanent' ? 'unexpected' : 'unavailable', 'Rerun the job');
  return createError('denied', 'Grant s3:GetObject on the object, which CloudFormation also needs');
};

/** Reads files and S3 objects that inputs refer to: paths, `file://` URLs, and `s3://` or https addresses. */
export class SourceReader {
  constructor(private readonly services: SourceReaderServices) {}

  get workspace(): string {
    return this.services.workspace;
  }

  /** A path relative to the workspace, with slashes; the absolute path for files outside the workspace. */
  formatPath(path: string): string {
    const relativePath = relative(this.workspace, path);
    return relativePath.startsWith('..') || isAbsolute(relativePath) ? path : relativePath.replaceAll('\\', '/');
  }

  /** @throws DeliveryError naming the reference: missing, unreadable, too large, or not an S3 address */
  read(reference: string): Promise<SourceContent> {
    return isAddress(reference) ? this.readObject(reference) : this.readFile(toFilePath(reference));
  }

  /** @throws DeliveryError naming the file: missing, unreadable or too large */
  async readFile(reference: string): Promise<FileContent> {
    const path = resolve(this.workspace, reference);
    const name = this.formatPath(path);
    try {
      const { size } = await stat(path);
      if (size > MAX_SOURCE_BYTES)
        throw new DeliveryError('rejected', `'${name}' has ${size} bytes: at most ${MAX_SOURCE_BYTES} are allowed`);
      return { kind: 'file', content: decodeFileContent(await readRegularFile(path)), name, path };
    } catch (error) {
      throw toFileError(name, error);
    }
  }

  private async readObject(reference: string): Promise<SourceContent> {
    const address = parseObjectAddress(reference);
    if (address === undefined) {
      const rule = 'is not the URL of an S3 object';
      const hint = 'use s3://bucket/key, https://bucket.s3.region.amazonaws.com/key, or a path in the workspace';
      throw new DeliveryError('invalid-input', `'${reference}' ${rule}: ${hint}`);
    }
    try {
      const content = await this.services
        .getS3(address.region)
        .readObject(address, address.versionId, MAX_SOURCE_BYTES);
      return { kind: 'object', content: stripByteOrderMark(content), name: reference, address };
    } catch (error) {
      throw createObjectError(address, error);
    }
  }
}
