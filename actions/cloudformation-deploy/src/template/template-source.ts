import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { createTextArtifact } from '@aws-delivery/artifact/artifact';
import type { Store } from '@aws-delivery/aws/s3/artifact-store';
import { formatS3Url, type ObjectAddress } from '@aws-delivery/aws/s3/object-location';
import { TemplateError } from '@aws-delivery/template/error';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import type { SourceContent, SourceReader } from './source-reader.js';

/** A template and where it comes from. */
export type TemplateSource = { readonly body: string; readonly template: Template } & (
  | {
      readonly kind: 'file';
      /** On this machine. */
      readonly path: string;
      /** As it is seen from the workspace, for annotations. */
      readonly file: string;
    }
  | {
      readonly kind: 'object';
      /** The https address CloudFormation reads it from. */
      readonly url: string;
    }
  | { readonly kind: 'inline' }
  | { readonly kind: 'previous' }
);

/** The template as CloudFormation's calls take it. */
export type TemplateArgument =
  | { readonly TemplateBody: string }
  | { readonly TemplateURL: string }
  | { readonly UsePreviousTemplate: true };

export interface TemplateSourceServices {
  readonly sourceReader: SourceReader;
  /** The text of the template that the stack has, before its transforms. */
  readonly fetchPreviousTemplate: () => Promise<string>;
  /** Region of the deployment, for objects whose address does not say one. */
  readonly region: string;
}

/** Bytes of a template that fit into a call; larger ones go by way of S3; aws-facts §1.8. */
export const MAX_TEMPLATE_BODY_BYTES = 51_200;

/** @throws DeliveryError `invalid-input` with name, line and column; its cause is the TemplateError */
export const parseTemplateBody = (body: string, name: string): Template => {
  try {
    return parseTemplate(body);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { position } = error;
    const location = position === undefined ? name : `${name}:${position.line}:${position.column}`;
    throw new DeliveryError('invalid-input', `${location}: ${errorMessage(error)}`, { cause: error });
  }
};

/** An https address is handed on as it was given. */
const getTemplateUrl = (reference: string, address: ObjectAddress, region: string): string => {
  if (reference.startsWith('https://')) return reference;
  const version = address.versionId === undefined ? '' : `?versionId=${encodeURIComponent(address.versionId)}`;
  return `${formatS3Url(address, address.region ?? region)}${version}`;
};

const toTemplateSource = (reference: string, content: SourceContent, region: string): TemplateSource => {
  const { content: body, name, from } = content;
  const template = parseTemplateBody(body, name);
  return from.kind === 'file'
    ? { kind: 'file', body, template, path: from.path, file: name }
    : { kind: 'object', body, template, url: getTemplateUrl(reference, from.address, region) };
};

/** A template itself rather than where it is: it has more than one line, or is JSON. */
const isInline = (reference: string): boolean => /\n|^\{/u.test(reference);

/**
 * Reads a template by path, `s3://` or https address of an object in S3, or `previous` (a file of that name is
 * `./previous`); a text of several lines is the template itself.
 * @throws DeliveryError for what cannot be read, or is no template, with its place
 */
export const loadTemplateSource = async (
  reference: string,
  services: TemplateSourceServices,
): Promise<TemplateSource> => {
  const trimmed = reference.trim();
  if (trimmed === 'previous') {
    const body = await services.fetchPreviousTemplate();
    return { kind: 'previous', body, template: parseTemplateBody(body, "the stack's template") };
  }
  if (isInline(trimmed))
    return { kind: 'inline', body: reference, template: parseTemplateBody(reference, "input 'template'") };
  return toTemplateSource(trimmed, await services.sourceReader.read(trimmed), services.region);
};

export interface TemplateUpload {
  readonly templateSource: TemplateSource;
  /** The text that is to arrive: that of the source, or of the source packaged. */
  readonly body: string;
  /** Whether it goes to S3 whatever its size: somebody named a bucket for it. */
  readonly alwaysUpload: boolean;
}

// With AWS::LanguageExtensions "previous" means the processed template, whose loops are gone; aws-facts §1.8.
const isSafeToRepeat = ({ transforms }: Template): boolean => !transforms.includes('AWS::LanguageExtensions');

/**
 * Brings a template to where CloudFormation can take it: into the call, or through S3 when it is larger than a call
 * holds.
 */
export const uploadTemplate = async (
  { templateSource, body, alwaysUpload }: TemplateUpload,
  store: Store,
): Promise<TemplateArgument> => {
  if (templateSource.kind === 'object') return { TemplateURL: templateSource.url };
  if (templateSource.kind === 'previous' && isSafeToRepeat(templateSource.template))
    return { UsePreviousTemplate: true };
  if (!alwaysUpload && Buffer.byteLength(body) <= MAX_TEMPLATE_BODY_BYTES) return { TemplateBody: body };
  const label = templateSource.kind === 'file' ? `template '${templateSource.file}'` : 'the template';
  const { url } = await store.put(createTextArtifact(label, body, '.template'));
  return { TemplateURL: url };
};
