import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { createTextArtifact } from '@aws-delivery/artifact/artifact';
import type { Store } from '@aws-delivery/aws/s3/artifact-store';
import { formatS3Url, type ObjectAddress } from '@aws-delivery/aws/s3/object-location';
import { TemplateError } from '@aws-delivery/template/error';
import { createUnreadTemplate, parseTemplate, type Template } from '@aws-delivery/template/template';
import type { FileContent, SourceReader } from './source-reader.js';

/** A template that was read, and where it comes from. */
export type TemplateSource = {
  readonly body: string;
  readonly template: Template;
  /** For messages: the path relative to the workspace, the address, or the input. */
  readonly name: string;
  /** Path relative to the workspace, for annotations; undefined if the template is not a file. */
  readonly file: string | undefined;
} & (
  | {
      readonly kind: 'file';
      /** Absolute path. */
      readonly path: string;
    }
  | {
      readonly kind: 'object';
      /** The https address that CloudFormation reads. */
      readonly url: string;
    }
  | { readonly kind: 'inline' }
  | { readonly kind: 'previous' }
);

/** The template parameters of CreateChangeSet. */
export type TemplateArgument =
  | { readonly TemplateBody: string }
  | { readonly TemplateURL: string }
  | { readonly UsePreviousTemplate: true };

export interface TemplateSourceServices {
  readonly sourceReader: SourceReader;
  /** Reads the body of the stack's current template, before transforms. */
  readonly fetchPreviousTemplate: () => Promise<string>;
  /** Region of the deployment, for S3 addresses without a Region. */
  readonly region: string;
}

/** Limit of `TemplateBody`; larger templates are uploaded to S3 (docs/aws-facts.md §1.8). */
const MAX_TEMPLATE_BODY_BYTES = 51_200;

/** Whether a text that starts like JSON is not JSON: with comments, for example, YAML reads something else in it. */
const isMalformedJson = (body: string): boolean => {
  if (!body.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(body.trim());
    return false;
  } catch {
    return true;
  }
};

/**
 * A text that cannot be read is left to CloudFormation.
 * @throws DeliveryError `invalid-input` with name, line and column; its cause is the TemplateError
 */
const parseTemplateBody = (body: string, name: string): Template => {
  try {
    return parseTemplate(body);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    if (error.code === 'syntax' || isMalformedJson(body)) return createUnreadTemplate(body, error);
    const { position } = error;
    const location = position === undefined ? name : `${name}:${position.line}:${position.column}`;
    throw new DeliveryError('invalid-input', `${location}: ${errorMessage(error)}`, { cause: error });
  }
};

/** The https address of an object. An https reference is passed on unchanged. */
const getTemplateUrl = (reference: string, address: ObjectAddress, region: string): string => {
  if (reference.startsWith('https://')) return reference;
  const version = address.versionId === undefined ? '' : `?versionId=${encodeURIComponent(address.versionId)}`;
  return `${formatS3Url(address, address.region ?? region)}${version}`;
};

/** @throws DeliveryError `invalid-input` for a file that is not a template */
export const createFileTemplateSource = ({ content: body, name, path }: FileContent): TemplateSource => ({
  kind: 'file',
  body,
  template: parseTemplateBody(body, name),
  name,
  file: name,
  path,
});

/** A reference with more than one line, or one that starts with `{`, is the template itself. */
const isInline = (reference: string): boolean => /\n|^\{/u.test(reference);

/**
 * Loads a template from a path, an `s3://` or https address of an S3 object, `previous` (the stack's current template;
 * write `./previous` for a file of that name), or the text of the template itself.
 * @throws DeliveryError for what cannot be read or is not a template, with name and position
 */
export const loadTemplateSource = async (
  reference: string,
  { sourceReader, fetchPreviousTemplate, region }: TemplateSourceServices,
): Promise<TemplateSource> => {
  const trimmed = reference.trim();
  const createSource = (body: string, name: string) => ({
    body,
    template: parseTemplateBody(body, name),
    name,
    file: undefined,
  });
  if (trimmed === 'previous') {
    return { kind: 'previous', ...createSource(await fetchPreviousTemplate(), "the stack's template") };
  }
  if (isInline(trimmed)) return { kind: 'inline', ...createSource(reference, "input 'template'") };
  const source = await sourceReader.read(trimmed);
  if (source.kind === 'file') return createFileTemplateSource(source);
  const url = getTemplateUrl(trimmed, source.address, region);
  return { kind: 'object', url, ...createSource(source.content, source.name) };
};

export interface TemplateUpload {
  /** Template body to deploy: the source's own, or the packaged one. */
  readonly body: string;
  /** Upload to S3 even if the body fits into the call, because a bucket was configured. */
  readonly alwaysUpload: boolean;
}

// With AWS::LanguageExtensions, UsePreviousTemplate means the processed template, without its loops
// (docs/aws-facts.md §1.8).
const canUsePreviousTemplate = ({ transforms }: Template): boolean => !transforms.includes('AWS::LanguageExtensions');

/** Returns the template parameter of CreateChangeSet, after uploading to S3 a body that does not fit into the call. */
export const uploadTemplate = async (
  templateSource: TemplateSource,
  { body, alwaysUpload }: TemplateUpload,
  store: Store,
): Promise<TemplateArgument> => {
  if (templateSource.kind === 'object') return { TemplateURL: templateSource.url };
  if (templateSource.kind === 'previous' && canUsePreviousTemplate(templateSource.template))
    return { UsePreviousTemplate: true };
  if (!alwaysUpload && Buffer.byteLength(body) <= MAX_TEMPLATE_BODY_BYTES) return { TemplateBody: body };
  const label = templateSource.kind === 'file' ? `template '${templateSource.name}'` : 'the template';
  const { url } = await store.put(createTextArtifact(label, body, '.template'));
  return { TemplateURL: url };
};
