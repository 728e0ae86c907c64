import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { textArtifact } from '@aws-delivery/artifact/artifact';
import { type ObjectAddress, urlOf } from '@aws-delivery/artifact/location';
import type { Store } from '@aws-delivery/artifact/store';
import { TemplateError } from '@aws-delivery/template/error';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import type { SourceText, TextSource } from './text-source.js';

/** A template and where it comes from. */
export type TemplateSource = { readonly text: string; readonly template: Template } & (
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

export interface TemplateServices {
  readonly texts: TextSource;
  /** The text of the template that the stack has, before its transforms. */
  readonly previousTemplate: () => Promise<string>;
  /** Region of the deployment, for objects whose address does not say one. */
  readonly region: string;
}

/** Bytes of a template that fit into a call; larger ones go by way of S3; aws-facts §1.8. */
export const LARGEST_BODY = 51_200;

/** @throws DeliveryError `invalid-input` with name, line and column; its cause is the TemplateError */
export const parseNamed = (text: string, name: string): Template => {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { position } = error;
    const place = position === undefined ? name : `${name}:${position.line}:${position.column}`;
    throw new DeliveryError('invalid-input', `${place}: ${textOf(error)}`, { cause: error });
  }
};

/** An https address is handed on as it was given. */
const addressOf = (reference: string, address: ObjectAddress, region: string): string => {
  if (reference.startsWith('https://')) return reference;
  const version = address.versionId === undefined ? '' : `?versionId=${encodeURIComponent(address.versionId)}`;
  return `${urlOf(address, address.region ?? region)}${version}`;
};

const sourceOf = (reference: string, source: SourceText, region: string): TemplateSource => {
  const { text, name, from } = source;
  const template = parseNamed(text, name);
  return from.kind === 'file'
    ? { kind: 'file', text, template, path: from.path, file: name }
    : { kind: 'object', text, template, url: addressOf(reference, from.address, region) };
};

/** A template itself rather than where it is: it has more than one line, or is JSON. */
const isInline = (reference: string): boolean => /\n|^\{/u.test(reference);

/**
 * Reads a template by path, `s3://` or https address of an object in S3, or `previous` (a file of that name is
 * `./previous`); a text of several lines is the template itself.
 * @throws DeliveryError for what cannot be read, or is no template, with its place
 */
export const loadTemplate = async (reference: string, services: TemplateServices): Promise<TemplateSource> => {
  const word = reference.trim();
  if (word === 'previous') {
    const text = await services.previousTemplate();
    return { kind: 'previous', text, template: parseNamed(text, "the stack's template") };
  }
  if (isInline(word)) return { kind: 'inline', text: reference, template: parseNamed(reference, "input 'template'") };
  return sourceOf(word, await services.texts.read(word), services.region);
};

export interface TemplateDelivery {
  readonly source: TemplateSource;
  /** The text that is to arrive: that of the source, or of the source packaged. */
  readonly text: string;
  /** Whether it goes to S3 whatever its size: somebody named a bucket for it. */
  readonly isStored: boolean;
}

// With AWS::LanguageExtensions "previous" means the processed template, whose loops are gone; aws-facts §1.8.
const isSafeToRepeat = ({ transforms }: Template): boolean => !transforms.includes('AWS::LanguageExtensions');

/**
 * Brings a template to where CloudFormation can take it: into the call, or through S3 when it is larger than a call
 * holds.
 */
export const deliverTemplate = async (
  { source, text, isStored }: TemplateDelivery,
  store: Store,
): Promise<TemplateArgument> => {
  if (source.kind === 'object') return { TemplateURL: source.url };
  if (source.kind === 'previous' && isSafeToRepeat(source.template)) return { UsePreviousTemplate: true };
  if (!isStored && Buffer.byteLength(text) <= LARGEST_BODY) return { TemplateBody: text };
  const what = source.kind === 'file' ? `template '${source.file}'` : 'the template';
  const { url } = await store.put(textArtifact(what, text, '.template'));
  return { TemplateURL: url };
};
