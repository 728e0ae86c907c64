import type { WireRequest } from '../call.js';

/** What a signature says of itself: whose it is and what it was made for. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** The credential of a signed header or of a presigned URL; undefined where the request is not signed. */
export const credentialScope = ({ headers, query }: WireRequest): CredentialScope | undefined => {
  const text =
    /Credential=([^,\s]+)/.exec(headers['authorization'] ?? '')?.[1] ??
    new URLSearchParams(query).get('X-Amz-Credential') ??
    '';
  const [, accessKeyId, date, region, service] = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(text) ?? [];
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined)
    return undefined;
  return { accessKeyId, date, region, service };
};
