import { TemplateError, type TemplateErrorCode } from '@aws-delivery/template/error';
import { checkReferences } from '@aws-delivery/template/reference';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import type { Call } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import { invalid } from './refusal.js';
import type { TemplateInput } from './request.js';

/** Longest template a call may carry itself; aws-facts §1.8. */
const LONGEST_BODY = 51_200;

const PREFIXES: Readonly<Record<TemplateErrorCode, string>> = {
  syntax: 'Template format error: YAML not well-formed. ',
  format: 'Template format error: ',
  reference: 'Template format error: ',
  evaluation: 'Template error: ',
};

export const wordingOf = (error: TemplateError): string => {
  const { position, code, message } = error;
  return `${PREFIXES[code]}${message}${position === undefined ? '' : ` (line ${position.line}, column ${position.column})`}`;
};

/** Does something with a template; what is wrong with it becomes CloudFormation's ValidationError. */
export const judged = <T>(act: () => T): T => {
  try {
    return act();
  } catch (error) {
    throw error instanceof TemplateError ? invalid(wordingOf(error)) : error;
  }
};

/** Reads a template and checks that its names lead somewhere. @throws Refusal */
export const readTemplate = (text: string): Template =>
  judged(() => {
    const template = parseTemplate(text);
    const [fault] = checkReferences(template);
    if (fault !== undefined) throw fault;
    return template;
  });

/** Bucket and key of a template's URL, path style or virtual-hosted. */
export const locationOf = (url: string): { readonly bucket: string; readonly key: string } | undefined => {
  const [, host = '', path = ''] = /^https?:\/\/([^/]+)\/([^?]*)/.exec(url) ?? [];
  const hosted = /^([a-z0-9.-]+)\.s3[.-][a-z0-9.-]*amazonaws\.com(\.cn)?$/.exec(host);
  if (hosted?.[1] !== undefined) return path === '' ? undefined : { bucket: hosted[1], key: decodeURIComponent(path) };
  const [bucket = '', ...key] = path.split('/');
  return key.join('') === '' ? undefined : { bucket, key: decodeURIComponent(key.join('/')) };
};

/** Fetches templates from S3 as the caller, whose permissions decide (TemplateURL's documentation). */
export class TemplateSource {
  constructor(private readonly context: Pick<ServiceContext<unknown>, 'invoke'>) {}

  async text(
    call: Call,
    { TemplateBody, TemplateURL, UsePreviousTemplate }: TemplateInput,
    previous?: string,
  ): Promise<string> {
    const given = [TemplateBody, TemplateURL, UsePreviousTemplate === true ? '' : undefined].filter(
      (one) => one !== undefined,
    );
    if (given.length !== 1) {
      throw invalid('Either Template URL or Template Body must be specified, or UsePreviousTemplate alone.');
    }
    if (TemplateBody !== undefined && Buffer.byteLength(TemplateBody) > LONGEST_BODY) {
      throw invalid(
        `1 validation error detected: Value '${TemplateBody.slice(0, 20)}…' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_BODY}`,
      );
    }
    if (TemplateURL !== undefined) return this.fetch(call, TemplateURL);
    const text = TemplateBody ?? previous;
    if (text === undefined) throw invalid('There is no previous template to use');
    return text;
  }

  async fetch({ principal, region, at }: Call, url: string): Promise<string> {
    const location = locationOf(url);
    if (location === undefined) throw invalid('TemplateURL must be a supported URL.');
    const input = { Bucket: location.bucket, Key: location.key };
    const reply = await this.context.invoke({ service: 's3', operation: 'GetObject', input, principal, region, at });
    if (reply.kind === 'error') throw invalid(`S3 error: ${reply.error.message}`);
    const body = reply.kind === 'output' ? reply.output['Body'] : undefined;
    if (body instanceof Uint8Array) return Buffer.from(body).toString();
    throw invalid(`TemplateURL ${url} could not be read`);
  }
}
