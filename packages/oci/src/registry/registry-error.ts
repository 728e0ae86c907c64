import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { HttpResponse } from './transport.js';

const MAX_ERROR_BYTES = 64 * 1024;

/** The first error of a registry's response (OCI distribution specification, "error codes"). */
export interface RegistryErrorDetails {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A registry's error response. */
export class RegistryError extends DeliveryError {
  constructor(
    code: DeliveryErrorCode,
    message: string,
    readonly details: RegistryErrorDetails,
    /** From `Retry-After`, in milliseconds. */
    readonly retryAfterMs: number | undefined,
  ) {
    super(code, message);
  }
}

const parseErrorDetails = (status: number, bytes: Buffer): RegistryErrorDetails => {
  const body = bytes.toString('utf8');
  try {
    const document: unknown = JSON.parse(body);
    const errors = isRecord(document) && Array.isArray(document['errors']) ? document['errors'] : [];
    const [first] = errors.filter(isRecord);
    const { code, message } = first ?? {};
    if (first !== undefined) return { status, code: String(code ?? ''), message: toSingleLine(String(message ?? '')) };
  } catch {
    // Proxies and gateways send HTML.
  }
  return { status, code: '', message: toSingleLine(body, 200) };
};

// ECR's messages for an expired token (docs/aws-facts.md §5.3); ECR Public sends them with status 400.
const EXPIRED_TOKEN = /token has expired|no basic auth credentials|reauthenticate/iu;

const getErrorCode = ({ status, code, message }: RegistryErrorDetails): DeliveryErrorCode => {
  if (status === 429 || code === 'TOOMANYREQUESTS' || /rate exceeded/iu.test(message)) return 'throttled';
  if (status === 401 || EXPIRED_TOKEN.test(message)) return 'expired';
  if (status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 408 || (status >= 500 && status !== 501)) return 'unavailable';
  return 'rejected';
};

const parseRetryAfter = ({ headers }: HttpResponse): number | undefined => {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
};

/** Reads an error response; `label` is what was requested. */
export const createRegistryError = async (response: HttpResponse, label: string): Promise<RegistryError> => {
  const details = parseErrorDetails(
    response.status,
    await response.readBytes(MAX_ERROR_BYTES).catch(() => Buffer.alloc(0)),
  );
  const description = [details.code, details.message].filter((part) => part !== '').join(': ');
  const message = `${label}: the registry returned status ${details.status}${description === '' ? '' : ` (${description})`}`;
  return new RegistryError(getErrorCode(details), message, details, parseRetryAfter(response));
};

/** Whether it is a registry's error with one of these statuses or codes. */
export const hasRegistryErrorCode = (error: unknown, ...codes: readonly (string | number)[]): error is RegistryError =>
  error instanceof RegistryError && codes.some((code) => code === error.details.code || code === error.details.status);
