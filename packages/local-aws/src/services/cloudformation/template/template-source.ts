import { TemplateError, type TemplateErrorCode } from '@aws-delivery/template/error';
import { LANGUAGE_EXTENSIONS } from '@aws-delivery/template/processing/language-extensions';
import { checkServiceRules } from '@aws-delivery/template/processing/service-validation';
import { checkReferences } from '@aws-delivery/template/reference-validation';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import type { ApiCall } from '../../../api-call.js';
import type { ServiceContext } from '../../../service.js';
import type { TemplateInput } from '../operation-inputs.js';
import { validationError } from '../responses.js';
import type { CloudFormationScenario } from '../scenario.js';
import { checkResourceTypes, checkTransforms } from './template-rules.js';

/** Maximum size of `TemplateBody` (docs/aws-facts.md §1.8). */
const MAX_TEMPLATE_BODY_BYTES = 51_200;

const ERROR_PREFIXES: Readonly<Record<TemplateErrorCode, string>> = {
  syntax: 'Template format error: YAML not well-formed. ',
  format: 'Template format error: ',
  reference: 'Template format error: ',
  evaluation: 'Template error: ',
  service: '',
};

const formatTemplateError = (error: TemplateError): string => {
  const { position, code, message } = error;
  return `${ERROR_PREFIXES[code]}${message}${position === undefined ? '' : ` (line ${position.line}, column ${position.column})`}`;
};

/** Runs code that reads a template; a TemplateError becomes CloudFormation's ValidationError. */
export const withValidationErrors = <T>(run: () => T): T => {
  try {
    return run();
  } catch (error) {
    throw error instanceof TemplateError ? validationError(formatTemplateError(error)) : error;
  }
};

/**
 * Parses a template as CloudFormation does when it receives it. References are checked after transforms.
 * @throws ServiceError
 */
export const readTemplate = (body: string, scenario: CloudFormationScenario): Template =>
  withValidationErrors(() => {
    // A macro may give the template its form, so transforms are checked first.
    if (body.includes('Transform')) checkTransforms(parseTemplate(body), scenario);
    const template = parseTemplate(body, { isStrict: true });
    checkServiceRules(template);
    if (!template.transforms.includes(LANGUAGE_EXTENSIONS)) checkTemplate(template, scenario);
    return template;
  });

/** Checks what a template declares, after its transforms. @throws TemplateError */
export const checkTemplate = (template: Template, scenario: CloudFormationScenario): void => {
  checkResourceTypes(template, scenario);
  const [error] = checkReferences(template);
  if (error !== undefined) throw error;
};

/** Bucket and key of a path-style or virtual-hosted S3 URL. */
const parseTemplateUrl = (url: string): { readonly bucket: string; readonly key: string } | undefined => {
  const [, host = '', path = ''] = /^https?:\/\/([^/]+)\/([^?]*)/.exec(url) ?? [];
  const virtualHosted = /^([a-z0-9.-]+)\.s3[.-][a-z0-9.-]*amazonaws\.com(\.cn)?$/.exec(host);
  if (virtualHosted?.[1] !== undefined)
    return path === '' ? undefined : { bucket: virtualHosted[1], key: decodeURIComponent(path) };
  const [bucket = '', ...key] = path.split('/');
  return key.join('') === '' ? undefined : { bucket, key: decodeURIComponent(key.join('/')) };
};

/** Loads templates; from S3 with the caller's permissions (CloudFormation API reference, `TemplateURL`). */
export class TemplateSource {
  constructor(private readonly context: Pick<ServiceContext<unknown>, 'invoke'>) {}

  async load(
    call: ApiCall,
    { TemplateBody, TemplateURL, UsePreviousTemplate }: TemplateInput,
    previous?: string,
  ): Promise<string> {
    const provided = [TemplateBody, TemplateURL, UsePreviousTemplate === true ? '' : undefined].filter(
      (input) => input !== undefined,
    );
    if (provided.length !== 1) {
      throw validationError('Either Template URL or Template Body must be specified, or UsePreviousTemplate alone.');
    }
    if (TemplateBody !== undefined && Buffer.byteLength(TemplateBody) > MAX_TEMPLATE_BODY_BYTES) {
      throw validationError(
        `1 validation error detected: Value '${TemplateBody.slice(0, 20)}…' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TEMPLATE_BODY_BYTES}`,
      );
    }
    if (TemplateURL !== undefined) return this.fetch(call, TemplateURL);
    const body = TemplateBody ?? previous;
    if (body === undefined) throw validationError('There is no previous template to use');
    return body;
  }

  async fetch({ principal, region, at }: ApiCall, url: string): Promise<string> {
    const location = parseTemplateUrl(url);
    if (location === undefined) throw validationError('TemplateURL must be a supported URL.');
    const input = { Bucket: location.bucket, Key: location.key };
    const response = await this.context.invoke({ service: 's3', operation: 'GetObject', input, principal, region, at });
    if (response.kind === 'error') throw validationError(`S3 error: ${response.error.message}`);
    const body = response.kind === 'output' ? response.output['Body'] : undefined;
    if (body instanceof Uint8Array) return Buffer.from(body).toString();
    throw validationError(`TemplateURL ${url} could not be read`);
  }
}
