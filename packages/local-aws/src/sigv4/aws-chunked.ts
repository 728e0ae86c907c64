import type { HttpRequest } from '../api-call.js';

/** One chunk of an `aws-chunked` body and its signature, if any. */
export interface Chunk {
  readonly data: Buffer;
  readonly signature: string | undefined;
}

export interface ChunkedBody {
  readonly payload: Buffer;
  /** Includes the empty last chunk; no chunks if the body is not `aws-chunked`. */
  readonly chunks: readonly Chunk[];
}

const CRLF = '\r\n';

const decodeChunks = (body: Buffer): ChunkedBody => {
  const chunks: Chunk[] = [];
  let offset = 0;
  for (;;) {
    const end = body.indexOf(CRLF, offset);
    const [, size = '', signature] =
      /^([0-9a-f]+)(?:;chunk-signature=([0-9a-f]+))?$/i.exec(body.toString('latin1', offset, end)) ?? [];
    const length = Number.parseInt(size, 16);
    const start = end + CRLF.length;
    if (end === -1 || Number.isNaN(length) || start + length > body.length) {
      throw new SyntaxError('the aws-chunked body is truncated or malformed');
    }
    const data = body.subarray(start, start + length);
    chunks.push({ data, signature });
    offset = start + length + (length === 0 ? 0 : CRLF.length);
    if (length === 0) break;
  }
  return { payload: Buffer.concat(chunks.map(({ data }) => data)), chunks };
};

/** Decodes the `aws-chunked` coding of S3 clients, without trailers; any other body is returned as it is. */
export const decodeChunkedBody = ({ headers, body }: HttpRequest): ChunkedBody =>
  headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true
    ? decodeChunks(body)
    : { payload: body, chunks: [] };
